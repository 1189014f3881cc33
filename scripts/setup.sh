#!/usr/bin/env bash
# Makes .venv with Kernelglot and its development tools, and a C++ compiler. Usage: scripts/setup.sh STAMP
# Quiet when all goes well; otherwise one sentence that names what to install. KERNELGLOT_PYTHON picks the interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."
stamp=$1

say() { printf 'kernelglot: %s\n' "$*" >&2; }
fail() { say "$*"; exit 2; }
can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_updated=
apt_install() {
  say "installing $* with apt-get"
  local log
  log=$(mktemp)
  export DEBIAN_FRONTEND=noninteractive
  if [ -z "$apt_updated" ]; then apt-get update -qq </dev/null >"$log" 2>&1 || say "apt-get update failed; going on with the package list that is there"; apt_updated=1; fi
  if ! apt-get install -y -qq --no-install-recommends "$@" </dev/null >>"$log" 2>&1; then tail -5 "$log" >&2; rm -f "$log"; return 1; fi
  rm -f "$log"
}

recent_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
find_python() {
  local name
  for name in ${KERNELGLOT_PYTHON:-} python3.13 python3.12 python3.11 python3; do
    if command -v "$name" >/dev/null && recent_enough "$name"; then command -v "$name"; return; fi
  done
  return 1
}

# --- Python and its environment
if ! { [ -x .venv/bin/python ] && recent_enough .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; }; then
  if ! python=$(find_python); then
    can_install && apt_install python3 python3-venv || true
    python=$(find_python) || fail "Python 3.11 or newer is missing: install it (Debian, Ubuntu: apt-get install python3 python3-venv) or name one in KERNELGLOT_PYTHON, then run make again."
  fi
  if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    can_install && { apt_install "python$version-venv" || apt_install python3-venv || true; }
    "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
      fail "$python cannot make virtual environments: install its venv module (Debian, Ubuntu: apt-get install python$version-venv), then run make again."
  fi
  say "making .venv with $("$python" --version)"
  "$python" -m venv --clear .venv || fail "$python could not make a virtual environment in .venv."
fi

# --- a C++ compiler: kernels are verified by compiling and running them
if ! command -v g++ >/dev/null && ! command -v clang++ >/dev/null; then
  can_install && apt_install g++ || true
  command -v g++ >/dev/null ||
    fail "a C++ compiler is missing, and without it nothing can be verified: install g++ (Debian, Ubuntu: sudo apt-get install g++), then run make again."
fi

# --- packages
say "installing packages into .venv"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input -e '.[dev]' ||
  fail "pip could not install the packages that pyproject.toml names: check the network or the package index (pip config list), then run make again."
touch "$stamp"
