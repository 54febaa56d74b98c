"""Kernels: one file each, a Numba CPU function and its CUDA twin beside it."""
