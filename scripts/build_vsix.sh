#!/usr/bin/env bash
# Builds the VS Code extension with editors/vscode/package.sh and prints the path of the .vsix file. Installs Node.js first where it may.
set -euo pipefail
cd "$(dirname "$0")/../editors/vscode"

say() { printf 'kernelglot: %s\n' "$*" >&2; }
if ! command -v npm >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing nodejs and npm with apt-get"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm; } </dev/null >/dev/null 2>&1 || true
  fi
  command -v npm >/dev/null || { say "npm is missing: install Node.js 20 or newer with npm, then run make vsix again."; exit 2; }
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
bash package.sh </dev/null >"$log" 2>&1 || { cat "$log" >&2; say "the extension did not build."; exit 1; }
tail -1 "$log"
