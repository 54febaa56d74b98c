"""Signs and upper bounds read off a node hold at every point where it is defined."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np

from losscheck.engines.numeric import evaluate
from losscheck.expr.build import (
    ONE,
    ZERO,
    add,
    const,
    exp,
    from_float,
    log,
    lse,
    maximum,
    minimum,
    neg,
    scale,
    sub,
    var,
)
from losscheck.expr.graph import Expr
from losscheck.expr.signs import nonnegative, positive, upper

Z, U = var("z"), var("u", "unit")


def grown(rng: random.Random, depth: int) -> Expr:
    """A random graph of what has bounds."""
    if depth == 0:
        return rng.choice([Z, U, ZERO, ONE, const(Fraction(rng.randint(-3, 3), 4)), from_float(0.3)])
    one, other = (grown(rng, depth - 1) for _ in range(2))
    return rng.choice([
        lambda: add(one, other), lambda: sub(one, other), lambda: neg(one), lambda: scale(Fraction(1, 3), one),
        lambda: exp(one), lambda: exp(neg(lse([ZERO, one]))), lambda: maximum([one, other]),
        lambda: minimum([one, other]), lambda: lse([one, other]),
    ])()  # fmt: skip


def test_bounds_hold() -> None:
    rng = random.Random(3)
    z, u = np.linspace(-6, 6, 41), np.tile([0.0, 0.25, 1.0], 14)[:41]
    shown = 0
    for _ in range(3000):
        n = grown(rng, 3)
        with np.errstate(all="ignore"):
            values = np.broadcast_to(evaluate([n], {"z": z, "u": u})[0], z.shape)
        values = values[np.isfinite(values)]
        room = 1e-9 * (1 + np.abs(values))
        if nonnegative(n):
            assert (values >= -room).all(), n
        if (top := upper(n)) is not None:
            assert (values <= float(top[0]) + room).all(), n
            shown += 1
        if positive(n):
            assert (values > -room).all(), n
    assert shown > 500


def test_one_less_a_probability_is_positive() -> None:
    p = exp(neg(lse([ZERO, neg(Z)])))
    assert positive(sub(ONE, p))
    assert positive(sub(ONE, maximum([sub(p, from_float(0.05)), ZERO])))
    assert positive(sub(ONE, exp(neg(exp(Z)))))
    assert not positive(sub(ONE, U))
    assert not positive(sub(ONE, exp(neg(maximum([Z, ZERO])))))
    assert upper(log(U)) is None
