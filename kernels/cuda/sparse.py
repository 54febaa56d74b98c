"""Sparsemax and 1.5-entmax losses: Newton's method on the threshold, each step a reduction over the row.

The iteration is that of the CPU kernels: it climbs from below, never overshoots, and every thread of the row sees the
same threshold, so all leave the loop together.
"""

import math
from typing import Any

from numba import cuda, float64

from losscheck.kernels.cuda.reductions import alone, device
from losscheck.kernels.cuda.rows import larger, place, plus


@device
def _sparsemax_sums(d: Any, tau: Any) -> Any:
    return (d - tau, 1.0) if d > tau else (0.0, 0.0)


@device
def _sparsemax_step(tau: Any, first: Any, second: Any) -> Any:
    return tau + (first - 1.0) / second


@device
def _sparsemax_term(d: Any, tau: Any) -> Any:
    return (0.5 * (d - tau) * (d + tau), d - tau) if d > tau else (0.0, 0.0)


@device
def _entmax15_sums(d: Any, tau: Any) -> Any:
    r = 0.5 * d - tau
    return (r, r * r) if r > 0 else (0.0, 0.0)


@device
def _entmax15_step(tau: Any, first: Any, second: Any) -> Any:
    norm = math.sqrt(second)
    return tau + (norm - 1.0) * norm / first


@device
def _entmax15_term(d: Any, tau: Any) -> Any:
    r = 0.5 * d - tau
    return (r * r * (d - 4.0 / 3.0 * r), r * r) if r > 0 else (0.0, 0.0)


def _wait() -> None:
    cuda.syncthreads()


def _go() -> None:
    pass


SPARSE: dict[str, Any] = {
    "sparsemax": (_sparsemax_sums, _sparsemax_step, _sparsemax_term, 0.5),
    "entmax15": (_entmax15_sums, _entmax15_step, _entmax15_term, 4.0 / 3.0),
}


def row_sparse(reduction: Any, name: str, backward: bool) -> Any:
    """Kernel ``(x, y, value, grad, scale)``; grad is not touched unless backward."""
    where, wait = place(reduction), device(_go if reduction is alone else _wait)
    sums, step_of, term, constant = SPARSE[name]
    highest, worst = reduction(device(larger), float64, -math.inf), reduction(device(larger), float64, -math.inf)
    first_sum, second_sum, value_sum = (reduction(device(plus), float64, 0.0) for _ in range(3))

    def loss(x: Any, y: Any, value: Any, grad: Any, scale: Any) -> None:
        i, first, step = where()
        if i < x.shape[0]:
            top, bad = -math.inf, 0.0
            for j in range(first, x.shape[1], step):
                z = float64(x[i, j])
                top = z if z > top else top
                bad = bad if z < math.inf else 1.0
            top = highest(top)
            bad = worst(bad)
            bad = 1.0 if top == -math.inf else bad
            tau, rising = -1.0, bad == 0
            while rising:
                s, t = 0.0, 0.0
                for j in range(first, x.shape[1], step):
                    one, two = sums(float64(x[i, j]) - top, tau)
                    s += one
                    t += two
                s = first_sum(s)
                t = second_sum(t)
                wait()  # before the next reduction writes where some may still read
                higher = step_of(tau, s, t)
                rising = higher > tau
                tau = higher if rising else tau
            s = 0.0
            for j in range(first, x.shape[1], step):
                d = float64(x[i, j]) - top
                one, share = term(d, tau)
                s += one
                if backward:
                    mine = 1.0 if j == y[i] else 0.0
                    grad[i, j] = scale * (share - mine) if bad == 0 else math.nan
            s = value_sum(s)
            if first == 0:
                s = constant - (float64(x[i, y[i]]) - top) + s
                value[i] = max(0.0, s) if bad == 0 else math.nan

    return loss
