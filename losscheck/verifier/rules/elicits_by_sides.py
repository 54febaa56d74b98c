r"""A regression loss whose expectation is least at the mean, a median, a quantile or an expectile.

Lemma. Let l be continuous in yhat and smooth above (yhat > y) and below the diagonal, with slopes

    d l / d yhat = a w(yhat) m(yhat - y) above,   -b w(yhat) m(y - yhat) below,   w >= 0, with m(s) = s, a = b
    (mean), m(s) = s, a = 1 - t, b = t (t-expectile), m(s) = 1, a = 1 - t, b = t (t-quantile; t = 1/2: median).

Then for every law of finite support the slope of ``yhat -> E l(yhat, Y)`` is, away from the atoms, w(yhat) times
``a E (yhat - Y)^+ - b E (Y - yhat)^+`` (for quantiles ``P(Y < yhat) - t``), which is <= 0 below the functional and
>= 0 above it; the expectation is continuous, so the functional minimises it (every quantile, where there are several).

``w`` depends on yhat alone: with different names for y on both sides the two quotients are one normal form, so both
are functions of yhat alone where there are y on both sides of it. Its sign is shown at one y. For real yhat and
positive y there is none below yhat <= 0, where the slope must be <= 0.

Of counts: the same of all positive y, and at y = 0 the loss is defined for every yhat, continuous, with slope ``a
w(yhat) m(yhat)`` for yhat > 0, the same w, and a slope <= 0 for yhat < 0. Laws whose functional is 0 have no report
where yhat is positive; the statement is about the others.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import implies
from losscheck.verifier.curve import curve
from losscheck.verifier.diagonal import sides
from losscheck.verifier.identity import same
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.law import level_of
from losscheck.verifier.points import counted, positives
from losscheck.verifier.rules.by_counts import at_zero, of_positive
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

KINDS = ("regression",)


def zero(case: Case, weight: Node, smooth: bool, t: Fraction) -> None:
    """Check the slope at y = 0, where every yhat > 0 is above."""
    pool, one = case.pool, at_zero(case)
    yhat, v = pool.var("yhat"), pool.var("v")
    low = None if one.domain == "real" else Fraction(0)
    c = curve(pool, one.roots[0], "v", low, None, ["0"] if low is None else [])
    slope = pool.scale(1 / (1 - t), c.derivative(len(c.pieces) - 1))
    slope = pool.mul(slope, pool.power(v, Fraction(-1))) if smooth else slope
    expect(same(pool, slope, pool.substitute(weight, {yhat: v})), "the slope at y = 0 is not shown to have the weight")
    if low is None:
        expect(c.step(0) == ("0", "0"), "the loss at y = 0 is not shown to be continuous at yhat = 0")
        expect(c.on(c.derivative(0), 0) in "-m0", "the loss at y = 0 is not shown to fall to yhat = 0")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check both slopes, that their weight is one function of yhat, and its sign."""
    counts = case if counted(case) else None
    case = of_positive(case) if counted(case) else case
    pool, positive = case.pool, positives(case)
    params, t, spread = level_of(proof)
    expect(positive["y"] or not positive["yhat"], "the functional of a real y may be no yhat")
    if "level" in proof:
        expect(abs(rational(proof["level"]) - t) <= spread, "the level is another one")
        t = rational(proof["level"])
    yhat, y, other = pool.var("yhat"), pool.var("y"), pool.var("y2")
    above, below = sides(case, proof["chart"])
    up, down = (pool.differentiate(node, "yhat") for _, node in (above, below))
    inverse = pool.power(pool.sub(yhat, y), Fraction(-1))
    if params["functional"] in ("mean", "expectile"):
        up, down = pool.mul(up, inverse), pool.mul(down, inverse)
    else:
        down = pool.scale(-1, down)
    up, down = pool.scale(1 / (1 - t), up), pool.scale(1 / t, down)
    expect(same(pool, up, pool.substitute(down, {y: other})), "the weight is not shown to depend on yhat alone")
    low = Fraction(0) if positive["y"] else None
    nearby: Node = pool.scale(Fraction(1, 2), yhat) if positive["y"] else pool.sub(yhat, pool.one)
    weight = pool.substitute(up, {y: nearby})
    expect(implies(interval_sign(pool, weight, "yhat", low, None), ">="), "the weight is not shown to be nonnegative")
    if positive["y"] and not positive["yhat"]:
        expect(below[0].sign(pool.differentiate(below[1], "yhat")) in "-m0", "the loss is not shown to fall to 0")
    if counts is not None:
        zero(counts, weight, params["functional"] in ("mean", "expectile"), t)
    return Fact("elicits", params=params)
