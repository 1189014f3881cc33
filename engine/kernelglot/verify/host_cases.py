"""Test cases from host code: the sizes in the file, then smaller and ragged ones got by evaluating the same host code again.

Host code is asked anew for every size, so that launch, buffers and scalars stay consistent with each other. Sizes that host code receives
from outside (a launcher's parameters) are chosen so that the kernel's guards and the buffers it touches are covered.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..analysis.footprint import footprint
from ..frontend.host import BufferFact, HostCode, HostFacts, LaunchSite, Root, ScalarFact, same_symbol
from ..ir.build import fold
from ..ir.nodes import Barrier, Binary, Call, Cast, Constant, Expr, Kernel, Literal, Return, Select, Unary, Var
from ..ir.types import Fragment
from ..ir.walk import walk
from .arguments import Draft, Known, complete, has_fragments, pointers, prints, scalars
from .cases import Launch, TestCase
from .shapes import EDGE_WORK, LANES, WIDE_WORK, assignments, beyond, tile
from .size_names import device_value, float_for, ragged_for

MOST_WORK = 2e7             # statements of all threads together; about 4e6 loop iterations
MOST_ELEMENTS = 1 << 24     # of one buffer
MOST_THREADS = 1 << 22
MOST_TRIALS = 3000
MOST_FOOTPRINTS = 60       # looked at while sizes are searched
LARGEST_BLOCK = 1024
SMALLEST = (1, 2, 3, 5, 9, 17, 33)      # the first with which there is a launch and every result is written
BLOCKS = (128, 64, 256)     # threads, in the order they are tried where a size from outside becomes the block's


@dataclass(frozen=True, slots=True)
class Asked:
    """Host code evaluated with some overrides: the launch, if it still happens, and the facts around it."""

    site: LaunchSite
    facts: HostFacts
    overrides: Mapping[str, int | float]
    pinned: frozenset[str] = frozenset()        # roots that decide whether this launch happens
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)     # of index buffers, as they had to be narrowed


def cases_from_host(code: HostCode, kernel: Kernel, site: LaunchSite, facts: HostFacts,
                    wanted: Sequence[int] = ()) -> tuple[list[TestCase], str]:
    """Cases, the host's own sizes first; where there are none, a sentence that says why. With ``wanted``, sizes that the translation's
    tiles ask for, the others have these."""
    assumptions: list[str] = list(facts.notes)
    asked = Asked(site, facts, facts.overrides, frozenset(_roots(term for term, _ in site.conditions)) | set(facts.overrides))
    if not same_symbol(site.symbol, kernel.symbol or kernel.name) and "<" in site.symbol:
        assumptions.append(f"The host launches `{site.symbol}`; its sizes are used for `{kernel.symbol}`.")
    unknown = _unknown_roots(asked)
    if unknown:
        chosen = _choose(code, kernel, asked, unknown)
        if chosen is None:
            names = ", ".join(f"`{facts.roots[key].name}`" for key in unknown)
            return [], f"No sizes were found for {names} of `{site.function}` with which the launch would be valid."
        asked, sentence = chosen
        assumptions.append(sentence)
    draft = _draft(kernel, asked, assumptions)
    if isinstance(draft, str):
        return [], draft
    base = complete(kernel, draft)
    if unknown and not draft.sufficient:
        draft = _lengthened(kernel, draft)
        base = complete(kernel, draft)
    if base is None:
        return [], draft.missing(kernel, "is neither allocated in this file nor visible from the indices")
    varied = _variable_roots(kernel, asked)
    if draft.work > MOST_WORK or _elements(base) > MOST_ELEMENTS:
        smaller = _shrunk(code, kernel, asked, varied, assumptions, draft)
        if smaller is None:
            sentence = f"The launch runs about {draft.work:.0e} statements; its sizes are fixed in the kernel or the launch and were kept."
            return [_with(base, sentence)], ""
        asked, base, draft = smaller
    if unknown:
        base = replace(base, guessed=True)
    if draft.narrowed:
        ranges = {b.name: (int(b.low), int(b.high)) for b in base.buffers if b.low is not None and b.high is not None}
        asked = replace(asked, ranges=ranges)
    cases = [base]
    for variant in _beyond(code, kernel, asked, varied, draft, wanted) if wanted else _variants(code, kernel, asked, varied, draft):
        if all((variant.arguments, variant.launch) != (case.arguments, case.launch) for case in cases):
            cases.append(variant)
    return cases, ""


def _lengthened(kernel: Kernel, draft: Draft) -> Draft:
    """Sizes that were assumed must not make a buffer too short: it gets as long as the indices need."""
    draft = replace(draft, known=dict(draft.known), assumptions=list(draft.assumptions))
    for name, use in prints(kernel, draft, {}).uses.items():
        known = draft.known.get(name)
        if known is not None and known.elements is not None and use.elements is not None and known.elements < use.elements <= MOST_ELEMENTS:
            draft.known[name] = replace(known, elements=use.elements)
            draft.assumptions.append(f"`{name}` is {use.elements} elements long, as the indices of the kernel need; "
                                     f"the host code would allocate {known.elements} for the assumed sizes.")
    return draft


def _with(case: TestCase, sentence: str) -> TestCase:
    return replace(case, assumptions=(*case.assumptions, sentence))


def _elements(case: TestCase) -> int:
    return max((buffer.elements for buffer in case.buffers), default=0)


# ---- from a launch to a case ---------------------------------------------------------------------------------------------------------


def _draft(kernel: Kernel, asked: Asked, assumptions: Iterable[str]) -> Draft | str:
    """What a launch says, or a sentence that says what it leaves open."""
    site = asked.site
    notes = list(assumptions)
    grid, block = _triple(site.grid_values), _triple(site.block_values)
    for what, shape in (("grid", grid), ("block", block)):
        if shape is None:
            return f"The {what} that `{site.function}` launches `{site.kernel}` with (line {site.span.line}) could not be computed."
        if min(shape) < 1:
            return f"The {what} that `{site.function}` launches `{site.kernel}` with (line {site.span.line}) is {shape}."
    assert grid is not None and block is not None
    if math.prod(block) > LARGEST_BLOCK and kernel.dialect != "bang":
        return f"The block of {block} threads on line {site.span.line} is larger than {LARGEST_BLOCK} threads."
    shared = site.shared_value
    if shared is None:
        shared = 0
        notes.append("The dynamic shared memory of the launch could not be computed; 0 bytes were assumed.")
    values: dict[str, int | float] = {}
    guessed = False
    for name, type_ in scalars(kernel).items():
        fact = site.arguments.get(name)
        if isinstance(fact, ScalarFact) and fact.value is not None:
            values[name] = fact.value
        else:
            values[name] = float_for(name) if type_.is_float else ragged_for(name, 0, 1)
            notes.append(f"`{name}` is not known from the host code; {values[name]} was assumed.")
            guessed = True
    draft = Draft(Launch(grid, block, shared, site.kind), values, {}, notes, origin="host", guessed=guessed)
    facts = {name: site.arguments.get(name) for name in pointers(kernel)}
    for name, fact in facts.items():
        if isinstance(fact, BufferFact):
            count = None if fact.external else _until_next(fact, facts)
            whole = isinstance(fact.low, int) and isinstance(fact.high, int)
            draft.known[name] = Known(count, fact.low if whole else None, fact.high if whole else None)
            if count is None:
                notes.append(f"`{name}` is as long as the indices of the kernel need: its allocation is not in this file.")
    for first, second in itertools.combinations([n for n, fact in facts.items() if isinstance(fact, BufferFact) and not fact.external], 2):
        if facts[first].allocation == facts[second].allocation and facts[first].offset == facts[second].offset:
            notes.append(f"The host passes one buffer as both `{first}` and `{second}`; the test passes two.")
    draft.assumptions = notes + [
        f"`{source.name}` is constant memory that the host fills; the translation takes it as a parameter."
        for source in kernel.source_params if source.symbol]
    return draft


def _triple(values: tuple[int | None, ...]) -> tuple[int, int, int] | None:
    x, y, z = values
    return None if x is None or y is None or z is None else (x, y, z)


def _until_next(fact: BufferFact, facts: Mapping[str, object]) -> int | None:
    """Elements up to where another argument begins in the same allocation."""
    if fact.elements is None or fact.offset is None:
        return fact.elements
    later = [other.offset for other in facts.values() if isinstance(other, BufferFact) and other.allocation == fact.allocation
             and other.offset is not None and other.offset > fact.offset]
    return min([fact.elements, *(offset - fact.offset for offset in later)])


def _ask(code: HostCode, kernel: Kernel, before: Asked, overrides: Mapping[str, int | float]) -> Asked | None:
    """The same launch with other sizes; None where it no longer happens."""
    facts = code.read(overrides)
    for site in facts.sites:
        if site.span.start == before.site.span.start and site.symbol == before.site.symbol and _holds(site.conditions, facts.values):
            return replace(before, site=site, facts=facts, overrides=dict(overrides))
    return None


def _holds(conditions: Iterable[tuple[Expr, bool]], values: Mapping[str, int | float]) -> bool:
    """False where a condition is certainly violated."""
    for term, wanted in conditions:
        value = evaluated(term, values)
        if value is not None and bool(value) != wanted:
            return False
    return True


def evaluated(term: Expr | None, values: Mapping[str, int | float]) -> int | float | None:
    """The number that a formula over roots has, None where a root is unknown."""
    match term:
        case Literal(value=value):
            return value
        case Var(name=name):
            return values.get(name)
        case Cast(operand=operand, type=type_):
            value = evaluated(operand, values)
            return value if value is None else float(value) if type_.is_float else int(value)
        case Unary(op="-", operand=operand):
            value = evaluated(operand, values)
            return None if value is None else -value
        case Select(condition=condition, then=then, otherwise=otherwise):
            value = evaluated(condition, values)
            return None if value is None else evaluated(then if value else otherwise, values)
        case Call(name="min" | "max" as name, arguments=arguments):
            parts = [evaluated(part, values) for part in arguments]
            return None if None in parts else (min if name == "min" else max)(parts)
        case Binary(op=op, left=left, right=right):
            first, second = evaluated(left, values), evaluated(right, values)
            if first is None or second is None:
                return None
            if isinstance(first, float) or isinstance(second, float):
                return first / second if op == "/" and second else {"+": first + second, "-": first - second, "*": first * second}.get(op)
            return fold(op, int(first), int(second))
    return None


# ---- sizes from outside --------------------------------------------------------------------------------------------------------------


def _terms(site: LaunchSite) -> list[Expr]:
    arguments = [fact.term for fact in site.arguments.values() if isinstance(fact, (BufferFact, ScalarFact))]
    return [term for term in (*site.grid_terms, *site.block_terms, *arguments, *(term for term, _ in site.conditions)) if term is not None]


def _roots(terms: Iterable[Expr | None]) -> set[str]:
    return {node.name for term in terms if term is not None for node in walk(term) if isinstance(node, Var)}


def _unknown_roots(asked: Asked) -> list[str]:
    used = _roots(_terms(asked.site))
    return [key for key, root in asked.facts.roots.items() if key in used and key not in asked.facts.values and root.given]


def _scalar_roots(kernel: Kernel, site: LaunchSite) -> set[str]:
    return _roots(fact.term for name, fact in site.arguments.items() if name in scalars(kernel) and isinstance(fact, ScalarFact))


def kernel_constants(kernel: Kernel) -> list[int]:
    """Integers that may be sizes: those in the kernel, then doubles, products and quotients of two of them; the likelier first."""
    plain = {int(node.value) for node in walk(kernel.body) if isinstance(node, Literal | Constant) and isinstance(node.value, int)}
    plain |= {kernel.launch_bounds} if kernel.launch_bounds else set()
    found = sorted(value for value in plain if 1 < value <= MOST_ELEMENTS)[-24:]
    pairs = list(itertools.combinations_with_replacement(found, 2))
    quotients = sorted({b // a for a, b in pairs if b % a == 0 and b != a})
    products = sorted({a * b for a, b in pairs if a * b <= MOST_ELEMENTS})
    return list(dict.fromkeys([*found, *quotients, *(2 * value for value in found), *products]))


def _choose(code: HostCode, kernel: Kernel, asked: Asked, unknown: list[str]) -> tuple[Asked, str] | None:
    """Values for roots from outside. Those that reach kernel parameters get ragged sizes, the others are searched among the kernel's
    constants, so that buffers are as long as what the kernel touches (see ``_score``)."""
    roots = asked.facts.roots
    scalar = [key for key in unknown if key in _scalar_roots(kernel, asked.site)]
    forced = {term.left.name: int(term.right.value) for term, wanted in asked.site.conditions
              if wanted and isinstance(term, Binary) and term.op == "==" and isinstance(term.left, Var) and isinstance(term.right, Literal)}
    for key in unknown:
        value = device_value(roots[key].name)
        if value is not None and roots[key].integer and key not in forced and not key.endswith("()"):
            forced[key] = value
    constants = kernel_constants(kernel)
    rest = [key for key in unknown if key not in scalar and key not in forced and roots[key].integer]
    options = [list(dict.fromkeys([1, *asked.facts.candidates.get(key, ()), *constants])) for key in rest]
    best: tuple[tuple, dict[str, int | float]] | None = None
    judge, shaping = _Judge(kernel, asked), _roots(asked.site.block_terms)
    guesses: list[dict[str, int | float]] = []
    for attempt in range(3 if scalar else 1):
        fixed: dict[str, int | float] = dict(forced)
        guesses.append(fixed)
        for position, key in enumerate(scalar):
            if key not in fixed and key in shaping:     # what authors make a block of is a number of whole warps
                fixed[key] = BLOCKS[attempt]
            elif key not in fixed:
                fixed[key] = _first_size(roots[key], position, len(scalar), attempt, asked.facts.candidates.get(key))
        for key in unknown:
            if not roots[key].integer:
                fixed.setdefault(key, float_for(roots[key].name))
        for trial in _trials(rest, options, lambda each, fixed=fixed: judge.score(fixed | each)):
            score = judge.score(fixed | trial)
            if score is not None and (best is None or score > best[0]):
                best = score, fixed | trial
        if best is not None and best[0][0] == 0:
            break
    # where the launch is no formula of the sizes, because branches of the host join before it, the host is asked for each guess
    tried = [best[1]] if best is not None else guesses
    sizes, found = next(((each, asks) for each in tried if (asks := _ask(code, kernel, asked, {**asked.overrides, **each}))
                         and _is_possible(asks.site)), (None, None))
    if sizes is None or found is None:
        return None
    spelled = ", ".join(f"{roots[key].name}={sizes[key]}" for key in unknown if key in sizes)
    uncalled = any(key.endswith(f"@{asked.site.function}()") for key in unknown)
    why = f"Nothing in this file calls `{asked.site.function}`" if uncalled else "The file does not say all that the launch depends on"
    return found, f"{why}; {spelled} was assumed."


def _is_possible(site: LaunchSite) -> bool:
    """Whether the grid and the block of a launch are known numbers that a device takes."""
    extents = [*site.grid_values, *site.block_values]
    if any(extent is None or extent < 1 for extent in extents):
        return False
    block = math.prod(int(extent) for extent in site.block_values if extent is not None)
    return block <= LARGEST_BLOCK and math.prod(int(extent) for extent in extents if extent is not None) <= MOST_THREADS


def _trials(keys: list[str], options: list[list[int]], score) -> Iterable[dict[str, int]]:
    """Every combination where there are few; else the ends of climbs, one size at a time, from a few plain starts."""
    if math.prod(map(len, options)) <= MOST_TRIALS:
        yield from (dict(zip(keys, combination)) for combination in itertools.product(*options))
        return
    options = [listed[:40] for listed in options]
    for start in range(4):
        current = {key: listed[(start * (position + 1)) % len(listed)] for position, (key, listed) in enumerate(zip(keys, options))}
        best = score(current)
        for _ in range(2):
            before = dict(current)
            for key, listed in zip(keys, options):
                for value in listed:
                    result = score(current | {key: value})
                    if result is not None and (best is None or result > best):
                        best, current = result, current | {key: value}
            if current == before:
                break
        yield current


class _Judge:
    """Rates sizes for a launch. Footprints are kept by launch, and their number is limited: they take milliseconds."""

    def __init__(self, kernel: Kernel, asked: Asked) -> None:
        self._kernel, self._asked, self._kept = kernel, asked, {}

    def score(self, trial: Mapping[str, int | float]) -> tuple | None:
        """Larger is better: no buffer too small; buffers exactly as long as what is touched; all that guards let through is reached;
        more than one block; little memory. None where the launch is impossible."""
        values = dict(self._asked.facts.values) | dict(trial)
        site = self._asked.site
        if not _holds(site.conditions, values):
            return None
        grid = tuple(_dimension(value, term, values) for value, term in zip(site.grid_values, site.grid_terms))
        block = tuple(_dimension(value, term, values) for value, term in zip(site.block_values, site.block_terms))
        if None in grid or None in block or min(*grid, *block) < 1:
            return None
        if math.prod(block) > LARGEST_BLOCK or math.prod(grid) * math.prod(block) > MOST_THREADS:
            return None
        numbers = {name: fact.value if fact.value is not None else evaluated(fact.term, values)
                   for name, fact in site.arguments.items() if isinstance(fact, ScalarFact)}
        needed = self._needed(grid, block, numbers)
        if needed is None:
            return None
        touched, saturated = needed
        small, exact, allocated = 0, 0, 0
        for name, count in touched.items():
            fact = site.arguments.get(name)
            if not isinstance(fact, BufferFact) or count is None:
                continue
            given = fact.elements if fact.elements is not None else evaluated(fact.term, values)
            if given is not None:
                small, exact, allocated = small + (given < count), exact + (given == count), allocated + int(given)
        return -small, exact, saturated, sum(min(2, size) for size in grid), -allocated

    def _needed(self, grid: tuple, block: tuple, numbers: Mapping[str, int | float | None]) -> tuple[dict[str, int | None], bool] | None:
        key = grid, block, tuple(sorted((name, value) for name, value in numbers.items() if value is not None))
        if key not in self._kept:
            if len(self._kept) >= MOST_FOOTPRINTS:
                return None
            uses = footprint(self._kernel, grid, block, numbers, {}, self._asked.site.kind).uses
            twice = tuple(size * (2 if value is None else 1) for size, value in zip(block, self._asked.site.block_values))
            wider = footprint(self._kernel, tuple(2 * size for size in grid), twice, numbers, {}, self._asked.site.kind).uses
            self._kept[key] = {name: use.elements for name, use in uses.items()}, all(
                use.range == wider[name].range for name, use in uses.items())
        return self._kept[key]


def _first_size(root: Root, position: int, count: int, attempt: int, candidates: tuple[int, ...] | None) -> int | float:
    if not root.integer:
        return float_for(root.name)
    sizes = [each for each in candidates or () if each > 1]  # `if (n <= 0) return;` names no size
    if sizes:
        return sizes[min(attempt, len(sizes) - 1)]
    return ragged_for(root.name, position, count) if attempt == 0 else 64 if attempt == 1 else 16 * (position + 1)


def _dimension(value: int | None, term: Expr | None, values: Mapping[str, int | float]) -> int | None:
    if value is not None:
        return value
    number = evaluated(term, values)
    return None if number is None or math.isinf(number) else int(number)


# ---- other sizes ---------------------------------------------------------------------------------------------------------------------


def _variable_roots(kernel: Kernel, asked: Asked) -> dict[str, int]:
    """Roots that can be given other values: integers that reach the launch or the scalars, that neither the kernel's text, the block nor a
    template argument depends on, and that look like sizes (5 or more)."""
    site, facts = asked.site, asked.facts
    fixed_names = {constant.name for constant in kernel.constants} | {node.name for node in walk(kernel.body) if isinstance(node, Constant)}
    pinned = _roots(site.block_terms) | site.template_roots | asked.pinned
    whole = {name for name, type_ in scalars(kernel).items() if type_.is_integer}
    scalar = _roots(fact.term for name, fact in site.arguments.items() if name in whole and isinstance(fact, ScalarFact))
    feeding = _roots(site.grid_terms) | scalar      # what only an allocation depends on is fixed in the kernel
    chosen: dict[str, int] = {}
    for key in (root for root in facts.roots if root in feeding - pinned):
        root, value = facts.roots[key], facts.values.get(key)
        if root.integer and isinstance(value, int) and value >= 5 and root.name not in fixed_names and (scalar or root.given):
            chosen[key] = value
    return chosen


def _variants(code: HostCode, kernel: Kernel, asked: Asked, varied: Mapping[str, int], base: Draft) -> list[TestCase]:
    """Cases with other sizes: ragged and smaller, then 1 in every size (or the smallest number or multiples that work), then the edges of
    tiles."""
    if not varied or base.work == 0:
        return []
    if base.narrowed:       # data in the file describes some of the sizes in the file: where the kernel fails, it was one of these
        alone = ([{key: LANES + 1}] for key in varied)
        return _of_sizes(code, kernel, asked, alone, base, "another size")
    found: list[TestCase] = []
    written = {name for name, use in prints(kernel, base, {}).uses.items() if use.written}
    ragged = {key: _ragged(value) for key, value in varied.items()}
    halves = {key: _half(value) for key, value in varied.items()}
    grains = {key: min(value & -value, 64) for key, value in varied.items()}
    smallest = [dict.fromkeys(varied, number) for number in SMALLEST]
    middle, least = ([halves], [grains]) if _delicate(kernel) else ([ragged, halves], [*smallest, grains])
    for options, what in ((middle, "smaller sizes"), (least, "the smallest sizes")):
        case = _fullest((_variant(code, kernel, asked, overrides, base, what) for overrides in options), written)
        found += [case] if case is not None else []
    return found + _at_edges(code, kernel, asked, varied, base, written)


def _at_edges(code: HostCode, kernel: Kernel, asked: Asked, varied: Mapping[str, int], base: Draft, written: set[str]) -> list[TestCase]:
    """Cases at the edges of tiles, as far as they are little work and the launch happens there."""
    found: list[TestCase] = []
    for options in assignments(_tiles(asked, varied, math.prod(base.launch.block))):
        tried = (_variant(code, kernel, asked, overrides, base, "sizes at the edges of tiles", EDGE_WORK) for overrides in options)
        case = _fullest(tried, written)
        found += [replace(case, assumptions=())] if case is not None else []       # the verdict names the sizes
    threads = math.prod(base.launch.block)
    whole = [2 * threads] if threads > 1 else []
    return found + _of_sizes(code, kernel, asked, beyond(list(varied), whole, _grain(kernel)), base, "whole blocks")


def _beyond(code: HostCode, kernel: Kernel, asked: Asked, varied: Mapping[str, int], base: Draft, wanted: Sequence[int]) -> list[TestCase]:
    """Cases that are wider than a tile, one dimension at a time."""
    if not varied or base.work == 0:
        return []
    if base.narrowed:
        alone = ([{key: size}, *({key: size} | {o: 1 for o in varied if o not in (key, kept)} for kept in varied if kept != key)]
                 for size in wanted[:1] for key in varied)
        return _of_sizes(code, kernel, asked, alone, base, "sizes beyond a tile")
    return _of_sizes(code, kernel, asked, beyond(list(varied), wanted, _grain(kernel)), base, "sizes beyond a tile")


def _grain(kernel: Kernel) -> int:
    """Sizes of kernels with fragments are multiples of a fragment's."""
    return 16 if has_fragments(kernel) else 1


def _of_sizes(code: HostCode, kernel: Kernel, asked: Asked, tried: Iterable[Sequence[Mapping[str, int]]], base: Draft,
              what: str) -> list[TestCase]:
    """Of each list of sizes the first with which there are results for not too much work."""
    found, most_work = [], WIDE_WORK / _grain(kernel)
    for options in tried:
        cases = (_variant(code, kernel, asked, sizes, base, what, most_work) for sizes in options)
        found += [replace(case, assumptions=()) for case in cases if case is not None and case.results][:1]
    return found


def _tiles(asked: Asked, varied: Mapping[str, int], threads: int) -> dict[str, int]:
    """For each size that can vary, how many of it a block takes."""
    def extent(key: str, term: Expr | None) -> Callable[[int], float | None]:
        return lambda size: evaluated(term, {**asked.facts.values, key: size})

    tiles = {}
    for key in varied:
        term = next((term for term in asked.site.grid_terms if term is not None and key in _roots([term])), None)
        tiles[key] = tile(extent(key, term), threads if threads > 1 else LANES)
    return tiles


def _fullest(cases: Iterable[TestCase | None], written: set[str]) -> TestCase | None:
    """The first case in which the kernel writes all of these buffers, else the first in which it writes any."""
    part = None
    for case in cases:
        if case is not None and written <= {buffer.name for buffer in case.results}:
            return case
        part = part or (case if case is not None and case.results else None)
    return part


def _delicate(kernel: Kernel) -> bool:
    """Does the kernel rely on divisible sizes beyond its guards: fragments, vector accesses, threads that leave before others meet?"""
    nodes = list(walk((*kernel.body, *(statement for function in kernel.functions for statement in function.body))))
    fragments = any(isinstance(getattr(node, "type", None), Fragment) for node in nodes)
    views = any(getattr(node, "view", None) is not None for node in nodes)
    leaves = any(isinstance(node, Return) for node in walk(kernel.body))
    meets = any(isinstance(node, Barrier) or isinstance(node, Call) and node.name.startswith(("shfl", "ballot", "any", "all", "reduce"))
                for node in nodes)
    return fragments or views or leaves and meets


def _variant(code: HostCode, kernel: Kernel, asked: Asked, overrides: Mapping[str, int], base: Draft, what: str,
             most_work: float = MOST_WORK) -> TestCase | None:
    again = _ask(code, kernel, asked, dict(asked.overrides) | dict(overrides))
    if again is None:
        return None
    names = ", ".join(f"{again.facts.roots[key].name}={value}" for key, value in overrides.items() if key in again.facts.roots)
    draft = _draft(kernel, again, [f"The host code was evaluated for {what}: {names}."])
    if isinstance(draft, str) or draft.launch.block != base.launch.block:
        return None
    for name, (low, high) in asked.ranges.items():
        draft.known[name] = replace(draft.known.get(name, Known()), low=low, high=high)
    case = complete(kernel, draft)
    if case is None or (base.sufficient and not draft.sufficient) or draft.narrowed or draft.work > most_work:
        return None
    return replace(case, varied=True)


def _shrunk(code: HostCode, kernel: Kernel, asked: Asked, varied: Mapping[str, int], assumptions: list[str], base: Draft):
    """Smaller sizes with which the launch runs quickly, the largest sizes reduced first; None where nothing can be reduced."""
    current = dict(varied)
    names = asked.facts.roots
    for round_ in range(24):
        if not current or max(current.values()) <= 16:
            return None
        key = max(current, key=lambda each: current[each])
        even = round_ >= 12
        current[key] = _half(current[key]) if even or current[key] < 64 else _ragged(current[key], 0.25 if current[key] > 4096 else 0.5)
        again = _ask(code, kernel, asked, dict(asked.overrides) | current)
        if again is None:
            continue
        changed = [each for each in current if current[each] != varied[each]]
        changes = ", ".join(f"{names[each].name} from {varied[each]} to {current[each]}" for each in changed)
        draft = _draft(kernel, again, [*assumptions, f"Sizes were reduced for the test: {changes}."])
        if isinstance(draft, str) or draft.launch.block != base.launch.block:
            continue
        case = complete(kernel, draft)
        if case is not None and draft.work <= MOST_WORK and _elements(case) <= MOST_ELEMENTS and (draft.sufficient or not base.sufficient):
            return again, case, draft
    return None


def _half(value: int) -> int:
    """About half, and divisible by the same power of two up to 64 (at least by itself where that is all there is)."""
    grain = min(value & -value, 64)
    return max(grain, value // 2 // grain * grain)


def _ragged(value: int, share: float = 0.6) -> int:
    """The largest prime not above a share of ``value``."""
    candidate = max(2, int(value * share))
    while candidate > 2 and any(candidate % divisor == 0 for divisor in range(2, math.isqrt(candidate) + 1)):
        candidate -= 1
    return candidate
