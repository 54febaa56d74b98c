"""Kernels of losses of a margin: a grid of threads strides over the elements, each computed in double precision.

A thread runs the loop of the CPU kernel on one element of its own.
"""

from typing import Any

from numba import cuda, float64


def margin_loss(loop: Any, parameters: int, backward: bool) -> Any:
    """Kernel ``(v, value, slope, a)`` on flat arrays; slope is not touched unless backward."""

    def loss(v: Any, value: Any, slope: Any, a: Any) -> None:
        x = cuda.local.array(1, float64)
        here = cuda.local.array(1, float64)
        steep = cuda.local.array(1, float64)
        for i in range(cuda.grid(1), v.shape[0], cuda.gridsize(1)):
            x[0] = v[i]
            if parameters:
                loop(x, here, steep, a)
            else:
                loop(x, here, steep)
            value[i] = here[0]
            if backward:
                slope[i] = steep[0]

    return loss
