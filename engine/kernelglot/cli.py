"""``kernelglot translate | verify | check | doctor | serve``: one function a subcommand.

Exit codes: 0 every kernel translated and verified, 1 a verdict failed, 2 usage or environment, 3 declined with a reason, 130 cancelled.
On a terminal progress is shown in place; in a pipe each line stands for itself. With ``--json`` standard output is one JSON object and
nothing else; what could not even be started is told on standard error, and the object is empty.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NoReturn, TextIO

from . import __version__, session
from .terminal import Progress, mark

WORDS = {"tested": "tested", "exact": "exact", "proved": "proved", "compiled": "only compiled", "rejected": "REJECTED"}
USAGE = ("no-such-kernel", "same-dialect", "unknown-target")  # declined because something else was meant
NEEDED = {"python", "g++", "ld", "sandbox"}
CANCELLED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a file name or a mark that the terminal's encoding lacks
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _stopped)
    from .verify.toolchain import MissingTool

    try:
        code = options.run(options)
        sys.stdout.flush()
        return code
    except session.Unusable as error:
        return _unusable(options, error.reason)
    except MissingTool as error:
        return _unusable(options, f"{error}.")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 2
    except KeyboardInterrupt:
        print("kernelglot: cancelled.", file=sys.stderr)
        return CANCELLED


def _stopped(number: int, frame: object) -> NoReturn:
    """SIGTERM ends as tidily as Ctrl-C does: what runs is killed, temporary files go."""
    raise KeyboardInterrupt


def _unusable(options: argparse.Namespace, sentence: str) -> int:
    print(f"kernelglot: {sentence}", file=sys.stderr)
    if getattr(options, "json", False):
        _print_json({options.entries: []})
    return 2


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, indent=2))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kernelglot",
        description="Translates tensor kernels between CUDA C, HIP, BANG C, C with AVX-512 / VNNI and C, and tests every result.",
        epilog="Exit codes: 0 every kernel translated and verified, 1 a verdict failed, 2 usage or environment, 3 declined with a reason.",
    )
    parser.add_argument("--version", action="version", version=f"kernelglot {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    translate = commands.add_parser("translate", help="translate the kernels of a file and test each against its original")
    translate.add_argument("file", help="source file; its suffix tells the dialect (.cu .hip .mlu .vnni.c .c)")
    translate.add_argument("--to", required=True, choices=session.TARGETS, help="target dialect")
    translate.add_argument("--kernel", metavar="NAME", help="only this kernel")
    translate.add_argument(
        "--out", metavar="PATH", help="file to write (default: beside FILE, with the target's suffix); - prints the text"
    )
    translate.set_defaults(run=run_translate, entries="kernels")

    verify = commands.add_parser("verify", help="run the kernels of two files on the same inputs and compare")
    verify.add_argument("a", help="the file that is right")
    verify.add_argument("b", help="the file to test against it")
    verify.set_defaults(run=run_verify, entries="kernels")

    check = commands.add_parser("check", help="say what in a file cannot be translated, and why")
    check.add_argument("file")
    check.set_defaults(run=run_check, entries="findings")

    doctor = commands.add_parser("doctor", help="say what is installed, what is missing, and what that disables")
    doctor.set_defaults(run=run_doctor, entries="checks")

    for command in (translate, verify, check, doctor):
        command.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    serve = commands.add_parser("serve", help="run the language server on standard input and output")
    serve.set_defaults(run=run_serve)
    return parser


# ---- translate and verify ------------------------------------------------------------------------------------------------------


def run_translate(options: argparse.Namespace) -> int:
    text = session.read_text(options.file)
    printed = options.out == "-"
    out = None if printed else options.out
    if printed and options.json:
        raise session.Unusable("usage", "--json and --out - would both print to standard output; choose one.")
    if not printed:
        session.check_out(out, options.file)
    with Progress(sys.stderr, quiet=options.json) as progress:
        report = session.translate(options.file, text, options.to, kernel=options.kernel, out=out, report=progress)
    refused = _written(report, options.file) if report.text and not printed else None
    if options.json:
        _print_json((report.unwritten() if printed or refused else report).as_json())
    else:
        if printed:
            print(report.text, end="")
        _print_report(report.unwritten() if printed or refused else report, options.file, sys.stderr if printed else sys.stdout)
    if refused is not None:
        print(f"kernelglot: {refused.reason}", file=sys.stderr)
        return 2
    meant = [k.declined for k in report.kernels if k.declined is not None and k.declined.code in USAGE]
    return 2 if meant else report.exit_code


def _written(report: session.FileReport, source: str) -> session.Unusable | None:
    """Writes the translated file; the reason where that was refused, after which the verdicts are still worth telling."""
    try:
        session.write_result(next(kernel.out for kernel in report.kernels if kernel.out), report.text, source)
    except session.Unusable as error:
        return error
    return None


def run_verify(options: argparse.Namespace) -> int:
    with Progress(sys.stderr, quiet=options.json) as progress:
        report = session.verify_files(options.a, options.b, progress)
    if options.json:
        _print_json(report.as_json())
        return report.exit_code
    for kernel in report.kernels:
        _print_kernel(kernel, options.a, f"{kernel.name or options.a}: {options.b} against {options.a}", sys.stdout)
    return report.exit_code


def _print_report(report: session.FileReport, source: str, stream: TextIO) -> None:
    for kernel in report.kernels:
        _print_kernel(kernel, source, f"{kernel.name or source} -> {kernel.target}", stream)
    for path in dict.fromkeys(kernel.out for kernel in report.kernels if kernel.out):
        print(f"  wrote {path}", file=stream)


def _print_kernel(kernel: session.KernelResult, source: str, title: str, stream: TextIO) -> None:
    if kernel.declined is not None:
        place = f"{source}:{kernel.declined.line}: " if kernel.declined.line else ""
        print(f"{mark(False, stream)} {title}: declined\n    {place}{kernel.declined.reason}", file=stream)
        return
    print(f"{mark(kernel.verdict.accepted, stream)} {title}: {WORDS[kernel.verdict.rung]}, {kernel.seconds:.1f} s", file=stream)
    lines = [("", line) for line in kernel.as_json()["verdict"]["evidence"]]
    lines += [("assumed: ", line) for line in kernel.assumptions]
    lines += [("note: ", line) for line in kernel.notes]
    lines += [("not checked: ", line) for line in kernel.verdict.skipped if line not in kernel.assumptions]
    for label, line in lines:
        print(f"    {label}{line}", file=stream)


# ---- check, doctor, serve ------------------------------------------------------------------------------------------------------


def run_check(options: argparse.Namespace) -> int:
    text = session.read_text(options.file)
    findings = session.check(options.file, text)
    code = 3 if findings else 0
    if options.json:
        _print_json({"findings": [{"line": f.line0 + 1, "column": f.col0 + 1, "code": f.code, "message": f.message} for f in findings]})
        return code
    for finding in findings:
        print(f"{options.file}:{finding.line0 + 1}:{finding.col0 + 1}: {finding.message} [{finding.code}]")
    if not findings:
        count = len(session.outline(options.file, text))
        kernels = "1 kernel, nothing in it" if count == 1 else f"{count} kernels, nothing in them"
        print(f"{options.file}: {'is empty' if not text.strip() else f'{kernels} that cannot be read' if count else 'no kernel'}.")
    return code


def run_doctor(options: argparse.Namespace) -> int:
    checks = session.doctor()
    if options.json:
        _print_json({"checks": [asdict(check) for check in checks]})
    else:
        for check in checks:
            sign = mark(check.ok, sys.stdout) if check.ok or check.name in NEEDED else "-"
            print(f"{sign:1} {check.name:8} {check.detail}")
            if not check.ok:
                print(f"           {'needed for' if check.name in NEEDED else 'optional, for'} {check.disables}")
    return 2 if any(not check.ok and check.name in NEEDED for check in checks) else 0


def run_serve(options: argparse.Namespace) -> int:
    try:
        from kernelglot_server.app import main as serve
    except ImportError as error:
        raise session.Unusable(
            "no-server", f"the language server is not installed ({error.name} is missing): pip install kernelglot"
        ) from error
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the server has its own way to end
    serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
