#!/usr/bin/env bash
# Builds kernelglot-VERSION.vsix in this folder, prints its path. The Python sources travel inside, in bundled/.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)

version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$root/engine/kernelglot/__init__.py")
[ -n "$version" ] || { echo "kernelglot: no __version__ in engine/kernelglot/__init__.py" >&2; exit 1; }
if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then npm ci --ignore-scripts --loglevel=error; fi

rm -rf bundled out
mkdir bundled
(cd "$root" && tar -cf - --exclude=__pycache__ --exclude='*.pyc' -C engine kernelglot -C ../server kernelglot_server) | tar -xf - -C bundled
for texts in prompts manuals; do          # the same places as in the wheel
  if [ -d "$root/$texts" ]; then cp -r "$root/$texts" "bundled/kernelglot/$texts"; fi
done
# What pip shall install beside them: [project] dependencies, one a line.
sed -n '/^dependencies = \[/,/^\]/s/^ *"\(.*\)",$/\1/p' "$root/pyproject.toml" >bundled/requirements.txt
[ -s bundled/requirements.txt ] || { echo "kernelglot: no dependencies found in pyproject.toml" >&2; exit 1; }
cp "$root/LICENSE" LICENSE

npm run --silent build
npx --no-install vsce package "$version" --no-dependencies --allow-missing-repository --no-update-package-json --no-git-tag-version \
  --out "kernelglot-$version.vsix" >&2
echo "$PWD/kernelglot-$version.vsix"
