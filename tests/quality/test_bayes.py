"""Bayes risks, acts and weights: values by hand, and losses that break the lemmas."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from losscheck.certificate import certificate
from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.lifting.lifting import lift
from losscheck.properties.bayes_act import bayes_act
from losscheck.properties.bayes_risk import bayes_risk
from losscheck.properties.local import local
from losscheck.properties.weight_function import weight_function
from losscheck.verdict import Outcome, Verdict
from losscheck.verifier import CertificateRejected, verify

P = b.var("p", "unit")
BRIER = (b.power(P, Fraction(2)), b.power(b.sub(b.ONE, P), Fraction(2)))


def binary(zero: Expr, one: Expr) -> Lifted:
    return Lifted("probability", None, (0, 1), ("p",), "unit", (zero, one))


def holds(outcome: Outcome, value: Any) -> bool:
    """Proved, with a certificate that verifies and this value."""
    assert outcome.certificate is not None
    assert verify(outcome.certificate).params == outcome.params
    return outcome.verdict == Verdict.PROVED and outcome.value == pytest.approx(value, rel=1e-7, abs=1e-9)


def test_proper_loss() -> None:
    brier = binary(*BRIER)
    assert holds(bayes_risk(brier, eta=[0.1, 0.5]), [0.09, 0.25])
    assert holds(bayes_risk(brier, eta=0.3), 0.21)
    assert holds(bayes_act(brier, eta=0.3), 0.3)
    assert holds(weight_function(brier, c=[0.2, 0.9]), [2.0, 2.0])


def test_improper_losses() -> None:
    absolute = binary(P, b.sub(b.ONE, P))
    assert holds(bayes_act(absolute, eta=[0.2, 0.9]), [0.0, 1.0])
    assert holds(bayes_risk(absolute, eta=[0.2, 0.5]), [0.2, 0.5])
    assert bayes_act(absolute, eta=0.5).verdict == Verdict.NOT_APPLICABLE
    assert weight_function(absolute, c=0.5).verdict == Verdict.NOT_APPLICABLE
    fourth = binary(*(b.power(r, Fraction(2)) for r in BRIER))
    ratio = (0.1 / 0.9) ** (1 / 3)
    assert holds(bayes_act(fourth, eta=0.1), ratio / (1 + ratio))


@pytest.mark.parametrize("low", [True, False])
def test_a_value_of_its_own_inside(low: bool) -> None:
    """One report is far better (or worse) than its neighbours: a slope says nothing about it."""
    there = b.equal(P, b.const(Fraction(3, 4)))
    lifted = binary(*(b.where(there, b.const(-1 if low else 5), r) for r in BRIER))
    outcome = bayes_risk(lifted, eta=0.25)
    assert outcome.value is None or outcome.value == pytest.approx(-1 if low else 0.1875)
    if low:
        assert outcome.verdict != Verdict.PROVED


@pytest.mark.parametrize("end", [0, 1])
def test_a_value_of_its_own_at_an_end(end: int) -> None:
    lifted = binary(*(b.where(b.equal(P, b.const(end)), b.const(-1), r) for r in BRIER))
    outcome = bayes_risk(lifted, eta=0.25)
    assert outcome.verdict != Verdict.PROVED
    assert outcome.value is None or outcome.value == pytest.approx(-1)


def test_two_wells() -> None:
    """C = (q^2 - q + 3/16)^2 has two minimisers, 1/4 and 3/4."""
    well = b.power(b.add(b.power(P, Fraction(2)), b.neg(P), b.const(Fraction(3, 16))), Fraction(2))
    assert bayes_act(binary(well, well), eta=0.5).verdict in (Verdict.NOT_APPLICABLE, Verdict.UNDECIDED)


def forged(**changes: Any) -> dict[str, Any]:
    proof = {
        "rule": "risk_by_slopes", "ask": "bayes_act", "params": {"eta": 0.3}, "truths": [["7/10", "3/10"]],
        "brackets": [["3/10", "3/10"]], "breaks": [],
    }  # fmt: skip
    return proof | changes


@pytest.mark.parametrize(
    ("proof", "value", "bounds"),
    [
        (forged(brackets=[["4/10", "4/10"]]), 0.4, [0.4, 0.4]),
        (forged(brackets=[["2/10", "4/10"]]), 0.3, [0.2, 0.4]),
        (forged(truths=[["69/100", "31/100"]], brackets=[["31/100", "31/100"]]), 0.31, [0.31, 0.31]),
        (forged(truths=[["1", "3/10"]]), 0.3, [0.3, 0.3]),
        (forged(brackets=[["0", "0"]]), 0.0, [0.0, 0.0]),
        (forged(brackets=[]), None, None),
    ],
)
def test_forged_brackets(proof: dict[str, Any], value: Any, bounds: Any) -> None:
    made = certificate(binary(*BRIER), "bayes_act", "proved", proof, params={"eta": 0.3}, value=value, bounds=bounds)
    with pytest.raises(CertificateRejected):
        verify(made)


def test_the_true_bracket_is_accepted() -> None:
    from losscheck.proving import derive

    fact = derive(binary(*BRIER), "bayes_act", "proved", forged())
    assert fact is not None
    assert fact.value == pytest.approx(0.3)


def _pick(p: Any, y: Any) -> Any:
    return np.take_along_axis(p, y[..., None], axis=-1)[..., 0]


def test_several_classes() -> None:
    truth = [0.5, 0.3, 0.2]
    log = lift(lambda p, y: -np.log(_pick(p, y)), kind="simplex", n_classes=3)
    assert holds(bayes_risk(log, p=truth), -float(np.dot(truth, np.log(truth))))
    assert holds(bayes_act(log, p=truth), truth)
    weighted = lift(lambda p, y: -np.array([2.0, 1.0, 1.0])[y] * np.log(_pick(p, y)), kind="simplex", n_classes=3)
    act = np.array([2 / 3, 0.2, 2 / 15])
    assert holds(bayes_risk(weighted, p=truth), -float(np.dot([1.0, 0.3, 0.2], np.log(act))))
    assert holds(bayes_act(weighted, p=truth), act)
    linear = lift(lambda p, y: 1 - _pick(p, y), kind="simplex", n_classes=3)
    assert holds(bayes_risk(linear, p=truth), 0.5)


def simplex(score: Callable[[Any, Any], Any], n_classes: int = 3) -> Lifted:
    return lift(score, kind="simplex", n_classes=n_classes)


def test_piecewise_linear_rules() -> None:
    truth = [0.5, 0.3, 0.2]
    absolute = simplex(lambda p, y: np.abs(p - np.eye(3)[y]).sum(-1))
    assert holds(bayes_risk(absolute, p=truth), 1.0)
    assert holds(bayes_act(absolute, p=truth), [1.0, 0.0, 0.0])
    assert bayes_act(absolute, p=[0.4, 0.4, 0.2]).verdict == Verdict.NOT_APPLICABLE
    capped = simplex(lambda p, y: np.maximum(0, 0.75 - _pick(p, y)) * 2 + np.abs(_pick(p, y) - 0.5))
    assert holds(bayes_act(capped, p=truth), [0.5, 0.5, 0.0])
    ranked = simplex(lambda p, y: np.abs(np.cumsum(p - np.eye(4)[y], -1)).sum(-1), 4)
    assert holds(bayes_act(ranked, p=[0.3, 0.3, 0.3, 0.1]), [0.0, 1.0, 0.0, 0.0])  # the median class


@pytest.mark.parametrize("power", [2, 3])
def test_smooth_rules_that_are_not_convex(power: int) -> None:
    """The best report r of -log(q_y^a / sum q^a) has r^a proportional to the truth; the risk is the entropy."""
    rule = simplex(lambda p, y: -np.log(_pick(p**power, y) / (p**power).sum(-1)))
    truth = np.array([0.1, 0.6, 0.3])
    act = truth ** (1 / power) / (truth ** (1 / power)).sum()
    assert holds(bayes_act(rule, p=list(truth)), act)
    assert holds(bayes_risk(rule, p=list(truth)), -float(truth @ np.log(truth)))


def test_a_second_well_of_a_smooth_rule() -> None:
    """The stationary report near the truth is only locally best: the other well is deep, and narrow."""

    def score(p: Any, y: Any) -> Any:
        return -np.log(_pick(p, y)) - 3 * np.exp(-5000 * ((p[..., 0] - 0.9) ** 2 + (p[..., 1] - 0.05) ** 2))

    found = bayes_risk(simplex(score), p=[0.3, 0.4, 0.3])
    assert found.value == pytest.approx(-0.87198, abs=1e-5)
    found = bayes_act(simplex(score), p=[0.3, 0.4, 0.3])
    assert found.value == pytest.approx([0.9, 0.05, 0.05], abs=1e-2)


def test_piecewise_constant_rules() -> None:
    def score(p: Any, y: Any) -> Any:  # ties within 1e-12 share, so the truth is not always a best report
        top = p >= p.max(-1, keepdims=True) - 1e-12
        return 1 - _pick(top, y) / top.sum(-1)

    assert holds(bayes_risk(simplex(score), p=[0.5, 0.3, 0.2]), 0.5)
    alone = simplex(lambda p, y: np.where(p[..., 0] == 0.3, -1.0, 1 - _pick(p >= p.max(-1, keepdims=True), y)))
    found = bayes_risk(alone, p=[0.5, 0.3, 0.2])  # a value of its own on a line
    assert found.verdict != Verdict.PROVED or found.value == pytest.approx(-1)


def test_an_infimum_that_no_report_attains() -> None:
    """The risk falls towards q_0 = 1 and jumps up there: it has an infimum, but no act."""
    open_ended = simplex(lambda p, y: np.where(p[..., 0] < 1, 1 - _pick(p, y), 5.0))
    for ask in (bayes_risk, bayes_act):
        assert ask(open_ended, p=[0.5, 0.3, 0.2]).verdict != Verdict.PROVED


def test_questions_that_make_no_sense() -> None:
    brier = binary(*BRIER)
    for outcome in (bayes_risk(brier, eta=1.5), bayes_risk(brier, p=[0.5, 0.4]), weight_function(brier, c=0.0)):
        assert outcome.verdict == Verdict.NOT_APPLICABLE


NAMES = ("p0", "p1", "p2")
X = [b.var(x, "unit") for x in NAMES]


def test_locality() -> None:
    def three(*roots: Expr) -> Lifted:
        return Lifted("simplex", 3, (0, 1, 2), NAMES, "simplex", roots)

    assert local(three(*(b.log(x) for x in X))).verdict == Verdict.PROVED
    rest = [b.add(*(x for x in X if x is not own)) for own in X]  # 1 - p_y in disguise
    assert local(three(*(b.power(r, Fraction(2)) for r in rest))).verdict == Verdict.PROVED
    tilted = [b.add(b.power(x, Fraction(2)), b.scale(Fraction(1, 10**9), b.mul(*X))) for x in X]
    assert local(three(*tilted)).verdict == Verdict.REFUTED
    face = b.where(b.equal(X[1], b.ZERO), b.ONE, b.ZERO)  # only on a face
    assert local(three(*(b.add(b.log(x), face) for x in X))).verdict == Verdict.REFUTED
