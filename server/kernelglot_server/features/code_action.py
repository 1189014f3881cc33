"""`textDocument/codeAction`: "Convert to ..." on the kernel under the cursor. From the outline and the table of jobs only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from kernelglot_server.documents import Kernel, Snapshot, snapshot
from kernelglot_server.features.command_convert import COMMAND
from kernelglot_server.jobs import TARGETS

if TYPE_CHECKING:
    from kernelglot_server.app import KernelglotServer

METHOD = types.TEXT_DOCUMENT_CODE_ACTION
KIND = "refactor.rewrite.kernelglot"
OPTIONS = types.CodeActionOptions(code_action_kinds=[f"{KIND}.{target}" for target in TARGETS], resolve_provider=True)


async def handle(ls: KernelglotServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    targets = [target for target in TARGETS if wanted(f"{KIND}.{target}", params.context.only)]
    document = ls.documents.find(params.text_document.uri)
    if document is None or not targets:
        return []
    taken = snapshot(document)
    first, last = params.range.start.line, params.range.end.line
    kernels = [kernel for kernel in await ls.outlines.of(taken) if kernel.start_line <= last and kernel.end_line >= first]
    if not kernels:
        return []
    return [action(ls, taken, kernels, target) for target in targets if any(target in kernel.targets for kernel in kernels)]


def wanted(kind: str, only: list[types.CodeActionKind | str] | None) -> bool:
    """Whether `kind` is one of `only` or below one of them; no `only` wants everything."""
    if only is None:
        return True
    prefixes = [getattr(prefix, "value", prefix) for prefix in only]
    return any(not prefix or kind == prefix or kind.startswith(prefix + ".") for prefix in prefixes)


def action(ls: KernelglotServer, taken: Snapshot, kernels: list[Kernel], target: str) -> types.CodeAction:
    kernel = kernels[0].name if len(kernels) == 1 else None
    title = f"Convert to {TARGETS[target]}" if kernel else f"Convert the file to {TARGETS[target]}"
    done = ls.table.verified((taken.uri, taken.fingerprint, kernel, target))
    if done is not None and done.outcome is not None:
        title += f" (verified: {done.outcome.rung})"
    arguments = {"uri": taken.uri, "kernel": kernel, "target": target, "version": taken.version}
    return types.CodeAction(
        title=title, kind=f"{KIND}.{target}", command=types.Command(title=title, command=COMMAND, arguments=[arguments])
    )
