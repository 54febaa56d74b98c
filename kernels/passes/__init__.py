"""Loops that kernels share: polynomial exp and log, passes over rows, the drivers that pick among them."""
