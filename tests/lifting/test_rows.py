"""Every recorded operation has its four readings, and they are readings of one function."""

import math

import numpy as np
import pytest

from losscheck.expr.trace import Trace, constant, record, variable
from losscheck.lifting.graph_ball import graph_balls
from losscheck.lifting.lowering import lower
from losscheck.lifting.readings import enclosures, exact, values
from losscheck.lifting.rows import ROWS

POSITIVE = {"log", "sqrt", "pow", "div", "xlogy", "log1p"}
ARITY = {
    "add": 2, "sub": 2, "mul": 2, "div": 2, "sum": 3, "pow": 2, "max": 3, "min": 2, "lse": 3, "xlogy": 2, "where": 3,
    "lt": 2, "le": 2, "eq": 2, "and": 2, "or": 2,
}  # fmt: skip
LOGIC = {"not", "and", "or"}
NAMES = ("a", "b", "c")


def traced(op: str) -> Trace:
    xs = [variable(n) for n in NAMES[: ARITY.get(op, 1)]]
    if op in LOGIC:
        return record(op, *(record("lt", x, constant(0.25)) for x in xs))
    if op == "where":
        return record("where", record("lt", xs[0], xs[1]), xs[1], xs[2])
    return record(op, *xs, value="float32" if op == "cast" else None)


def sample(op: str, count: int, seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    points = {}
    for name in NAMES:
        x = rng.normal(0, 1, count) * np.exp(rng.uniform(-4, 3, count))
        x[: count // 4] = rng.integers(-3, 4, count // 4)
        points[name] = np.abs(x) + (x == 0) if op in POSITIVE else x
    if op in ("lt", "le", "eq"):
        points["b"][::5] = points["a"][::5]
    return points


@pytest.mark.parametrize("op", sorted(ROWS))
def test_row_has_every_reading(op):
    row = ROWS[op]
    assert row.name == op
    assert all(callable(reading) for reading in (row.numpy, row.enclose, row.exact, row.lower))


@pytest.mark.parametrize("op", sorted(set(ROWS) - {"cast"}))
def test_enclosure_holds_the_exact_value_and_the_float(op):
    points = sample(op, 120, 1)
    root = record("where", traced(op), constant(1), constant(0)) if traced(op).is_boolean else traced(op)
    (value,), ((low, high),) = values([root], points), enclosures([root], points)
    assert np.all((low <= value) & (value <= high))
    for i in range(120):
        (ball,) = exact([root], {n: float(x[i]) for n, x in points.items()})
        if math.isfinite(low[i]) and math.isfinite(high[i]):
            assert ball >= low[i] or ball.contains(low[i])
            assert ball <= high[i] or ball.contains(high[i])


@pytest.mark.parametrize("op", sorted(set(ROWS) - {"lt", "le", "eq", "not", "and", "or"}))
def test_lowered_graph_is_the_same_real(op):
    points = sample(op, 40, 2)
    for i in range(40):
        at = {n: float(x[i]) for n, x in points.items()}
        (a,), (b,) = exact([traced(op)], at), graph_balls(lower([traced(op)]), at)
        assert a.is_finite()
        assert b.overlaps(a)
        assert b.rad() < 1e-40 * (1 + abs(b.mid()))


def test_cast_enclosure_holds_the_rounded_value():
    points = sample("cast", 120, 3)
    ((low, high),) = enclosures([traced("cast")], points)
    rounded = points["a"].astype(np.float32).astype(float)
    assert np.all((low <= rounded) & (rounded <= high))
    assert np.all((low <= points["a"]) & (points["a"] <= high))


@pytest.mark.parametrize(("op", "x"), [("exp", 1000.0), ("log", 0.0), ("div", 0.0), ("sqrt", -1.0)])
def test_overflow_and_poles_give_no_information_or_an_infinity(op, x):
    root = record("div", constant(1), variable("a")) if op == "div" else traced(op)
    ((low, high),) = enclosures([root], {"a": np.array([x])})
    assert math.isinf(low[0]) or math.isinf(high[0])


def test_sum_encloses_every_order_of_addition():
    rng = np.random.default_rng(4)
    columns = rng.normal(0, 1, (3, 200)) * 10.0 ** rng.integers(-8, 8, (3, 200))
    ((low, high),) = enclosures([traced("sum")], dict(zip(NAMES, columns, strict=True)))
    for order in ([0, 1, 2], [2, 1, 0], [0, 2, 1]):
        a, b, c = columns[order]
        assert np.all((low <= (a + b) + c) & ((a + b) + c <= high))


def test_sum_of_small_integers_is_exact():
    points = dict(zip(NAMES, np.random.default_rng(5).integers(-9, 9, (3, 50)).astype(float), strict=True))
    ((low, high),) = enclosures([traced("sum")], points)
    np.testing.assert_array_equal(low, high)
