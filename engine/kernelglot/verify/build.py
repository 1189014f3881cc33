"""From a program's text to a module that the runner can load: its dialect's prelude, the text as it stands, and a generated call.

CUDA, HIP and BANG texts are compiled as C++ behind headers of ours that include no system header (parsing those takes longer than all the
rest). CPU texts are C or C++, with the system's own headers, precompiled where they are large. A module is a shared object in the user's
cache folder, named by everything that went into it.
"""

from __future__ import annotations

import functools
import re
import shlex
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import bang_build, cpu_build, elf, hip_build, ptx, sandbox, toolchain
from .cases import Buffer, Fault, Program, TestCase, is_float
from .device_features import flags as _device_features

BLOCKS, TASKS, CALL = 0, 1, 2
HOW = {"cuda": BLOCKS, "hip": BLOCKS, "bang": TASKS, "vnni": CALL, "c": CALL}
CANARY_BYTES = 256

# -fwrapv and -fno-strict-aliasing: device compilers do not exploit either. No contraction: both sides round alike.
# A kernel is called whatever gcc can tell about it: no -fipa-pure-const.
COMMON_FLAGS = ("-O1", "-fPIC", "-w", "-pipe", "-fwrapv", "-fno-strict-aliasing", "-ffp-contract=off", "-fno-gnu-unique",
                "-fvisibility=hidden", "-fno-ipa-pure-const", "-fno-ipa-modref", "-fno-delete-null-pointer-checks",
                "-fsanitize=bounds,integer-divide-by-zero", "-fno-sanitize-recover=all", "-fdiagnostics-color=never", "-fmax-errors=5")
CXX_FLAGS = ("-fno-exceptions", "-fno-rtti", "-fpermissive", "-fno-extern-tls-init", "-ftls-model=local-dynamic", "-fno-threadsafe-statics")

# A strict build: every access to memory that others may see calls the runner (runtime/shadow.c) first; frames are linked and lines known,
# so that it can say where. Nothing is read that the text does not read: loop invariants stay where they are.
STRICT_FLAGS = ("-DKG_STRICT=1", "-fsanitize=thread", "--param=tsan-distinguish-volatile=1", "--param=tsan-instrument-func-entry-exit=0",
                "-fno-omit-frame-pointer", "-fno-optimize-sibling-calls", "-fno-tree-loop-im", "-fno-tree-cselim", "-g1")
# Device pointers are aligned as their types ask; and what the kernel does not use is left out, so that its shared memory can be counted.
APART = "-DKG_APART=256"            # bytes after each array in shared memory
STRICT_BLOCK_FLAGS = ("-fsanitize=alignment", "-ffunction-sections", "-fdata-sections", APART)
_WRAPPED = ("--gc-sections", *(f"--wrap={name}" for name in ("memcpy", "memmove", "memset")))

# Signs that a text for the CPU is C++ and not C.
_CXX = re.compile(r"\b(?:static_cast|reinterpret_cast|const_cast|template|namespace|nullptr|constexpr|std::|using\s+\w+|"
                  r"extern\s*\"C\"|class\s+\w+)")
_CXX_HEADER = re.compile(r"#\s*include\s*<\w+>")         # no ".h"
_INCLUDE = re.compile(r"^([ \t]*)#[ \t]*(?:include|pragma\s+once)\b.*$", re.MULTILINE)
_INSTANTIATED = re.compile(r"^kernel:(\d+):(?:\d+:)?\s+required from", re.MULTILINE)      # a template of a header, called by the text
_ERROR = re.compile(r"^(?:[^\n:]*/)?(kernel|entry|[^\n:]+\.h):(\d+):(?:\d+:)? (?:fatal )?error: (.*)$", re.MULTILINE)


class Faulted(Exception):
    """A program could not be built or run; ``fault`` says why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(f"{fault.kind}: {fault.sentence}")


@dataclass(frozen=True, slots=True)
class Unit:
    """A translation unit, ready for a compiler. ``stem`` names the result in the cache folder."""

    program: Program
    text: str
    language: str                   # "c++" or "c"
    flags: tuple[str, ...]
    stem: str
    change: str = ""                # a sed script for what the preprocessor makes of it

    @property
    def libraries(self) -> int:
        """What the runner loads before it locks itself: 1 OpenMP, 2 the C++ library."""
        return ("-fopenmp" in self.flags) + 2 * ("-std=gnu++17" in self.flags and self.program.dialect in ("c", "vnni"))


@dataclass(frozen=True, slots=True)
class Module:
    """A program that was built; ``path`` is a shared object."""

    unit: Unit
    path: str
    seconds: float                  # that the build took, 0 when it was in the cache folder


def warp_size(program: Program) -> int:
    """Lanes of a warp: 32 on NVIDIA and RDNA, 64 on GCN and CDNA."""
    return 64 if program.dialect == "hip" and not re.match(r"gfx1[0-2]", program.architecture) else 32


@dataclass(frozen=True, slots=True)
class Way:
    """How a translation unit is made; the ways of WAYS are tried until one compiles."""

    typed: bool = False             # pass arguments by the case's types, for templates whose parameters are deduced
    other_language: bool = False    # C where C++ was guessed, and the other way round
    plain: bool = False             # without precompiled headers, whose names the text might use for its own things


WAYS = {BLOCKS: (Way(), Way(typed=True)), TASKS: (Way(), Way(typed=True)),
        CALL: (Way(), Way(plain=True), Way(other_language=True, plain=True), Way(typed=True, plain=True))}


def translation_unit(program: Program, cases: Sequence[TestCase], way: Way = Way(), strict: bool = False) -> Unit:
    """The text to compile, and with which flags."""
    cpu = HOW[program.dialect] == CALL
    language = "c++" if not cpu or _CXX_HEADER.search(program.text) or _CXX.search(program.text) else "c"
    if way.other_language:
        language = "c" if language == "c++" else "c++"
    language = program.language or language
    flags = [*COMMON_FLAGS, "-std=gnu++17" if language == "c++" else "-std=gnu17", f"-I{toolchain.RUNTIME}"]
    head: list[str] = []
    text = program.text
    if language == "c++":
        flags += CXX_FLAGS
    if strict:
        flags += [*STRICT_FLAGS, *_filled_locals("g++" if language == "c++" else "gcc")]
        flags += STRICT_BLOCK_FLAGS if HOW[program.dialect] == BLOCKS else ()
    if cpu:
        vectors = cpu_build.vectors(text, program.dialect == "vnni" and program.architecture == "semantic")
        flags += _cpu_flags(program, vectors)
        if vectors.semantic:
            text = _INCLUDE.sub(r"\1", text)
        elif not way.plain and (vectors.native or language == "c++" and _CXX_HEADER.search(text)):
            more = ("immintrin.h",) if vectors.native else ()
            flags.append(f"-I{toolchain.precompiled(language, tuple(flags), more)}")
            head.append("#include <kernelglot_cpu.h>")
        head += vectors.head
        head.append("#include <stdbool.h>" if language == "c" else "#define restrict __restrict")
    else:
        flags += ["-nostdinc", "-nostdinc++", f"-DKG_WARP={warp_size(program)}", *_device_features(text)]
        if "f16c" in toolchain.cpu_flags():
            flags.append("-mf16c")
        head.append(f'#include "{toolchain.DIALECTS}/{program.dialect}/intrinsics/prelude.h"')
        text = _INCLUDE.sub(r"\1", text)
        if program.dialect == "cuda" and "asm" in text:
            text = ptx.rewritten(text)
        if program.dialect == "bang":
            flags += bang_build.flags(program.architecture, text)
            text = bang_build.rewritten(text)
        elif program.dialect == "hip":
            flags += hip_build.flags(program.architecture, program.text)
            text = hip_build.without_ext_vectors(text)
        if _dynamic_shared(text):
            room = max(launch.shared_bytes for launch in (program.launch, *(case.launch for case in cases))) + CANARY_BYTES
            head.append('extern "C" { __attribute__((aligned(128), visibility("default"))) thread_local char '
                        f"kg_dynamic_shared[{room}]; }}")
    head.append('#include "entry.h"' if language == "c++" else '#include "runtime.h"')   # before the text: its macros may be called N
    entry = _entry(program, cases[0], language, way.typed)
    whole = "\n".join([*head, '#line 1 "kernel"', text, '#line 1 "entry"', entry, ""])
    tool = "g++" if language == "c++" else "gcc"
    stem = "module-" + toolchain.digest(whole, *flags, toolchain.fingerprint(tool), toolchain.runtime_digest())
    return Unit(program, whole, language, tuple(flags), stem)


@functools.cache
def _filled_locals(tool: str) -> tuple[str, ...]:
    """Local variables start with a pattern, so that results of a strict run differ where one without a value is used (gcc 12 and later)."""
    flag = "-ftrivial-auto-var-init=pattern"
    with tempfile.TemporaryDirectory(prefix="kernelglot-flag-") as scratch:
        (Path(scratch) / "empty.c").write_text("", encoding="ascii")
        compiler = toolchain.find(tool)
        command = [compiler, flag, "-fsyntax-only", "empty.c"]
        return (flag,) if sandbox.compile_now([command], Path(scratch), execute=toolchain.install_folders(compiler)).returncode == 0 else ()


def _cpu_flags(program: Program, vectors: cpu_build.Vectors) -> list[str]:
    flags = []
    if re.search(r"#\s*pragma\s+omp|omp\.h", program.text):
        flags.append("-fopenmp")
    if vectors.native:
        flags.append("-march=native")
    return flags


def _dynamic_shared(text: str) -> bool:
    return bool(re.search(r"\bextern\b[^;{}()]*__shared__|__shared__\s+extern|HIP_DYNAMIC_SHARED", text)
                or re.search(r"\bextern\b[^;{}]*__shared__", text))


def _entry(program: Program, case: TestCase, language: str, typed: bool) -> str:
    arguments = [case.argument(name) for name in program.parameters]
    finish = " bang_finish();" if program.dialect == "bang" else ""
    if language == "c++" and not typed:
        return (f"static_assert(kernelglot::kg_arity(&{program.symbol}) == {len(arguments)}, "
                '"the kernel takes another number of arguments");\n'
                f'extern "C" __attribute__((visibility("default"), externally_visible)) void kg_entry(const kg_slot *kg_slots) '
                f"{{ kernelglot::kg_call(&{program.symbol}, kg_slots);{finish} }}")
    passed = []
    cpu = HOW[program.dialect] == CALL
    for index, argument in enumerate(arguments):
        if isinstance(argument, Buffer):
            cast = f"({_c_type(argument.dtype, cpu)} *)" if language == "c++" else ""
            passed.append(f"{cast}kg_slots[{index}].value.address")
        else:
            short = cpu and argument.dtype == "bf16"               # by value, C has a float
            cast = f"({_c_type('f32' if short else argument.dtype, cpu)})" if language == "c++" else ""
            passed.append(f"{cast}kg_slots[{index}].value.{'real' if is_float(argument.dtype) else 'integer'}")
    linkage = 'extern "C" ' if language == "c++" else ""
    return (f'{linkage}__attribute__((visibility("default"), externally_visible)) void kg_entry(const kg_slot *kg_slots) '
            f"{{ {program.symbol}({', '.join(passed)});{finish} }}")


def _c_type(dtype: str, cpu: bool) -> str:
    """How C++ spells the elements; a text for the CPU has the 16 bits of a brain float."""
    if cpu and dtype in ("f16", "bf16"):
        return {"f16": "_Float16", "bf16": "unsigned short"}[dtype]
    return {"f16": "kernelglot::Half", "bf16": "kernelglot::Bfloat16", "f32": "float", "f64": "double", "i8": "signed char",
            "u8": "unsigned char", "i16": "short", "u16": "unsigned short", "i32": "int", "u32": "unsigned", "i64": "long long",
            "u64": "unsigned long long"}[dtype]


MakeUnit = Callable[[Program, Sequence[TestCase], Way], Unit]


class Build:
    """A build under way; several may run at once. ``wait`` gives the module or raises Faulted. ``make``: instead of translation_unit."""

    def __init__(self, program: Program, cases: Sequence[TestCase], side: str = "", strict: bool = False,
                 make: MakeUnit | None = None) -> None:
        self._program, self._cases, self._side, self._strict, self._make = program, cases, side, strict, make
        self._running: sandbox.Running | None = None
        self._scratch: Path | None = None
        self._ways = [way for way in WAYS[HOW[program.dialect]] if not (way.other_language and program.language)]
        self._begin(self._ways.pop(0))

    def __enter__(self) -> Build:
        return self

    def __exit__(self, *_: object) -> None:
        self._drop()

    def wait(self) -> Module:
        first: Fault | None = None
        while True:
            if self._running is None:
                return Module(self._unit, str(self._target), 0.0)
            done = self._running.wait()
            if done.returncode == 0 and not done.timed_out:
                self._link(done)
                module = Module(self._unit, str(self._target), done.seconds)
                self._drop()
                return module
            fault = self._fault(done)
            first = first or fault
            self._drop()
            if fault.kind != "compile-error" or not self._worth_another_way(done):
                raise Faulted(first)
            self._begin(self._ways.pop(0))

    def _begin(self, way: Way) -> None:
        self._unit = (self._make(self._program, self._cases, way) if self._make
                      else translation_unit(self._program, self._cases, way, self._strict))
        self._target = toolchain.cache_folder() / f"{self._unit.stem}.so"
        if toolchain.reuse_module(self._target):
            return
        self._scratch = Path(tempfile.mkdtemp(prefix="kernelglot-build-"))
        compiler = toolchain.find("g++" if self._unit.language == "c++" else "gcc")
        (self._scratch / "kernel").write_text(self._unit.text, encoding="utf-8", errors="surrogateescape")
        commands = _compile(compiler, self._unit)
        if not self._late_link():
            commands.append(_link_command([], self._strict))
        self._running = sandbox.start_compile(commands, self._scratch, toolchain.install_folders(compiler), readable(self._unit))

    def _late_link(self) -> bool:
        return "kg_dynamic_shared" in self._unit.text

    def _link(self, compiled: sandbox.Finished) -> None:
        if self._late_link():
            symbols = undefined_thread_locals((self._scratch / "unit.o").read_bytes())
            linked = sandbox.compile_now([_link_command(symbols, self._strict)], self._scratch)
            if linked.returncode:
                raise Faulted(Fault("compile-error", f"it does not link: {linked.output[:500]}", 0, self._side))
        toolchain.publish(self._scratch / "unit.so", self._target)
        toolchain.forget_old_modules(self._target.parent)

    def _fault(self, done: sandbox.Finished) -> Fault:
        if done.refused:
            return Fault("sandbox", "was not compiled: the system refused what the sandbox's self-test was given", 0, self._side)
        if done.timed_out:
            return Fault("compile-error", f"the compiler did not end within {done.seconds:.0f} s", 0, self._side)
        errors = _ERROR.findall(done.output)
        chosen = next((error for error in errors if error[0] == "kernel"), errors[0] if errors else None)
        if chosen is None:
            message = next((line for line in done.output.splitlines() if line.strip()), "the compiler gave no message")
            return Fault("compile-error", f"it does not compile: {message[:300]}", 0, self._side)
        where, line, message = chosen
        from_text = None if where == "kernel" else _INSTANTIATED.search(done.output)
        line = line if where == "kernel" else from_text[1] if from_text else "0"
        return Fault("compile-error", f"it does not compile: {message[:300]}", int(line), self._side)

    def _worth_another_way(self, done: sandbox.Finished) -> bool:
        """Device code: only where the generated call is at fault. CPU code: another language or no precompiled headers may do."""
        if HOW[self._program.dialect] == CALL:
            if self._ways and self._ways[0] == Way(plain=True) and not any("headers-" in flag for flag in self._unit.flags):
                self._ways.pop(0)
            return bool(self._ways)
        errors = _ERROR.findall(done.output)
        return bool(self._ways) and bool(errors) and all(error[0] != "kernel" for error in errors)

    def _drop(self) -> None:
        if self._running is not None:
            self._running.end()
            self._running = None
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = None


def _link_command(symbols: Sequence[str], strict: bool = False) -> list[str]:
    """``ld`` itself is 40 ms faster than asking g++ to link. Every ``extern __shared__`` array is the block's dynamic shared memory."""
    return [toolchain.find("ld"), "-shared", "-z", "norelro", "-z", "now", "--build-id=none", "-soname", "kernel",
            *(_WRAPPED if strict else ()), *(f"--defsym={name}=kg_dynamic_shared" for name in symbols), "unit.o", "-o", "unit.so"]


def _compile(compiler: str, unit: Unit) -> list[list[str]]:
    """In strict builds bytes that belong to nobody follow each array in shared memory, so that who leaves one is not in the next."""
    start = [compiler, *unit.flags, "-x", unit.language]
    if unit.change:
        return [[*start, "-E", "kernel", "-o", "unit.ii"], [toolchain.find("sed"), "-i", "-e", unit.change, "unit.ii"],
                [compiler, *unit.flags, "-x", f"{unit.language}-cpp-output", "-c", "unit.ii", "-o", "unit.o"]]
    if APART not in unit.flags or not (toolchain.installed("sed") and toolchain.installed("as")):
        return [[*start, "-c", "kernel", "-o", "unit.o"]]
    spread = rf"/^\t\.section\t\.tbss/,/^\t\.zero/s/^\t\.zero\t[0-9]*$/&\n\t.zero\t{APART.partition('=')[2]}/"
    return [[*start, "-S", "kernel", "-o", "unit.s"], [toolchain.find("sed"), "-i", "-e", spread, "unit.s"],
            [toolchain.find("as"), "unit.s", "-o", "unit.o"]]


def readable(unit: Unit) -> list[str]:
    """What the compiler may read besides the system: the emulator's headers and the precompiled ones."""
    return [str(toolchain.DIALECTS), *(flag[2:] for flag in unit.flags if flag.startswith("-I"))]


def undefined_thread_locals(data: bytes) -> list[str]:
    """Names that an object uses as thread-local variables and does not define."""
    return [symbol.name for symbol in elf.symbols(data) if symbol.kind == elf.THREAD_LOCAL_VARIABLE and not symbol.section]


def line_of(module: Module, instruction: int) -> int:
    """The line of the kernel's text an instruction of the module belongs to, 0 where unknown. Builds once more with line numbers (the
    code stays the same), so it is only asked after a fault."""
    scratch = Path(tempfile.mkdtemp(prefix="kernelglot-line-"))
    try:
        compiler = toolchain.find("g++" if module.unit.language == "c++" else "gcc")
        (scratch / "kernel").write_text(module.unit.text, encoding="utf-8", errors="surrogateescape")
        compile_ = [compiler, *module.unit.flags, "-g1", "-x", module.unit.language, "-c", "kernel", "-o", "unit.o"]
        if sandbox.compile_now([compile_], scratch, toolchain.install_folders(compiler), readable(module.unit)).returncode:
            return 0
        link = _link_command(undefined_thread_locals((scratch / "unit.o").read_bytes()))
        if sandbox.compile_now([link], scratch).returncode:
            return 0
        return lines_at(str(scratch / "unit.so"), [instruction]).get(instruction, 0)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def lines_at(module: str, addresses: Sequence[int]) -> dict[int, int]:
    """Address -> line of the kernel's text, of a module with line numbers; without those that lie elsewhere."""
    if not addresses or not toolchain.installed("addr2line"):
        return {}
    scratch = Path(tempfile.mkdtemp(prefix="kernelglot-line-"))
    try:
        words = shlex.join([toolchain.find("addr2line"), "-a", "-i", "-e", module, *(f"{address:#x}" for address in addresses)])
        if sandbox.compile_now([[toolchain.find("sh"), "-c", f"exec {words} > where"]], scratch, read=[module]).returncode:
            return {}
        text = (scratch / "where").read_text(encoding="utf-8", errors="replace")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    found = {}
    for part in re.split(r"^(?=0x)", text, flags=re.MULTILINE):
        line = re.search(r"(?:^|/)kernel:(\d+)", part, re.MULTILINE)
        if part and line:
            found[int(part.split(None, 1)[0], 16)] = int(line.group(1))
    return found
