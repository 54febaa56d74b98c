"""Forking: which sides of a branch are explored, and which are shown to be dead."""

from fractions import Fraction

import numpy as np
import pytest

from losscheck.expr.trace import constant, record, variable
from losscheck.lifting.infeasible import Row, infeasible
from losscheck.lifting.lifting import lift
from losscheck.lifting.paths import decide, explore
from losscheck.lifting.readings import values
from losscheck.lifting.settling import order
from losscheck.lifting.unsupported import Unsupported

V, W = variable("v"), variable("w")


def row(strict=False, **coefficients):
    keys = {"x": 1, "y": 2, "one": -1}
    return Row({keys[k]: Fraction(c) for k, c in coefficients.items()}, strict)


@pytest.mark.parametrize(
    ("rows", "dead"),
    [
        ([row(x=1, strict=True), row(x=-1)], True),  # x < 0 and x >= 0
        ([row(x=1), row(x=-1)], False),  # x = 0
        ([row(x=1, y=-1), row(y=1, one=1), row(x=-1, one="1/2")], True),  # x <= y <= -1, x >= 1/2
        ([row(x=1, y=-1), row(y=1, one=-1), row(x=-1, one="1/2")], False),
        ([row(one=1)], True),
        ([], False),
        ([row(x=3, y=-7, one=1, strict=True), row(x=-3, y=7, one=-1, strict=True)], True),
    ],
)
def test_infeasible_is_exact(rows, dead):
    assert infeasible(rows) is dead


def test_two_sides_become_one_where():
    def run():
        return [record("neg", V) if decide(record("lt", V, constant(0))) else record("mul", constant(2), V)]

    roots, paths = explore(run)
    assert paths == 2
    np.testing.assert_array_equal(values(roots, {"v": np.array([-3.0, 0.0, 5.0])})[0], [3.0, 0.0, 10.0])


def test_a_decided_condition_and_its_consequences_do_not_fork():
    def run():
        if decide(record("lt", V, constant(0))):
            assert decide(record("lt", V, constant(1)))
            assert not decide(record("le", constant(0), V))
            assert decide(record("lt", record("add", V, W), record("add", W, constant(2))))
        return [V]

    assert explore(run)[1] == 2


def test_sorting_three_numbers_takes_six_paths():
    xs = [variable(n) for n in "abc"]

    def run():
        return [xs[i] for i in order(xs)]

    roots, paths = explore(run)
    assert paths == 6
    points = {n: x for n, x in zip("abc", np.random.default_rng(0).integers(0, 3, (3, 60)).astype(float), strict=True)}
    found = np.array(values(roots, points))
    np.testing.assert_array_equal(found, np.sort(np.array(list(points.values())), axis=0))


def test_sorting_values_that_are_not_affine_prunes_too():
    xs = [record("exp", variable(n)) for n in "abc"]
    assert explore(lambda: [xs[i] for i in order(xs)])[1] == 6


def test_long_float_constants_never_prune():
    # 0.1 + 0.2 and 0.3 differ in floats, but a reading of the constants may make them equal
    left = record("add", constant(0.1), constant(0.2))

    def run():
        decide(record("lt", constant(0.3), left))
        return [V]

    assert explore(run)[1] == 2


def test_a_loop_without_a_bound_is_refused():
    def countdown(v):
        x = v[0]
        while x > 1:
            x = x - 1
        return x + 0 * v

    with pytest.raises(Unsupported, match="200 decisions"):
        lift(countdown, kind="margin")


def test_too_many_paths_are_refused():
    def many(z, y):
        return np.sort(z, axis=1)[:, 0]

    with pytest.raises(Unsupported, match="512 paths"):
        lift(many, kind="logits", n_classes=7)


def test_what_a_domain_excludes_is_no_path():
    p, q = variable("p", "unit"), variable("q", "positive")

    def run():
        if decide(record("lt", p, constant(0))) or decide(record("le", q, constant(0))):
            raise ValueError("never called so")
        assert not decide(record("lt", constant(1), p))
        assert decide(record("le", record("sub", p, q), constant(1)))
        return [record("neg", p) if decide(record("le", p, constant(0))) else p]

    (joined,), paths = explore(run)
    assert paths == 2, "the ends of the unit interval belong to it"
    assert joined.op == "where"


def test_code_that_refuses_what_its_domain_excludes_is_read():
    def deviance(yhat, y):
        if np.any(yhat <= 0) or np.any(y <= 0):
            raise ValueError("give positive numbers")
        return yhat - y * np.log(yhat)

    positive = "yhat:(N,):positive y:(N,):positive"
    assert lift(deviance, kind="regression", signature=positive).paths == 1
    with pytest.raises(Unsupported, match="give positive numbers"):
        lift(deviance, kind="regression")
