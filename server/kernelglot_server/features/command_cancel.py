"""`kernelglot.server.cancel`: ends one job, or all of them, for clients without a cancel button on progress."""

from __future__ import annotations

import attrs

COMMAND = "kernelglot.server.cancel"


@attrs.frozen
class CancelArguments:
    job: str | None = None  # None: all jobs


# without an annotation of `ls`, for the reason in command_convert
def handle(ls, arguments: CancelArguments) -> dict[str, int]:
    chosen = [job for job in ls.table.unfinished() if arguments.job in (None, job.name)]
    return {"cancelled": sum(ls.runner.cancel(job) for job in chosen)}
