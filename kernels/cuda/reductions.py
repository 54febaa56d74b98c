"""How the threads that share a row combine what each has found: three bodies of one reduction.

- ``shared``: a tree in shared memory; it runs in Numba's simulator too.
- ``shuffled``: exchanges within a warp, then one number per warp in shared memory; a fraction of the barriers.
- ``alone``: one thread has the whole row.

Every thread receives the result. The number of threads of a block is a power of 2, for ``shuffled`` at least 32.
"""

from collections.abc import Callable
from typing import Any

from numba import cuda

MOST_THREADS, WARP, EVERY_LANE = 1024, 32, 0xFFFFFFFF
Reduction = Callable[[Callable[..., Any], Any, float], Any]


def device(function: Callable[..., Any]) -> Any:
    """A function of a GPU, inlined: compiling another one would ask for a GPU."""
    return cuda.jit(device=True, inline="always")(function)


def shared(combine: Any, kind: Any, neutral: float) -> Any:
    """The tree in shared memory."""

    def reduced(v: Any) -> Any:
        kept = cuda.shared.array(MOST_THREADS, kind)
        t = cuda.threadIdx.x
        kept[t] = v
        cuda.syncthreads()
        width = cuda.blockDim.x // 2
        while width > 0:
            if t < width:
                kept[t] = combine(kept[t], kept[t + width])
            cuda.syncthreads()
            width //= 2
        result = kept[0]
        cuda.syncthreads()  # the simulator gives the next reduction the same memory
        return result

    return device(reduced)


def shuffled(combine: Any, kind: Any, neutral: float) -> Any:
    """Exchanges within each warp, then among the warps."""

    def reduced(v: Any) -> Any:
        kept = cuda.shared.array(WARP, kind)
        t = cuda.threadIdx.x
        width = WARP // 2
        while width > 0:
            v = combine(v, cuda.shfl_xor_sync(EVERY_LANE, v, width))
            width //= 2
        if t % WARP == 0:
            kept[t // WARP] = v
        cuda.syncthreads()
        v = kept[t % WARP] if t % WARP < cuda.blockDim.x // WARP else kind(neutral)
        width = WARP // 2
        while width > 0:
            v = combine(v, cuda.shfl_xor_sync(EVERY_LANE, v, width))
            width //= 2
        return v

    return device(reduced)


def alone(combine: Any, kind: Any, neutral: float) -> Any:
    """Nothing to combine."""

    def reduced(v: Any) -> Any:
        return v

    return device(reduced)
