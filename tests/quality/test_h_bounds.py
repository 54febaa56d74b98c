"""``Bound``: claims, growth rates, consistency of hypothesis sets, many regrets at once, losses that misbehave."""

import copy
import math
from fractions import Fraction

import numpy as np
import pytest

import losscheck
from losscheck import All, Bounded, Linear, Verdict
from losscheck.lifting.lifting import lift
from losscheck.lifting.unsupported import Unsupported
from losscheck.theorems.growth_rate import growth_rate
from losscheck.theorems.h_bound import function


def logistic(v):
    return np.logaddexp(0, -v)


def hinge(v):
    return np.maximum(0, 1 - v)


def cross_entropy(z, y):
    return np.log(np.exp(z).sum(1)) - z[np.arange(len(y)), y]


def squared_sum(z, y):
    own = z[np.arange(len(y)), y][:, None]
    return (np.maximum(0, 1 - own + z) ** 2).sum(1) - 1


def test_many_regrets_are_asked_together():
    bound = losscheck.h_consistency(logistic, kind="margin")
    ts = np.linspace(0, 1, 23)[1:-1]
    pairs = bound.bounds(ts)
    exact = ((1 + ts) * np.log1p(ts) + (1 - ts) * np.log1p(-ts)) / 2
    assert pairs.shape == (21, 2)
    assert (pairs[:, 0] <= exact).all()
    assert (exact <= pairs[:, 1]).all()
    assert np.allclose(bound.transform(ts), exact, atol=1e-9)
    assert len(losscheck.verify(bound.certificate).bounds) == 21
    assert bound.tight is True


def test_a_transform_that_is_not_convex_is_not_tight():
    """The mean absolute error at three classes: slopes 1/3, then 1, then 1/2."""

    def absolute(z, y):
        e = np.exp(z)
        return 1 - (e / e.sum(1, keepdims=True))[np.arange(len(y)), y]

    bound = losscheck.h_consistency(absolute, kind="logits", n_classes=3)
    assert bound.tight is False
    hull_at = bound.gamma(0.25)
    assert 0.25 / 0.5 <= hull_at <= 3 * 0.25


@pytest.mark.parametrize(
    ("loss", "kind", "claim", "verdict"),
    [
        (squared_sum, "logits", "sqrt(t)", Verdict.REFUTED),
        (hinge, "margin", "0.9*u", Verdict.REFUTED),
        (hinge, "margin", "u + 1e-6", Verdict.PROVED),
        (logistic, "margin", "sqrt(2*u)", Verdict.PROVED),
        (logistic, "margin", lambda u: np.sqrt(u), Verdict.REFUTED),
        (cross_entropy, "logits", "sqrt(2*u)", Verdict.PROVED),
        (cross_entropy, "logits", "min(1, 1.2*sqrt(u))", Verdict.REFUTED),
    ],
)
def test_claims(loss, kind, claim, verdict):
    bound = losscheck.h_consistency(loss, kind=kind, n_classes=3, claim=claim)
    assert bound.verdict is verdict
    if verdict is Verdict.REFUTED:
        said = losscheck.verify(bound.claimed.certificate)
        assert (said.property, said.verdict) == ("h_bound", Verdict.REFUTED)
        p = [Fraction(x) for x in bound.witness["p"]]
        assert sum(p) == 1
        assert p[0] == max(p)
        assert float(p[0] - p[1]) == pytest.approx(bound.witness["zero_one_regret"])
        assert function(bound.claim)(bound.witness["surrogate_regret"]) < bound.witness["zero_one_regret"]


def test_a_refuted_claim_cannot_be_turned_against_a_true_one():
    bound = losscheck.h_consistency(hinge, kind="margin", claim="0.9*u")
    made = copy.deepcopy(bound.claimed.certificate)
    made["proof"]["gamma"] = made["claim"]["params"]["gamma"] = "u"
    with pytest.raises(losscheck.CertificateRejected):
        losscheck.verify(made)


def test_a_claim_that_rises_before_the_regret_is_not_refuted():
    """Gamma must stay below t on all of [0, T(t)], as the least regret need not be attained."""
    made = copy.deepcopy(losscheck.h_consistency(hinge, kind="margin", claim="0.9*u").claimed.certificate)
    made["proof"]["gamma"] = made["claim"]["params"]["gamma"] = "max(0.9*u, 1 - 40*abs(u - 0.01))"
    with pytest.raises(losscheck.CertificateRejected):
        losscheck.verify(made)


@pytest.mark.parametrize(
    "claim", ["__import__('os').system('true')", "u.real", "u**u", "sin(u)", "(lambda: u)()", "1/0*u", "v", "u u", ""]
)
def test_claims_that_are_no_formula(claim):
    with pytest.raises(ValueError, match="formula"):
        losscheck.h_consistency(hinge, kind="margin", claim=claim)


@pytest.mark.parametrize(
    ("loss", "kind", "hypotheses", "rate"),
    [
        (logistic, "margin", All(), 2),
        (logistic, "margin", Linear(W=1.0, B=0.2), 2),
        (hinge, "margin", All(), 1),
        (lambda v: np.maximum(0, 1 - v) ** 3, "margin", Bounded(3.0), 2),
        (cross_entropy, "logits", All(), 2),
    ],
)
def test_growth_rates(loss, kind, hypotheses, rate):
    bound = losscheck.h_consistency(loss, kind=kind, n_classes=4, hypotheses=hypotheses)
    assert bound.growth_rate == rate
    small = bound.bounds([0.01, 0.02])
    assert math.log2(small[1].sum() / small[0].sum()) == pytest.approx(rate, abs=0.05)


@pytest.mark.parametrize(
    ("loss", "text"),
    [
        (lambda v: np.maximum(0, -v), "All"),
        (lambda v: np.maximum(-v, -2 * v), "All"),
        (lambda v: -v, "All"),
        (lambda v: np.clip(1 - v, 0, 1.5), "All"),
        (lambda v: (1 + v) ** 2, "All"),
        (lambda v: 1 - v + v**4, "All"),
        (logistic, "Linear(1, 0)"),
        (lambda v: np.where(v < 1, 1 - v, -0.5), "All"),
    ],
    ids=["kink at 0", "kink, falling", "unbounded", "not convex", "wrong side", "flat at 0", "scores of 0", "jump"],
)
def test_growth_rates_whose_hypotheses_break(loss, text):
    assert growth_rate(lift(loss, kind="margin"), text) is None


def test_the_rate_of_scores_before_the_end_of_convexity():
    """A ramp is convex where capped scores see it."""
    found = growth_rate(lift(lambda v: np.clip(1 - v, 0, 1.5), kind="margin"), "Bounded(1/4)")
    assert found.value == 1


@pytest.mark.parametrize(
    ("loss", "kind", "hypotheses", "verdict"),
    [
        (logistic, "margin", "Linear(1, 1/2)", Verdict.PROVED),
        (lambda v: 1 - np.tanh(v), "margin", "All", Verdict.PROVED),
        (lambda v: np.maximum(0, -1 - v), "margin", "All", Verdict.REFUTED),
        (cross_entropy, "logits", "All", Verdict.PROVED),
        (lambda z, y: np.maximum(0, 1 + z - z[np.arange(len(y)), y][:, None]).max(1), "logits", "All", Verdict.REFUTED),
        (logistic, "margin", "Linear(1, 0)", Verdict.UNDECIDED),
    ],
)
def test_consistency_of_hypothesis_sets(loss, kind, hypotheses, verdict):
    report = losscheck.audit(loss, kind=kind, properties=[("h_consistent", {"hypotheses": hypotheses})])
    found = report.findings[0]
    assert found.verdict is verdict
    if found.certificate is not None:
        assert losscheck.verify(found.certificate).property == "h_consistent"


def test_a_loss_that_ends_its_process_leaves_this_one():
    def ends(v):
        import os

        os._exit(3)

    bound = losscheck.h_consistency(ends, kind="margin")
    with pytest.raises(Unsupported):
        bound.bounds(0.5)


def test_code_that_cannot_be_read_says_so():
    bound = losscheck.calibration(lambda v: np.random.default_rng().normal(size=v.shape) - v, kind="margin")
    with pytest.raises(Unsupported):
        bound.transform(0.5)
