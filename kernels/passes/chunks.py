"""Rows in chunks that stay in the second cache between passes, on one thread or several.

Compiled loops release the interpreter lock, so plain threads share the chunks; nothing is compiled twice for it.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

CHUNK, CHUNK_ROWS = 1 << 17, 4096


def over_chunks(run: Callable[[slice], None], rows: int, classes: int, threads: int) -> None:
    """Call ``run`` with the rows of every chunk.

    Raises
    ------
    ValueError
        For fewer than one thread.
    """
    if threads < 1:
        raise ValueError(f"threads is {threads}; give at least 1")
    step = max(1, min(CHUNK_ROWS, CHUNK // classes))
    cuts = [slice(first, first + step) for first in range(0, rows, step)]
    if threads > 1 and len(cuts) > 1:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(run, cuts))
    else:
        for cut in cuts:
            run(cut)
