"""Whole files under emulation, for tests: a text becomes a library, whose functions are called through ctypes."""

from __future__ import annotations

import ctypes
from pathlib import Path

import numpy

from kernelglot.frontend.preprocess import local_files
from kernelglot.verify import host_build


def built(text: str, name: str, dialect: str, kind: str = host_build.LIBRARY, tail: str = "", path: Path | None = None) -> host_build.Built:
    load = local_files(str(path)) if path else lambda _: None
    return host_build.emulated(host_build.Whole(name, text, dialect, tail=tail, load=load), kind)


class Library:
    """Functions by name; arrays are passed as pointers, Python floats as C floats, integers as C ints."""

    def __init__(self, text: str, name: str = "whole.cu", dialect: str = "cuda", tail: str = "") -> None:
        self.built = built(text, name, dialect, tail=tail)
        self._library = ctypes.CDLL(self.built.path)

    def __getattr__(self, name: str):
        function = getattr(self._library, name)

        def call(*arguments):
            return function(*(_passed(argument) for argument in arguments))

        return call


def _passed(argument):
    match argument:
        case numpy.ndarray():
            assert argument.flags.c_contiguous
            return argument.ctypes.data_as(ctypes.c_void_p)
        case float():
            return ctypes.c_float(argument)
        case _:
            return argument
