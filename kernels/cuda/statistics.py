r"""Kernels of losses that need a few statistics of a row: every number enters them, then value and slopes follow.

A loss is a `Twin` of device functions, all in double precision. ``enter`` turns what is stored into a logit z; ``top``
is the largest logit and d = z - top. Up to three statistics s, t, u are reduced over the row, each from d, whether the
class is the true one, and what was reduced before; ``finish`` makes the value and ``slope`` the derivative in z.
Parameters are three numbers. A row is read once for each reduction and once for the gradient.
"""

import math
from dataclasses import dataclass
from typing import Any

from numba import float64

from losscheck.kernels.cuda.reductions import device
from losscheck.kernels.cuda.rows import larger, place, plus


def plain(x: Any, i: Any, j: Any, a: Any) -> Any:
    """The logit as it is, and its slope."""
    return x, 1.0


def nothing(d: Any, mine: Any, j: Any, row: Any, found: Any, p: Any) -> Any:
    """No statistic."""
    return 0.0


def not_below_infinity(z: Any) -> Any:
    """NaN and +inf make a row undefined."""
    return not z < math.inf


def not_finite(z: Any) -> Any:
    """So does -inf."""
    return not abs(z) < math.inf


def not_a_number(z: Any) -> Any:
    """Infinite logits have limits."""
    return z != z


@dataclass(frozen=True)
class Twin:
    """What a loss computes, all of ``(d, mine, j, row, found, p)``.

    ``row`` is (d of the true class, top, number of classes), ``found`` the statistics that were reduced so far, ``p``
    the parameters (a, b, c). ``targets``: the labels are rows of 0 and 1; then, and without ``shifts``, top is 0.
    """

    s: Any
    finish: Any
    slope: Any
    t: Any = nothing
    u: Any = nothing
    enter: Any = plain
    undefined: Any = not_below_infinity
    largest: tuple[bool, bool, bool] = (False, False, False)  # the statistic is a maximum, not a sum
    targets: bool = False
    shifts: bool = True


def _label(y: Any, i: Any, j: Any) -> Any:
    return j == y[i]


def _target(y: Any, i: Any, j: Any) -> Any:
    return y[i, j] != 0


def _own(y: Any, i: Any) -> Any:
    return y[i]


def _first(y: Any, i: Any) -> Any:
    return 0


def swept(reduction: Any, statistic: Any, enter: Any, mine_of: Any, largest: bool) -> Any:
    """The pass of one statistic over a row, for all the threads that share it."""
    combine, neutral = (device(larger), -math.inf) if largest else (device(plus), 0.0)
    of, reduced, wanted = device(statistic), reduction(combine, float64, neutral), statistic is not nothing

    def sweep(x: Any, y: Any, i: Any, first: Any, step: Any, row: Any, found: Any, p: Any) -> Any:
        s = neutral
        if wanted:
            for j in range(first, x.shape[1], step):
                z, _ = enter(float64(x[i, j]), i, j, p[0])
                s = combine(s, of(z - row[1], mine_of(y, i, j), j, row, found, p))
            s = reduced(s)
        return s

    return device(sweep)


def row_statistics(reduction: Any, twin: Twin, backward: bool) -> Any:
    """Kernel ``(x, y, value, grad, scale, a, b, c)``; grad is not touched unless backward."""
    where = place(reduction)
    enter, undefined, mine_of = device(twin.enter), device(twin.undefined), device(_target if twin.targets else _label)
    finish, slope, own_of = device(twin.finish), device(twin.slope), device(_first if twin.targets else _own)
    highest, worst = reduction(device(larger), float64, -math.inf), reduction(device(larger), float64, -math.inf)
    first_of, second_of, third_of = (
        swept(reduction, statistic, enter, mine_of, largest)
        for statistic, largest in zip((twin.s, twin.t, twin.u), twin.largest, strict=True)
    )
    shifts = twin.shifts and not twin.targets

    def loss(x: Any, y: Any, value: Any, grad: Any, scale: Any, a: Any, b: Any, c: Any) -> None:
        i, first, step = where()
        if i < x.shape[0]:
            top, bad = -math.inf, 0.0
            for j in range(first, x.shape[1], step):
                z, _ = enter(float64(x[i, j]), i, j, a)
                top = z if z > top else top
                bad = 1.0 if undefined(z) else bad
            top = highest(top)
            bad = worst(bad)
            if shifts:
                bad = 1.0 if top == -math.inf else bad
            else:
                top = 0.0
            own, _ = enter(float64(x[i, own_of(y, i)]), i, own_of(y, i), a)
            row, p = (own - top, top, float64(x.shape[1])), (a, b, c)
            s = first_of(x, y, i, first, step, row, (0.0, 0.0, 0.0), p)
            t = second_of(x, y, i, first, step, row, (s, 0.0, 0.0), p)
            u = third_of(x, y, i, first, step, row, (s, t, 0.0), p)
            if first == 0:
                value[i] = finish(0.0, False, 0, row, (s, t, u), p) if bad == 0 else math.nan
            if backward:
                for j in range(first, x.shape[1], step):
                    z, steep = enter(float64(x[i, j]), i, j, a)
                    g = slope(z - top, mine_of(y, i, j), j, row, (s, t, u), p)
                    grad[i, j] = scale * steep * g if bad == 0 else math.nan

    return loss
