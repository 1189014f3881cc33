# Every target makes its own environment first (.venv, packages, a C++ compiler): a clean clone needs only make and Python 3.11+.
.SUFFIXES:
SHELL := /bin/bash
PYTHON := .venv/bin/python
STAMP := .venv/.kernelglot-installed

.PHONY: help setup compilers demo test test-vscode check golden bench bench-accuracy conformance mutants vsix clean

help:            ## what can be made
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+): .*## /\1\t/' | expand -t 18

setup: $(STAMP)  ## the environment, in .venv

$(STAMP): pyproject.toml scripts/setup.sh
	@bash scripts/setup.sh $(STAMP)

compilers: $(STAMP)  ## real compilers that are asked about texts: nvcc (NVIDIA's wheels), clang with AMD's HIP headers; optional
	@bash scripts/compilers.sh

demo: $(STAMP)  ## three CUDA kernels to BANG C, HIP, C with VNNI and C, each verified
	@bash scripts/demo.sh

test: $(STAMP)  ## all tests, on two cores (ARGS="-k name" picks some)
	@$(PYTHON) -m pytest $(if $(ARGS),$(ARGS),-n 2 --dist loadfile)

test-vscode: $(STAMP)  ## a real VS Code with the packaged extension (needs Chromium and npm)
	@bash tests/editor/vscode/run.sh $(ARGS)

check: $(STAMP)  ## what CI runs beside the tests: ruff and mypy
	@$(PYTHON) -m ruff check engine server tests scripts $(wildcard bench)
	@$(PYTHON) -m mypy

golden: $(STAMP)  ## rewrite the expected blocks of tests/golden; read the diff afterwards
	@$(PYTHON) -m pytest tests/golden --update-golden -q; status=$$?; git --no-pager diff --stat -- tests/golden; exit $$status

bench: $(STAMP)  ## times: parse, verify cycle, translate + verify, server start, emulated programs beside plain C
	@$(PYTHON) bench/speed.py $(ARGS)
	@$(PYTHON) bench/emulator.py

bench-accuracy: $(STAMP)  ## examples/operators to every target, one cell a verdict
	@$(PYTHON) bench/accuracy.py $(ARGS)

conformance: $(STAMP)  ## docs/conformance.md: intrinsics specified, emulated, tested
	@$(PYTHON) scripts/conformance.py $(ARGS)

mutants: $(STAMP)  ## every wrong version of the example kernels; records the score, fails where one is accepted
	@$(PYTHON) scripts/score_mutants.py $(ARGS)

vsix: $(STAMP)  ## the VS Code extension as one .vsix file
	@bash scripts/build_vsix.sh

clean:           ## remove what was built, the environment too
	@rm -rf .venv build dist .pytest_cache .hypothesis .ruff_cache .mypy_cache \
	  editors/vscode/node_modules editors/vscode/out editors/vscode/bundled editors/vscode/LICENSE editors/vscode/*.vsix
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
