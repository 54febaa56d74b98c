"""The reading at one point agrees with the vectorised one, and hands over where Python's floats raise."""

from __future__ import annotations

import numpy as np
import pytest

from losscheck.engines.at_point import at_point
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import (
    absolute,
    add,
    atan,
    const,
    erf,
    exp,
    log,
    lse,
    maximum,
    minimum,
    mul,
    power,
    sqrt,
    sub,
    var,
)
from losscheck.expr.graph import Expr

V, W = var("v"), var("w")
ROOTS = {
    "smooth": add(mul(exp(V), W), power(V, 3), atan(W), erf(V)),
    "kinks": add(maximum([V, W, const(1)]), minimum([V, W]), absolute(sub(V, W))),
    "two terms": lse([V, W]),
    "three terms": lse([V, W, const(0)]),
    "root": sqrt(V),
    "logarithm": log(V),
}


@pytest.mark.parametrize("root", ROOTS.values(), ids=ROOTS)
def test_agrees_with_the_vectorised_reading(root: Expr) -> None:
    """Points inside and outside the domain, and one that overflows."""
    points = [*np.random.default_rng(0).normal(size=(20, 2)) * 3, (0.0, 1.0), (800.0, -3.0), (-800.0, 800.0)]
    for v, w in points:
        expected = evaluate([root], {"v": np.array(v), "w": np.array(w)})[0]
        np.testing.assert_allclose(at_point([root], ["v", "w"], [v, w])[0], expected, rtol=1e-13)


def test_shares_what_the_roots_share() -> None:
    """Several roots come back in their order."""
    assert at_point([exp(V), V, exp(V)], ["v"], [0.0]).tolist() == [1.0, 0.0, 1.0]
