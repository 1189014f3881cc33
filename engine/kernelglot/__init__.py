"""Kernelglot: translates tensor kernels between CUDA C, HIP, BANG C, C with AVX-512 / VNNI and plain C, and says why to trust it."""

__version__ = "0.1.0"
