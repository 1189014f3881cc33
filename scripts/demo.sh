#!/usr/bin/env bash
# The main job on three real kernels: CUDA to every other dialect, each result run against the original. Takes no arguments.
# Results stay in build/demo. Ends with 1 when any verdict failed, so that it can stand as a smoke test.
set -uo pipefail
cd "$(dirname "$0")/.."
out=build/demo
rm -rf "$out"
mkdir -p "$out"
worst=0
for name in vector_add softmax_block gemm_tiled; do
  source=examples/operators/$name.cu
  for target in bang:mlu hip:hip vnni:vnni.c c:c; do
    printf '\n$ kernelglot translate %s --to %s\n' "$source" "${target%%:*}"
    .venv/bin/kernelglot translate "$source" --to "${target%%:*}" --out "$out/$name.${target#*:}"
    status=$?
    if [ "$status" -gt "$worst" ]; then worst=$status; fi
  done
done
printf '\nThe translations are in %s; each stands beside its verdict above.\n' "$out"
exit "$worst"
