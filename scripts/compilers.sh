#!/usr/bin/env bash
# The compilers that Kernelglot asks whether they accept a text, as far as they can be had here; none of them is needed.
# nvcc comes as NVIDIA's wheels into .venv; clang from the system's packages (as root); AMD's HIP headers are unpacked into .venv, not installed.
set -uo pipefail
cd "$(dirname "$0")/.."

say() { printf 'kernelglot: %s\n' "$*" >&2; }
clang_for_hip() { # the newest clang++ from 17 on
  local version
  for version in 23 22 21 20 19 18 17; do command -v "clang++-$version" && return; done
  return 1
}
has_apt() { command -v apt-get >/dev/null && command -v dpkg >/dev/null; }

# --- nvcc
if command -v nvcc >/dev/null; then
  say "nvcc is there: $(command -v nvcc)"
else
  say "installing NVIDIA's compiler wheels into .venv (130 MB)"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input -e '.[compilers]' || say "pip could not install them: CUDA text is not shown to nvcc"
fi

# --- clang
if ! clang_for_hip >/dev/null && has_apt; then
  if [ "$(id -u)" = 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq </dev/null >/dev/null 2>&1 || say "apt-get update failed; going on with the package list that is there"
    for version in 21 20 19 18 17; do
      apt-get install -y -qq --no-install-recommends "clang-$version" </dev/null >/dev/null 2>&1 && break
    done
  fi
  clang_for_hip >/dev/null || say "clang 17 or newer is missing (Debian, Ubuntu: sudo apt-get install clang-19): HIP text is not shown to clang"
fi

# --- AMD's headers
headers=.venv/share/kernelglot/hip
if [ -f "$headers/include/hip/hip_runtime.h" ] || [ -f /opt/rocm/include/hip/hip_runtime.h ] || [ -f /usr/include/hip/hip_runtime.h ]; then
  say "AMD's HIP headers are there"
elif has_apt; then
  scratch=$(mktemp -d)
  if (cd "$scratch" && apt-get download -qq libamdhip64-dev >/dev/null 2>&1 && dpkg -x libamdhip64-dev_*.deb unpacked); then
    mkdir -p "$headers" && rm -rf "$headers/include" && mv "$scratch/unpacked/usr/include" "$headers/include"
    say "AMD's HIP headers are in $headers"
  else
    say "the package libamdhip64-dev could not be had: HIP text is not shown to clang"
  fi
  rm -rf "$scratch"
else
  say "AMD's HIP headers are missing (they come with ROCm): HIP text is not shown to clang"
fi

.venv/bin/kernelglot doctor | grep -E -A1 ' (nvcc|hip|gcc|clang|c) '
