"""``kernelglot translate | verify | check | emulate | doctor | serve``: one function a subcommand.

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
COMPILERS_S = 10.0  # their answers are kept, so only the first call with a text waits


def main(arguments: Sequence[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a file name or a mark that the terminal's encoding lacks
    words = list(sys.argv[1:] if arguments is None else arguments)
    end = words.index("--") if "--" in words and words[0] == "emulate" else len(words)
    options = _parser().parse_args(words[:end])
    options.arguments = tuple(words[end + 1 :])  # what comes after -- is for the program that `emulate --run` starts
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
    verify.add_argument("a", nargs="?", help="the file that is right")
    verify.add_argument("b", nargs="?", help="the file to test against it")
    verify.add_argument("--replay", metavar="ID", help="instead of two files: reach the verdict with this ID again")
    verify.set_defaults(run=run_verify, entries="kernels")

    check = commands.add_parser("check", help="say what in a file cannot be translated, and why")
    check.add_argument("file")
    check.set_defaults(run=run_check, entries="findings")

    emulate = commands.add_parser("emulate", help="run a whole file, its host code included, on this CPU: as a library or a program")
    emulate.add_argument("file", help="source file with host code (.cu .hip .mlu .c .cpp)")
    way = emulate.add_mutually_exclusive_group(required=True)
    way.add_argument("--so", metavar="OUT", help='write a shared library that exports the functions declared extern "C"')
    way.add_argument("--exe", metavar="OUT", help="write a program from the file's main")
    way.add_argument("--run", dest="started", action="store_true", help="run the file's main in the sandbox, with what comes after --")
    emulate.add_argument("--host", action="store_true", help="the file has kernels only: make a function NAME_kernel for each")
    emulate.add_argument("--architecture", default="", metavar="NAME", help="gfx90a, gfx1100, mtp_592, ...: what the kernels are for")
    emulate.add_argument("--timeout", type=float, default=60.0, metavar="SECONDS", help="how long --run may take (default: %(default)g)")
    emulate.set_defaults(run=run_emulate, entries="emulated")

    doctor = commands.add_parser("doctor", help="say what is installed, what is missing, and what that disables")
    doctor.set_defaults(run=run_doctor, entries="checks")

    for command in (translate, verify):
        command.add_argument(
            "--compilers", type=float, default=COMPILERS_S, metavar="SECONDS",
            help="how long nvcc, clang and other real compilers are waited for (default: %(default)g; 0: they are not asked)"
        )
    for command in (translate, verify, check, emulate, doctor):
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
        report = session.translate(options.file, text, options.to, options.kernel, out, progress, _patience(options))
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


def _patience(options: argparse.Namespace) -> float | None:
    return options.compilers if options.compilers > 0 else None


def _written(report: session.FileReport, source: str) -> session.Unusable | None:
    """Writes the translated file; the reason where that was refused, after which the verdicts are still worth telling."""
    try:
        session.write_result(next(kernel.out for kernel in report.kernels if kernel.out), report.text, source)
    except session.Unusable as error:
        return error
    return None


def run_verify(options: argparse.Namespace) -> int:
    if options.replay is not None and options.a is None:
        return run_replay(options)
    if options.b is None or options.replay is not None:
        raise session.Unusable("usage", "verify needs two files, or --replay and the ID of a verdict.")
    with Progress(sys.stderr, quiet=options.json) as progress:
        report = session.verify_files(options.a, options.b, progress, _patience(options))
    if options.json:
        _print_json(report.as_json())
        return report.exit_code
    for kernel in report.kernels:
        _print_kernel(kernel, options.a, f"{kernel.name or options.a}: {options.b} against {options.a}", sys.stdout)
    return report.exit_code


def run_replay(options: argparse.Namespace) -> int:
    """0 where the verdict is the same as before, whatever it is."""
    with Progress(sys.stderr, quiet=options.json) as progress:
        report, replay = session.replay(options.replay, progress)
    if options.json:
        _print_json(report.as_json() | {"replay": asdict(replay)})
        return 0 if replay.same else 1
    for kernel in report.kernels:
        _print_kernel(kernel, kernel.name, f"{kernel.name}: {kernel.source} -> {kernel.target}", sys.stdout)
    if replay.changed:
        print(f"  made with another {', '.join(replay.changed)} than there is now")
    print(f"{mark(replay.same, sys.stdout)} replay {replay.id}: {'the same verdict' if replay.same else 'NOT the same verdict'}")
    for line in replay.differences:
        print(f"    {line}")
    return 0 if replay.same else 1


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
    lines += [("again: ", f"kernelglot verify --replay {kernel.verdict.id}")] if kernel.verdict.id else []
    for label, line in lines:
        print(f"    {label}{line}", file=stream)


# ---- emulate -------------------------------------------------------------------------------------------------------------------


def run_emulate(options: argparse.Namespace) -> int:
    """With --run the program's output is standard output and its errors are standard error; 1 where it ended with another code than 0."""
    what = "so" if options.so else "exe" if options.exe else "run"
    if options.arguments and what != "run":
        raise session.Unusable("usage", "Arguments are for the program that --run starts.")
    out = options.so or options.exe
    result = session.emulate(options.file, what, out, options.host, options.architecture, options.arguments, options.timeout)
    if options.json:
        _print_json(result.as_json())
        return result.exit_code
    stream = sys.stderr if what == "run" else sys.stdout
    if result.why_not is not None:
        place = f"{options.file}:{result.why_not.line}: " if result.why_not.line else ""
        print(f"{mark(False, stream)} {options.file}: declined\n    {place}{result.why_not.reason}", file=stream)
    for line in result.launches:
        print(f"    {line}", file=stream)
    for line in result.notes:
        print(f"    note: {line}", file=stream)
    if result.out:
        print(f"{mark(True, stream)} wrote {result.out}: {', '.join(result.exports) or 'no exported function'}, {result.seconds:.1f} s")
    if result.output is not None:
        print(result.output, end="")
        print(result.errors, end="", file=sys.stderr)
        if result.status != 0:
            ended = "did not end in time" if result.status is None else f"ended with {result.status}"
            print(f"kernelglot: {options.file} {ended}.", file=sys.stderr)
    return result.exit_code


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
