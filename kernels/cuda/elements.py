"""Kernels of losses of a margin: a grid of threads strides over the elements, each computed in double precision."""

from typing import Any

from numba import cuda, float64


def margin_loss(tail: Any, backward: bool) -> Any:
    """Kernel ``(v, value, slope)`` on flat arrays; slope is not touched unless backward."""

    def loss(v: Any, value: Any, slope: Any) -> None:
        for i in range(cuda.grid(1), v.shape[0], cuda.gridsize(1)):
            here, steep = tail(float64(v[i]))
            value[i] = here
            if backward:
                slope[i] = steep

    return loss
