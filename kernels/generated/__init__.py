"""Kernels made from a graph: the source of a loop is written from the lifted loss, and compiled."""

from losscheck.kernels.generated.making import kernel_for as kernel_for
