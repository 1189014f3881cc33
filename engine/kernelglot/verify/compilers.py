"""The real compilers of this machine that can be asked whether they accept a text: which there are, and how each is called.

cuda      nvcc: on the PATH, or NVIDIA's wheels in this Python environment (`make compilers`)
hip       hipcc of a ROCm installation; else clang 17 or newer with AMD's HIP headers (Debian's `libamdhip64-dev`; `make compilers` unpacks
          them without installing). Device code only, down to the assembly of the architecture: no library, no linking.
bang      cncc on the PATH
c, vnni   gcc (or g++) and clang, with -Wall -Wextra

Everything is looked for on the user's PATH, in /opt, /usr and in the Python environment; never in a workspace. No option comes from a text.
"""

from __future__ import annotations

import os
import re
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from ..dialects import base as dialects
from . import toolchain
from .build import CALL, HOW
from .cases import Program

CLANGS = ("clang++", *(f"clang++-{version}" for version in range(23, 16, -1)))
HIP_ARCHITECTURES = ("gfx90a", "gfx942", "gfx1100")
# Where AMD's headers lie: `make compilers` unpacks them into the environment, ROCm installs them in /opt, Debian in /usr.
HIP_HEADERS = (Path(sysconfig.get_path("data")) / "share/kernelglot/hip/include", Path("/opt/rocm/include"), Path("/usr/include"))
FIRST_CLANG_FOR_HIP = 17
FIRST_HIP_OF_OUR_TEXTS = 6          # major version that manuals/hip is about
CPU = "sapphirerapids"              # has all that the VNNI dialect's intrinsics need; nothing is run


@dataclass(frozen=True, slots=True)
class Compiler:
    """One compiler that can be asked. ``folders``: what it reads and starts beside the system; ``headers``: which it is given, in words."""

    tool: str
    path: str
    folders: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    headers: str = ""
    dated: bool = False             # its headers are older than the texts it is asked about

    @property
    def fingerprint(self) -> str:
        status = os.stat(os.path.realpath(self.path))
        return f"{self.path} {status.st_size} {status.st_mtime_ns} {self.headers}"


def compilers(dialect: str) -> tuple[Compiler, ...]:
    """Those that are installed for a dialect, none where there is none."""
    match dialect:
        case "cuda":
            return _nvcc()
        case "hip":
            return _hip()
        case "bang":
            return _on_path("cncc")
        case _:
            clang = _clang(1)
            return (*_on_path("gcc"), *(() if clang is None else (Compiler("clang", clang),)))


def architecture_of(program: Program) -> str:
    """The architecture a program is compiled for: its own, else its dialect's."""
    if HOW[program.dialect] == CALL:
        return CPU if program.dialect == "vnni" else ""
    own = program.architecture if program.architecture != "semantic" else ""
    return own or str(dialects.load(program.dialect).facts["default_architecture"])


def command(compiler: Compiler, program: Program, file: str) -> list[str]:
    """How the compiler is asked about ``file``, in the folder where it lies; what it makes is thrown away."""
    architecture = architecture_of(program)
    match program.dialect:
        case "cuda":
            options = ["-std=c++17", f"-arch={architecture}", "--expt-relaxed-constexpr", "--extended-lambda", "-cubin"]
        case "hip":
            options = ["-x", "hip", "-std=c++17", f"--offload-arch={architecture}", "--offload-device-only", "-S", "-Wno-everything"]
        case "bang":
            options = [f"--bang-mlu-arch={architecture}", "-O1", "-c"]
        case _:
            wide = [f"-march={architecture}"] if architecture else []
            options = ["-x", language_of(program), "-O2", "-Wall", "-Wextra", "-Wno-unknown-pragmas", "-fopenmp-simd", *wide, "-c"]
            options.append("-std=gnu++17" if language_of(program) == "c++" else "-std=gnu17")
    return [compiler.path, *options, *compiler.options, file, "-o", "unit.out"]


_CXX = re.compile(r"\b(?:static_cast|reinterpret_cast|const_cast|template|namespace|nullptr|constexpr|std::|using\s+\w+|extern\s*\"C\"|"
                  r"class\s+\w+)|#\s*include\s*<\w+>")


def language_of(program: Program) -> str:
    return program.language or ("c++" if _CXX.search(program.text) else "c")


def _on_path(tool: str) -> tuple[Compiler, ...]:
    return (Compiler(tool, toolchain.find(tool), toolchain.install_folders(toolchain.find(tool))),) if toolchain.installed(tool) else ()


def _nvcc() -> tuple[Compiler, ...]:
    found = _on_path("nvcc")
    if found:
        return found
    wheels = sorted(Path(sysconfig.get_path("purelib")).glob("nvidia/cu*/bin/nvcc"))
    return (Compiler("nvcc", str(wheels[-1]), (str(wheels[-1].parents[1]),)),) if wheels else ()


def _hip() -> tuple[Compiler, ...]:
    if toolchain.installed("hipcc"):
        path = toolchain.find("hipcc")
        return (Compiler("hipcc", path, (*toolchain.install_folders(path), *(["/opt/rocm"] if Path("/opt/rocm").is_dir() else []))),)
    clang = _clang(FIRST_CLANG_FOR_HIP)
    headers = next((folder for folder in HIP_HEADERS if (folder / "hip/hip_runtime.h").is_file()), None)
    if clang is None or headers is None:
        return ()
    version = _hip_version(headers)
    own = _resources(clang)
    if own is None:
        return ()
    options = ("-nogpulib", "-nogpuinc", "-isystem", f"{own}/cuda_wrappers", "-include", "__clang_hip_runtime_wrapper.h",
               "-idirafter", str(headers), "-D__HIP_PLATFORM_AMD__")
    folders = () if str(headers).startswith("/usr/") else (str(headers),)
    dated = int(version.partition(".")[0]) < FIRST_HIP_OF_OUR_TEXTS
    return (Compiler("clang", clang, folders, options, f"HIP {version} headers", dated),)


def _clang(least: int) -> str | None:
    """The newest clang++ on the PATH whose version is at least ``least``, as far as its folder tells."""
    found = [(int(version), tool) for tool in CLANGS if toolchain.installed(tool) and (version := _clang_version(toolchain.find(tool)))]
    good = [each for each in found if each[0] >= least]
    return toolchain.find(max(good)[1]) if good else None


def _clang_version(path: str) -> str:
    own = re.search(r"llvm-?(\d+)|clang(?:\+\+)?-(\d+)", os.path.realpath(path) + " " + path)
    return (own[1] or own[2]) if own else ""


def _resources(clang: str) -> Path | None:
    """The headers that come with clang."""
    root = Path(os.path.realpath(clang)).parents[1]
    found = sorted(root.glob("lib*/clang/*/include/__clang_hip_runtime_wrapper.h"))
    return found[-1].parent if found else None


def _hip_version(headers: Path) -> str:
    try:
        text = (headers / "hip/hip_version.h").read_text(encoding="ascii", errors="replace")
    except OSError:
        text = ""
    numbers = [re.search(rf"HIP_VERSION_{part}\s+(\d+)", text) for part in ("MAJOR", "MINOR")]
    return ".".join(number[1] for number in numbers if number) or "0"
