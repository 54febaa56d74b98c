r"""Kernels of rows of logits: the online normaliser per thread, one reduction, then the tail and the gradient.

A thread keeps the largest logit it has met and the sum of exponentials relative to it (M. Milakov, N. Gimelshein,
2018), the class y left out of both as on the CPU; the tail is computed in double precision, once per row. A row is read
once for a value and twice for a gradient.
"""

import math
from typing import Any

from numba import cuda, float64

from losscheck.kernels.cuda.reductions import alone, device


def larger(a: Any, b: Any) -> Any:
    """The larger one."""
    return a if a > b else b


def plus(a: Any, b: Any) -> Any:
    """The sum."""
    return a + b


def _block() -> Any:
    return cuda.blockIdx.x, cuda.threadIdx.x, cuda.blockDim.x


def _thread() -> Any:
    return cuda.grid(1), 0, 1


def place(reduction: Any) -> Any:
    """Where a thread stands: row, first class, step."""
    return device(_thread if reduction is alone else _block)


def passes(reduction: Any, kind: Any) -> tuple[Any, Any]:
    """Where a thread stands (row, first class, step), and the pass over a row.

    The pass returns the largest logit t of the classes but y, and the sum of exp(z_j - t) without one class that
    has it.
    """
    largest = reduction(device(larger), kind, -math.inf)
    summed = reduction(device(plus), kind, 0.0)

    def others(x: Any, i: Any, own: Any, first: Any, step: Any) -> Any:
        m, s = kind(-math.inf), kind(0)  # s leaves out one class that has the largest logit: its exponential is 1
        for j in range(first, x.shape[1], step):
            v = kind(x[i, j])
            if j == own or v == -math.inf:
                continue
            if v > m:
                s = (s + kind(1)) * math.exp(m - v) if m > -math.inf else s
                m = v
            elif v == m:
                s += kind(1)
            else:
                s += math.exp(v - m)  # NaN arrives here, and stays in the sum
        top = largest(m)
        winner = largest(kind(-first) if m == top else kind(-math.inf))
        if m > -math.inf and winner != kind(-first):
            s = (s + kind(1)) * (math.exp(m - top) if m < top else kind(1))
        return top, summed(s)

    return place(reduction), device(others)


def row_loss(reduction: Any, kind: Any, tail: Any, backward: bool) -> Any:
    """Kernel ``(x, y, value, grad, scale, parameter)`` of a loss of the odds; grad is not touched unless backward."""
    where, others = passes(reduction, kind)

    def loss(x: Any, y: Any, value: Any, grad: Any, scale: Any, parameter: Any) -> None:
        i, first, step = where()
        if i < x.shape[0]:
            own = y[i]
            top, rest = others(x, i, own, first, step)
            total = float64(rest) + (1.0 if top > -math.inf else 0.0)
            target = float64(x[i, own])
            d = target - float64(top)
            u = d - math.log(total) if total != 0 else math.inf
            if target == math.inf or top == math.inf or (target == -math.inf and total == 0):
                u = math.nan
            e = math.exp(-abs(u))
            small = math.log1p(e)
            share = 1.0 / (1.0 + e)
            rest = e * share
            if u >= 0:
                v, slope = tail(-small, -u - small, share, rest, parameter)
            else:
                v, slope = tail(u - small, -small, rest, share, parameter)
            if first == 0:
                value[i] = v
            if backward:
                c = -slope * scale / total if total != 0 else -slope * scale
                for j in range(first, x.shape[1], step):
                    if j == own:
                        grad[i, j] = slope * scale
                    else:
                        grad[i, j] = math.exp(kind(x[i, j]) - top) * c if x[i, j] != -math.inf else c * 0.0

    return loss


def row_map(reduction: Any, kind: Any, name: str) -> Any:
    """Kernel ``(x, out)`` of ``softmax`` or ``log_softmax``, shape (N, K), or of ``logsumexp``, shape (N, 1)."""
    where, others = passes(reduction, kind)
    logarithms, reduces = name != "softmax", name == "logsumexp"

    def mapped(x: Any, out: Any) -> None:
        i, first, step = where()
        if i < x.shape[0]:
            top, rest = others(x, i, -1, first, step)
            total = float64(rest) + (1.0 if top > -math.inf else 0.0)
            width = math.log1p(float64(rest)) if total > 0 else math.nan
            if reduces:
                if first == 0:
                    infinite = total == total and (top == math.inf or top == -math.inf)
                    out[i, 0] = top if infinite else float64(top) + width
            else:
                c = 1.0 / total if total > 0 and top < math.inf else math.nan
                for j in range(first, x.shape[1], step):
                    v = kind(x[i, j])
                    if logarithms:
                        out[i, j] = (float64(v) - float64(top)) - width if c == c else c
                    else:
                        out[i, j] = math.exp(v - top) * c if c == c else c

    return mapped
