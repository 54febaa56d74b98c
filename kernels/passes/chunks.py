"""Rows in chunks that stay in the second cache between passes, on one thread or several.

Compiled loops release the interpreter lock, so plain threads share the chunks; nothing is compiled twice for it. A
chunk is handed on contiguous and in the dtype computed in, whatever the layout and storage of the whole; one that
shares memory with an output is copied, so that an output may be the input itself.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from losscheck.kernels.passes.buffers import Array, computed, rounded

CHUNK, ONCE, ALONE, CHUNK_ROWS = 1 << 17, 1 << 19, 1 << 21, 1 << 14


def over_chunks(
    run: Callable[..., None],
    rows: Sequence[Array],
    outputs: Sequence[Array | None],
    threads: int,
    *,
    alone: bool = False,
) -> None:
    """Call ``run(cut, *chunks of the rows, *chunks of the outputs)`` for every slice of rows.

    Where ``alone``, ``run`` finishes every row before it reads the next one, and chunks only share out the work.

    Raises
    ------
    ValueError
        For fewer than one thread.
    """
    if threads < 1:
        raise ValueError(f"threads is {threads}; give at least 1")
    count, classes = rows[0].shape
    shared = [any(o is not None and np.may_share_memory(x, o) for o in outputs) for x in rows]

    def one(cut: slice) -> None:
        parts = [_part(x[cut], copy) for x, copy in zip(rows, shared, strict=True)]
        wide = [_beside(o, cut) for o in outputs]
        run(cut, *parts, *wide)
        for o, kept in zip(outputs, wide, strict=True):
            if o is not None and kept is not None and kept.dtype != o.dtype:
                rounded(kept, o[cut])

    once = all(o is None or o.ndim == 1 for o in outputs)  # nothing of the size of the rows is met again
    beside = any(shared) or any(computed(a.dtype) != a.dtype for a in (*rows, *outputs) if a is not None)
    size = ALONE if alone and not beside else ONCE if once else CHUNK
    step = max(1, min(CHUNK_ROWS, size // classes, -(-count // threads)))
    cuts = [slice(first, first + step) for first in range(0, count, step)]
    if threads > 1 and len(cuts) > 1:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(one, cuts))
    else:
        for cut in cuts:
            one(cut)


def _part(x: Array, copy: bool) -> Array:
    kind = computed(x.dtype)
    return np.array(x, kind, order="C") if copy else np.ascontiguousarray(x, kind)


def _beside(output: Any, cut: slice) -> Any:
    if output is None or computed(output.dtype) == output.dtype:
        return None if output is None else output[cut]
    return np.empty(output[cut].shape, computed(output.dtype))
