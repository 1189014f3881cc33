"""Finding test cases: how a kernel is called, from the best source there is.

In this order: a ``kernelglot:`` comment (see ``annotations``), ``kernelglot.toml``, the host code that launches the kernel, inference from
guards and indices. Whatever was assumed on the way is in ``TestCase.assumptions`` as sentences. ``kernelglot.toml`` stands in the file's
folder or one above it (up to the repository's root):

    [kernels]
    gather = ["launch grid=(64) block=(32) width=72 idx=int[64]:in:0..210 table=float[15192] out=float[4608]:out"]
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from ..analysis.footprint import footprint
from ..frontend.host import BufferFact, HostCode, HostFacts, LaunchSite, ScalarFact, host_code, normal_symbol, same_symbol
from ..frontend.macro_kernels import with_macro_kernels
from ..frontend.parsing import parse as parse_source
from ..frontend.spelling import Spelling
from ..ir.nodes import Kernel
from .annotations import SPELLED, BadComment, Written, comment_for, lines_above, lines_for
from .annotations import parse as parse_comment
from .arguments import Draft, Known, complete, dtype_of, pointers, scalars
from .cases import TestCase
from .host_cases import cases_from_host
from .inferred_cases import case_by_inference, cases_by_inference

MOST_CASES = 12

MOST_WAYS = 40  # evaluations of the host code to find the launch of one instance


@dataclass(frozen=True, slots=True)
class Discovery:
    """``cases`` is empty exactly where ``missing`` says, in a sentence and with a comment to paste, what has to be written down.
    ``launch`` is what the host code does, if it does anything, whatever the cases come from."""

    cases: tuple[TestCase, ...] = ()
    missing: str | None = None
    launch: LaunchSite | None = None

    def borrowed(self, kernel: Kernel) -> str:
        """The instance of a template whose sizes the cases have, where the host does not launch ``kernel`` itself; else empty."""
        of_host = self.launch is not None and any(case.origin == "host" for case in self.cases)
        return self.launch.symbol if of_host and not _same_instance(self.launch, kernel) else ""  # type: ignore[union-attr,arg-type]


def discover(text: str, path: str | Path, module: object, kernel: Kernel | str, spelling: Spelling,
             wanted: Sequence[int] = ()) -> Discovery:
    """Test cases for ``kernel`` of ``module`` (anything with ``kernels``), which was lowered from ``text``. With ``wanted``,
    sizes that a translation's tiles ask for: the first of these cases, and others with those sizes."""
    kernels = tuple(getattr(module, "kernels", ()) or ())
    if isinstance(kernel, str):
        kernel = _named(kernels, kernel)
    code = host_code(parse_source(with_macro_kernels(text, spelling), spelling), kernels or (kernel,))
    facts = code.read()
    launch = _site(facts.sites, kernel)
    if launch is not None and not _same_instance(launch, kernel):
        launch, facts = _another_way(code, kernel, launch, facts)
    try:
        written = _written(text, path, kernel)
    except BadComment as error:
        return Discovery((), f"{error} {_template(kernel, launch)}", launch)
    if written:
        return _from_written(written, kernel, launch)
    problem = ""
    if launch is not None:
        cases, problem = cases_from_host(code, kernel, launch, facts, wanted)
        if cases:
            return Discovery(tuple(cases[:MOST_CASES]), None, launch)
    inferred, reason = cases_by_inference(kernel, launch, wanted)
    if inferred:
        if problem:
            inferred = (replace(inferred[0], assumptions=(problem, *inferred[0].assumptions)), *inferred[1:])
        return Discovery(inferred, None, launch)
    return Discovery((), f"{problem or reason} Write it above the kernel, for example: {_template(kernel, launch)}", launch)


def _named(kernels: tuple[Kernel, ...], name: str) -> Kernel:
    """KeyError where the module has no kernel of that name or symbol."""
    for kernel in kernels:
        if normal_symbol(name) in (normal_symbol(kernel.symbol), kernel.name):
            return kernel
    raise KeyError(name)


def _site(sites: tuple[LaunchSite, ...], kernel: Kernel) -> LaunchSite | None:
    """The launch of this instantiation, else the first launch of the kernel."""
    same = [site for site in sites if site.kernel == kernel.name]
    exact = [site for site in same if same_symbol(site.symbol, kernel.symbol or kernel.name)]
    return (exact or same or [None])[0]


def _same_instance(site: LaunchSite, kernel: Kernel) -> bool:
    return same_symbol(site.symbol, kernel.symbol or kernel.name)


def _another_way(code: HostCode, kernel: Kernel, launch: LaunchSite, facts: HostFacts) -> tuple[LaunchSite, HostFacts]:
    """The launch of another instantiation belongs to other values of what the host decides by: ``switch (threads) { case 128: ...``."""
    for overrides in islice(_ways(facts), MOST_WAYS):
        again = code.read(overrides)
        site = _site(again.sites, kernel)
        if site is not None and _same_instance(site, kernel):
            return site, again
    return launch, facts


def _ways(facts: HostFacts) -> Iterator[dict[str, int | float]]:
    """Other values for what the host decides by: those it compares with, sizes rounded down to powers of two, and one of each."""
    compared = [{key: value + step} for step in (0, -1, 1) for key, values in facts.candidates.items() for value in values]
    sizes = {key: root.value for key, root in facts.roots.items() if isinstance(root.value, int) and key not in facts.candidates}
    rounded = [{key: 1 << (size.bit_length() - 1)} for key, size in sizes.items() if size > 1 and size & (size - 1)]
    yield from compared
    yield from rounded
    yield from ({**one, **other} for one in compared for other in rounded)


# ---- written down --------------------------------------------------------------------------------------------------------------------


def _written(text: str, path: str | Path, kernel: Kernel) -> list[tuple[Written, str]]:
    line = kernel.span.line if kernel.span is not None else kernel.name_span.line if kernel.name_span is not None else 1
    found = [(number, body) for number, body in lines_above(text, line) if "kernel=" not in body or f"kernel={kernel.name}" in body]
    found += [pair for pair in lines_for(text, kernel.name) if pair not in found]
    if found:
        return [(parse_comment(body, number), "comment") for number, body in found]
    return [(parse_comment(body), "toml") for body in _from_toml(Path(path), kernel.name)]


def _from_toml(path: Path, kernel: str) -> list[str]:
    folder = path.resolve().parent
    for candidate in (folder, *folder.parents):
        file = candidate / "kernelglot.toml"
        if file.is_file():
            try:
                table = tomllib.loads(file.read_text(encoding="utf-8"))
            except (tomllib.TOMLDecodeError, OSError, UnicodeDecodeError) as error:
                raise BadComment(f"{file.name} cannot be read: {error}.") from error
            lines = table.get("kernels", {}).get(kernel, [])
            if lines:
                return [lines] if isinstance(lines, str) else [str(line) for line in lines]
        if (candidate / ".git").exists():
            break
    return []


def _from_written(written: list[tuple[Written, str]], kernel: Kernel, launch: LaunchSite | None) -> Discovery:
    cases: list[TestCase] = []
    for each, origin in written:
        assumptions: list[str] = []
        shape = each.launch
        if shape is None:
            inferred, reason = case_by_inference(kernel, launch, dict(each.scalars))
            if inferred is None:
                sentence = f"Line {each.line} has no launch, and none could be inferred: {reason} {_template(kernel, launch)}"
                return Discovery((), sentence, launch)
            shape = inferred.launch
            assumptions.append(f"The comment gives no launch; grid={shape.grid} and block={shape.block} were inferred.")
        missing = [name for name in scalars(kernel) if name not in each.scalars]
        strangers = [name for name in (*each.scalars, *each.buffers) if name not in scalars(kernel) and name not in pointers(kernel)]
        # a scalar that is no parameter is a name used in the expressions of the line
        strangers = [name for name in strangers if name in each.buffers]
        if missing or strangers:
            what = f"`{missing[0]}` has no value" if missing else f"`{strangers[0]}` is no pointer parameter of `{kernel.name}`"
            return Discovery((), f"Line {each.line}: {what}. {_template(kernel, launch)}", launch)
        known = {name: Known(elements, low, high, role) for name, (_, elements, role, low, high) in each.buffers.items()}
        wrong = [name for name, (dtype, *_) in each.buffers.items() if dtype != dtype_of(pointers(kernel)[name])]
        if wrong:
            spelled = SPELLED[dtype_of(pointers(kernel)[wrong[0]])]
            return Discovery((), f"Line {each.line}: the elements of `{wrong[0]}` are {spelled} in the kernel.", launch)
        values = {name: each.scalars[name] for name in scalars(kernel)}
        draft = Draft(shape, values, known, assumptions, origin=origin)
        case = complete(kernel, draft)
        if case is None:
            problem = draft.missing(kernel, "is not given and cannot be seen from the indices")
            return Discovery((), f"Line {each.line}: {problem} {_template(kernel, launch)}", launch)
        cases.append(case)
    return Discovery(tuple(cases), None, launch)


def _template(kernel: Kernel, launch: LaunchSite | None) -> str:
    """A comment for this kernel with the numbers that are known and plausible ones for the rest."""
    bang = kernel.dialect == "bang"
    grid = launch.grid_values if launch is not None else (None,) * 3
    block = launch.block_values if launch is not None else (None,) * 3
    words = ["// kernelglot: launch"]
    if bang:
        words.append(f"task=({grid[0] or 16},1,1) kind={launch.kind if launch is not None and launch.kind else 'union4'}")
    else:
        shapes = [value or usual for value, usual in zip((*grid, *block), (4, 1, 1, 256, 1, 1))]
        words.append(f"grid=({','.join(map(str, shapes[:3]))}) block=({','.join(map(str, shapes[3:]))})")
    facts = launch.arguments if launch is not None else {}
    indices = footprint(kernel, (1, 1, 1), (1, 1, 1), {}).unclear
    for param in kernel.params:
        fact = facts.get(param.name)
        if param.name in pointers(kernel):
            count = fact.elements if isinstance(fact, BufferFact) and fact.elements else 1000
            role = ":in:0..15" if param.name in indices else "" if param.type.const else ":out"
            words.append(f"{param.name}={SPELLED[dtype_of(param.type)]}[{count}]{role}")
        elif param.name in scalars(kernel):
            known = fact.value if isinstance(fact, ScalarFact) else None
            words.append(f"{param.name}={known if known is not None else '0.5' if param.type.is_float else '1000'}")
    return "`" + " ".join(words) + "`"


__all__ = ["Discovery", "comment_for", "discover"]
