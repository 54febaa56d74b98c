"""Search for the lowest value of a graph over a box: grids miss a dent of width 1e-5, branch and bound does not."""

from __future__ import annotations

import numpy as np

from losscheck.engines.boxes import enclose
from losscheck.engines.numeric import evaluate
from losscheck.expr.graph import Expr


def lowest(
    root: Expr, box: dict[str, tuple[float, float]], *, below: float = -np.inf, rounds: int = 60, keep: int = 2000
) -> tuple[dict[str, float], float]:
    """The point with the smallest value found, and that value.

    Best-first branch and bound with outward rounded boxes: boxes whose lower end is above the best value are
    dropped, the others are cut along their widest edge; at most ``keep`` survive a round. Stops early once a value
    under ``below`` is found. A float search: it finds, it does not prove.

    >>> from losscheck.expr.build import var, power, add, const
    >>> from fractions import Fraction
    >>> point, value = lowest(power(add(var("v"), const(-3)), Fraction(2)), {"v": (-100.0, 100.0)})
    >>> round(point["v"], 3)
    3.0
    """
    names = list(box)
    lo = np.array([[box[k][0]] for k in names])
    hi = np.array([[box[k][1]] for k in names])
    best_value, best_point = np.inf, {k: (box[k][0] + box[k][1]) / 2 for k in names}
    for _ in range(rounds):
        low = np.broadcast_to(enclose([root], {k: (lo[i], hi[i]) for i, k in enumerate(names)})[0][0], lo.shape[1:])
        middle = lo / 2 + hi / 2
        value = evaluate([root], {k: middle[i] for i, k in enumerate(names)})[0]
        value = np.where(np.isfinite(value), value, np.inf)
        j = int(np.argmin(value))
        if value[j] < best_value:
            best_value, best_point = float(value[j]), {k: float(middle[i, j]) for i, k in enumerate(names)}
        alive = low < min(best_value, np.inf)
        if best_value < below or not alive.any():
            break
        order = np.argsort(np.where(alive, low, np.inf), kind="stable")[: min(int(alive.sum()), keep)]
        lo, hi, middle = lo[:, order], hi[:, order], middle[:, order]
        edge = np.argmax(hi - lo, axis=0)
        columns = np.arange(lo.shape[1])
        lower_hi, upper_lo = hi.copy(), lo.copy()
        lower_hi[edge, columns] = upper_lo[edge, columns] = middle[edge, columns]
        lo, hi = np.concatenate([lo, upper_lo], axis=1), np.concatenate([lower_hi, hi], axis=1)
    return best_point, best_value
