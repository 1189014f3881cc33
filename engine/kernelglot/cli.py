"""``kernelglot translate | verify | check | doctor | serve``: one function a subcommand.

Exit codes: 0 every kernel translated and verified, 1 a verdict failed, 2 usage or environment, 3 declined with a reason. On a terminal
progress is shown in place; in a pipe each line stands for itself. With ``--json`` standard output is one JSON object and nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from . import __version__, session

WORDS = {"tested": "tested", "exact": "exact", "proved": "proved", "compiled": "only compiled", "rejected": "REJECTED"}


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    from .verify.toolchain import MissingTool

    try:
        return options.run(options)
    except session.Unusable as error:
        return _unusable(options, error.reason)
    except MissingTool as error:
        return _unusable(options, str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 2
    except KeyboardInterrupt:
        print("\nkernelglot: cancelled", file=sys.stderr)
        return 2


def _unusable(options: argparse.Namespace, sentence: str) -> int:
    print(f"kernelglot: {sentence}", file=sys.stderr)
    if getattr(options, "json", False):
        print(json.dumps({"kernels": []}))
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kernelglot",
        description="Translates tensor kernels between CUDA C, HIP, BANG C, C with AVX-512 / VNNI and C, and tests every result.",
    )
    parser.add_argument("--version", action="version", version=f"kernelglot {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    translate = commands.add_parser("translate", help="translate the kernels of a file and test them against it")
    translate.add_argument("file")
    translate.add_argument("--to", required=True, choices=session.TARGETS, help="target dialect")
    translate.add_argument("--kernel", help="only this kernel")
    translate.add_argument("--out", help="file to write (default: beside the source, with the target's suffix); - for standard output")
    translate.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    translate.set_defaults(run=run_translate)

    verify = commands.add_parser("verify", help="run the kernels of two files on the same inputs and compare")
    verify.add_argument("a")
    verify.add_argument("b")
    verify.add_argument("--json", action="store_true")
    verify.set_defaults(run=run_verify)

    check = commands.add_parser("check", help="what in a file cannot be translated, and why")
    check.add_argument("file")
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=run_check)

    doctor = commands.add_parser("doctor", help="what is installed, what is missing, what that disables")
    doctor.add_argument("--json", action="store_true")
    doctor.set_defaults(run=run_doctor)

    serve = commands.add_parser("serve", help="the language server, on standard input and output")
    serve.set_defaults(run=run_serve)
    return parser


class Progress:
    """Says what is going on: one line rewritten in place on a terminal, nothing in a pipe (results are printed there anyway)."""

    BAR = 24

    def __init__(self, stream: TextIO, quiet: bool) -> None:
        self.stream, self.live = stream, stream.isatty() and not quiet
        self.started = time.monotonic()

    def __call__(self, event: dict[str, Any]) -> None:
        if not self.live:
            return
        percent = int(event.get("percent", 0))
        filled = self.BAR * percent // 100
        bar = "█" * filled + "░" * (self.BAR - filled)
        line = f"{bar} {percent:3d} %  {event.get('kernel', '')}: {event.get('message', '')}  {time.monotonic() - self.started:.1f} s"
        self.stream.write(f"\r\x1b[2K{line[:100]}")
        self.stream.flush()

    def done(self) -> None:
        if self.live:
            self.stream.write("\r\x1b[2K")
            self.stream.flush()


def run_translate(options: argparse.Namespace) -> int:
    text = session.read_text(options.file)
    progress = Progress(sys.stderr, quiet=options.json)
    out = options.out if options.out != "-" else None
    report = session.translate(options.file, text, options.to, kernel=options.kernel, out=out, report=progress)
    progress.done()
    code = report.exit_code
    if report.text and options.out != "-":
        session.write_result(next(k.out for k in report.kernels if k.out), report.text)
    if options.json:
        print(json.dumps(report.as_json(), indent=2))
        return code
    if options.out == "-":
        print(report.text, end="")
    _print_results(report, sys.stderr if options.out == "-" else sys.stdout, written=options.out != "-")
    return code


def _print_results(report: session.FileReport, stream: TextIO, written: bool) -> None:
    for kernel in report.kernels:
        name = kernel.name or "this file"
        if kernel.declined is not None:
            where = f" (line {kernel.declined.line})" if kernel.declined.line else ""
            print(f"✗ {name} -> {kernel.target}: declined{where}: {kernel.declined.reason}", file=stream)
            continue
        mark = "✓" if kernel.verdict.accepted else "✗"
        print(f"{mark} {name} -> {kernel.target}: {WORDS[kernel.verdict.rung]}, {kernel.seconds:.1f} s", file=stream)
        entry = kernel.as_json()["verdict"]
        for line in entry["evidence"]:
            print(f"    {line}", file=stream)
        for line in kernel.assumptions:
            print(f"    assumed: {line}", file=stream)
        for line in kernel.notes:
            print(f"    note: {line}", file=stream)
        for line in (s for s in kernel.verdict.skipped if s not in kernel.assumptions):
            print(f"    not checked: {line}", file=stream)
    for path in dict.fromkeys(k.out for k in report.kernels if k.out):
        if written:
            print(f"  wrote {path}", file=stream)


def run_verify(options: argparse.Namespace) -> int:
    progress = Progress(sys.stderr, quiet=options.json)
    report = session.verify_files(options.a, options.b, progress)
    progress.done()
    if options.json:
        print(json.dumps(report.as_json(), indent=2))
    else:
        _print_results(report, sys.stdout, written=False)
    return report.exit_code


def run_check(options: argparse.Namespace) -> int:
    text = session.read_text(options.file)
    findings = session.check(options.file, text)
    kernels = session.outline(options.file, text)
    if options.json:
        print(
            json.dumps(
                {"findings": [{"line": f.line0 + 1, "column": f.col0 + 1, "code": f.code, "message": f.message} for f in findings]},
                indent=2,
            )
        )
        return 3 if findings else 0
    for finding in findings:
        print(f"{options.file}:{finding.line0 + 1}:{finding.col0 + 1}: {finding.message} [{finding.code}]")
    if not text.strip():
        print(f"{options.file} is empty.")
    elif not findings:
        print(f"{options.file}: {len(kernels)} kernel{'s' if len(kernels) != 1 else ''}, nothing that could not be translated was found.")
    return 3 if findings else 0


def run_doctor(options: argparse.Namespace) -> int:
    checks = session.doctor()
    if options.json:
        print(json.dumps({"checks": [{"name": c.name, "ok": c.ok, "detail": c.detail, "disables": c.disables} for c in checks]}, indent=2))
    else:
        for check in checks:
            print(
                f"{'✓' if check.ok else '✗'} {check.name:8} {check.detail}"
                + ("" if check.ok else f"\n           without it: {check.disables}")
            )
    needed = {"python", "g++", "ld", "sandbox"}
    return 2 if any(not c.ok and c.name in needed for c in checks) else 0


def run_serve(options: argparse.Namespace) -> int:
    try:
        from kernelglot_server.app import main as serve
    except ImportError as error:
        raise session.Unusable(
            "no-server", f"the language server is not installed ({error.name} is missing): pip install kernelglot"
        ) from error
    serve()
    return 0


__all__ = ["Path", "main"]

if __name__ == "__main__":
    sys.exit(main())
