"""Test cases of the kernels that come with the repository: all found in host code, and every buffer exactly as long as the kernel needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from kernelglot.dialects.base import of_path
from kernelglot.frontend.lower import lower
from kernelglot.verify.arguments import Draft, prints
from kernelglot.verify.cases import Buffer, Scalar
from kernelglot.verify.discover import discover

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted([*(ROOT / "examples" / "operators").glob("*.cu"), *(ROOT / "tests" / "kernels").glob("*.cu")])


def found(path: Path):
    text, dialect = path.read_text(encoding="utf-8"), of_path(path.name)
    assert dialect is not None
    module = lower(text, dialect.spelling)
    return [(kernel, discover(text, path, module, kernel, dialect.spelling)) for kernel in module.kernels]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_host_code_gives_cases(path: Path):
    results = found(path)
    assert results
    for kernel, discovery in results:
        assert discovery.missing is None
        assert {case.origin for case in discovery.cases} == {"host"}
        for case in discovery.cases:
            assert [argument.name for argument in case.arguments] == [param.name for param in kernel.params]
            assert case.results


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_the_kernel_touches_is_what_the_host_allocates(path: Path):
    for kernel, discovery in found(path):
        for case in discovery.cases:
            draft = Draft(case.launch, {a.name: a.value for a in case.arguments if isinstance(a, Scalar)})
            ranges = {a.name: (a.low, a.high) for a in case.arguments if isinstance(a, Buffer) and a.low is not None and a.high is not None}
            uses = prints(kernel, draft, ranges).uses
            for buffer in case.buffers:
                use = uses[buffer.name]
                if use.elements is None:
                    assert path.stem == "conv1d"        # `mask` lies in constant memory: what reads it is opaque today
                    continue
                assert use.range[0] >= 0, buffer
                assert use.elements <= buffer.elements, buffer
                if case is discovery.cases[0] and buffer.low is None and not ranges:
                    assert use.elements == buffer.elements, buffer


@pytest.mark.parametrize("stem, sizes, grid, roles", [
    ("gemm_naive", {"M": 50, "N": 70, "K": 45}, (4, 5, 1), {"A": "in", "B": "in", "C": "inout"}),
    ("softmax_row", {"nrows": 45, "ncols": 25}, (2, 1, 1), {"x": "in", "y": "inout"}),
    ("layernorm", {"hidden": 200}, (28, 1, 1), {"x": "in", "gamma": "in", "beta": "in", "y": "out"}),
    ("batchnorm_inference", {"channels": 10, "plane": 180}, (10, 3, 1), {"input": "in", "mean": "in", "output": "out"}),
    ("reduce_sum_atomic", {"N": 12345}, (8, 1, 1), {"in": "in", "result": "inout"}),
    ("conv2d", {"P": 19, "Q": 21}, (3, 3, 10), {"input": "in", "output": "out"}),
])
def test_the_first_case_is_the_host_s_own(stem: str, sizes: dict, grid: tuple, roles: dict):
    path = next(path for path in FILES if path.stem == stem)
    case = found(path)[0][1].cases[0]
    assert {name: case.argument(name).value for name in sizes} == sizes
    assert case.launch.grid == grid
    assert {name: case.argument(name).role for name in roles} == roles


def test_index_data_that_the_file_spells_out_is_narrowed_so_that_nothing_leaves_its_buffer():
    path = next(path for path in FILES if path.stem == "deformable_attention")
    case = found(path)[0][1].cases[0]
    shapes, start = case.argument("spatial_shapes"), case.argument("level_start")
    assert (shapes.low, start.low) == (3, 0)
    assert start.high + shapes.high**2 <= 159
    assert any("instead of 0..150" in sentence for sentence in case.assumptions)
