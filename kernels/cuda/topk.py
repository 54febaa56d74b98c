"""The largest probabilities of a row and their classes: each found by two reductions, after the one before it.

Of equal logits the first class comes first, as on the CPU. A row without probabilities has NaN and the first classes.
"""

import math
from typing import Any

from numba import float64, int64

from losscheck.kernels.cuda.reductions import device
from losscheck.kernels.cuda.rows import larger, passes


def row_topk(reduction: Any, kind: Any) -> Any:
    """Kernel ``(x, value, classes)``; k is the number of columns of the outputs."""
    where, others = passes(reduction, kind)
    highest, nearest = reduction(device(larger), float64, -math.inf), reduction(device(larger), float64, -math.inf)

    def topk(x: Any, value: Any, classes: Any) -> None:
        i, first, step = where()
        if i < x.shape[0]:
            top, rest = others(x, i, -1, first, step)
            total = float64(rest) + (1.0 if top > -math.inf else 0.0)
            defined = total > 0 and top < math.inf
            last, at = math.inf, -1
            for place in range(value.shape[1]):
                best, here = -math.inf, -math.inf
                for j in range(first, x.shape[1], step):
                    v = float64(x[i, j]) if defined else 0.0
                    if (v < last or (v == last and j > at)) and v > best:
                        best = v
                best = highest(best)
                for j in range(first, x.shape[1], step):
                    v = float64(x[i, j]) if defined else 0.0
                    if v == best and (v < last or j > at) and -float64(j) > here:
                        here = -float64(j)
                last, at = best, int64(-nearest(here))
                if first == 0:
                    value[i, place] = math.exp(best - float64(top)) / total if defined else math.nan
                    classes[i, place] = at

    return topk
