"""CUDA C."""
