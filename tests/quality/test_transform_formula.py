"""Formulas of T: values by hand, losses that break a hypothesis, forged certificates, claims proved."""

import copy
import math

import numpy as np
import pytest

import losscheck
from losscheck import Linear, Verdict
from losscheck.engines.numeric import evaluate
from losscheck.lifting.lifting import lift
from losscheck.proving import derive
from losscheck.theorems.growth_rate import growth_rate
from losscheck.theorems.h_bound import h_bound
from losscheck.theorems.h_bound_by_places import h_bound_by_places
from losscheck.theorems.transform_formula import transform_formula

TS = np.array([0.02, 0.1, 0.3, 0.45, 0.55, 0.7, 0.97])


def of_softmax(phi, k):
    def loss(z, y):
        e = np.exp(z - z.max(1, keepdims=True))
        return phi((e / e.sum(1, keepdims=True))[np.arange(len(y)), y])

    return lift(loss, kind="logits", n_classes=k)


def margin(phi):
    return lift(phi, kind="margin")


def hinge(v):
    return np.maximum(0, 1 - v)


def values(text, ts=TS):
    names = {name: getattr(np, name) for name in ("sqrt", "exp", "log", "tanh")} | {"atan": np.arctan}
    return np.array([eval(text, {"__builtins__": {}}, {**names, "t": t}) for t in ts])


ENTROPY = ((1 + TS) * np.log1p(TS) + (1 - TS) * np.log1p(-TS)) / 2


@pytest.mark.parametrize(
    ("phi", "hypotheses", "exact"),
    [
        (lambda v: np.logaddexp(0, -v), "All", ENTROPY),
        (lambda v: np.exp(-v), "All", 1 - np.sqrt(1 - TS**2)),
        (hinge, "Linear(3, 1/4)", TS / 4),
        (lambda v: np.maximum(0, 1 - v) ** 2, "Bounded(1/2)", np.where(TS <= 0.5, TS**2, TS - 0.25)),
        (lambda v: (1 - v) ** 2, "All", TS**2),
        (lambda v: 1 - np.tanh(v), "ReLU(1, 2, 1/2)", TS * np.tanh(0.5)),
        (lambda v: np.clip(1 - v / 2, 0, 1), "Linear(1, 1)", TS / 2),
        (
            lambda v: np.where(v >= 1, 0.0, np.where(v < 0, 0.5 - v, 0.5 * np.maximum(0, 1 - v) ** 2)),
            "All",
            TS**2 / (1 + TS),
        ),
    ],
    ids=["logistic", "exponential", "hinge", "squared hinge", "square", "sigmoid", "ramp", "Huber hinge"],
)
def test_formulas_of_margin_losses(phi, hypotheses, exact):
    found = transform_formula(margin(phi), hypotheses)
    assert losscheck.verify(found.certificate).value == found.value
    assert np.allclose(values(found.value), exact, rtol=1e-12)


@pytest.mark.parametrize(
    ("phi", "k", "exact"),
    [
        (lambda s: -np.log(s), 3, ENTROPY),
        (lambda s: 1 / s - 1, 5, 1 - np.sqrt(1 - TS**2)),
        (lambda s: (1 - s) ** 2, 4, TS**2 / 4),
        (
            lambda s: 1 - s,
            4,
            np.minimum.reduce([np.maximum(TS / j, TS - 1 / j) for j in (2, 3, 4)]),
        ),
    ],
    ids=["log", "sum-exp", "square", "absolute"],
)
def test_formulas_of_functions_of_softmax(phi, k, exact):
    found = transform_formula(of_softmax(phi, k), "All")
    assert losscheck.verify(found.certificate).value == found.value
    assert np.allclose(values(found.value), exact, rtol=1e-12)


@pytest.mark.parametrize(
    ("lifted", "hypotheses"),
    [
        (of_softmax(lambda s: (1 - s**0.5) / 0.5, 3), "All"),
        (of_softmax(lambda s: -np.log(s) + 2 * (1 - s), 3), "All"),
        (of_softmax(lambda s: np.exp(-2 * s), 6), "All"),
        (margin(lambda v: np.where(v < -1, 0.0, hinge(v))), "Linear(2, 1/2)"),
        (margin(lambda v: np.maximum(0, 1 + v)), "All"),
        (margin(lambda v: 1 / (1 + np.exp(v)) + np.maximum(0, -2 - v)), "All"),
        (margin(lambda v: np.exp(-(v**2)) - v / 4), "All"),
    ],
    ids=["spread", "spread, log", "ties elsewhere", "wild far away", "wrong side", "uneven sum", "not convex"],
)
def test_losses_without_the_hypotheses_have_no_formula(lifted, hypotheses):
    assert transform_formula(lifted, hypotheses) is None


def test_the_formula_for_few_classes_says_nothing_of_many():
    """Of exp(-2 s) the ties at 1/K are worse than that at 1/2 from six classes on: the same proof must fail there."""
    few = transform_formula(of_softmax(lambda s: np.exp(-2 * s), 3), "All")
    assert few is not None
    assert (
        derive(of_softmax(lambda s: np.exp(-2 * s), 6), "transform_formula", "proved", few.certificate["proof"]) is None
    )


@pytest.mark.parametrize("part", ["formula", "acts", "swap", "hypotheses"])
def test_tampering_is_seen(part):
    found = transform_formula(margin(lambda v: np.maximum(0, 1 - v) ** 2), "Bounded(1/2)")
    made = copy.deepcopy(found.certificate)
    proof = made["proof"]
    if part == "formula":
        proof["formula"] = made["claim"]["value"] = "t**2 if t <= 1/2 else t - 1/5"
    elif part == "acts":
        proof["acts"] = ["t", "1/4"]
    elif part == "swap":
        proof["formula"] = made["claim"]["value"] = "t - 1/4 if t <= 1/2 else t**2"
    else:
        proof["hypotheses"] = made["claim"]["params"]["hypotheses"] = "Bounded(1)"
    with pytest.raises(losscheck.CertificateRejected):
        losscheck.verify(made)


@pytest.mark.parametrize(
    "text",
    [
        "t if t <= 2 else 0", "t if t <= t else 0", "t if t < 1/2 else 0", "t if 1/2 else 0", "log(t - 2)",
        "lambda t: t", "t if t <= 1/2 else t if t <= 1/3 else t", "[t][0]", "t if t <= 1/0 else t",
    ],
)  # fmt: skip
def test_texts_that_are_no_formulas_of_pieces(text):
    made = copy.deepcopy(transform_formula(margin(hinge), "All").certificate)
    made["proof"]["formula"] = made["claim"]["value"] = text
    with pytest.raises(losscheck.CertificateRejected):
        losscheck.verify(made)


@pytest.mark.parametrize(
    ("lifted", "gamma", "hypotheses"),
    [
        (margin(hinge), "u", "All"),
        (margin(hinge), "min(1, 2*u)", "Linear(1, 1/2)"),
        (margin(lambda v: np.logaddexp(0, -v)), "sqrt(2*u)", "All"),
        (margin(lambda v: np.maximum(0, 1 - v) ** 2), "sqrt(u)", "All"),
        (of_softmax(lambda s: -np.log(s), 3), "sqrt(2*u)", "All"),
        (of_softmax(lambda s: 1 - s, 3), "3*u", "All"),
    ],
    ids=["hinge", "capped hinge", "logistic", "squared hinge", "cross-entropy", "absolute"],
)
def test_claims_that_touch_T_are_proved(lifted, gamma, hypotheses):
    found = h_bound(lifted, gamma, hypotheses)
    assert found.verdict is Verdict.PROVED
    assert losscheck.verify(found.certificate).params == {"gamma": gamma, "hypotheses": hypotheses}


@pytest.mark.parametrize(
    "gamma",
    [
        "0.999*u",
        "u - 0.001",
        "2*u - u**2",
        "u + 0.01 - 0.02*u",
        "max(u, 40*u - 20) - 0*u if u <= 1 else u",
        "u/(u - 3)",
    ],
)
def test_forged_claims_about_the_hinge_are_rejected(gamma):
    """Too small somewhere, or falling from some regret on."""
    made = copy.deepcopy(h_bound(margin(hinge), "u", "All").certificate)
    made["proof"]["gamma"] = made["claim"]["params"]["gamma"] = gamma
    with pytest.raises(losscheck.CertificateRejected):
        losscheck.verify(made)


def test_a_claim_that_is_not_concave_needs_a_convex_T():
    """T of the absolute error at K = 3 has slopes 1/3, 1, 1/2: mixtures of t = 0 and t = 1/2 pass the inverse of T."""
    inverse = "min(3*u, 3*u/2 + 1/4)"  # of the biconjugate
    made = h_bound(of_softmax(lambda s: 1 - s, 3), "3*u", "All").certificate
    assert h_bound(of_softmax(lambda s: 1 - s, 3), inverse, "All").verdict is Verdict.PROVED
    made["proof"]["gamma"] = made["claim"]["params"]["gamma"] = "max(min(3*u, u + 1/3), 2*u)"
    made["proof"]["breaks"], made["proof"]["cuts"] = ["1/6", "1/3"], [[], [], []]
    with pytest.raises(losscheck.CertificateRejected):
        losscheck.verify(made)


def test_growth_of_losses_that_are_wild_where_some_inputs_see_it():
    """Convex on the least scores, but 0 on far wrong ones: T is 0."""
    lifted = margin(lambda v: np.where(v < -1, 0.0, hinge(v)))
    assert growth_rate(lifted, "Linear(2, 1/2)") is None
    assert growth_rate(lifted, "Linear(1/4, 1/2)").value == 1


def test_bounds_print_their_formula():
    bound = losscheck.h_consistency(hinge, kind="margin", hypotheses=Linear(W=1.0, B=0.5))
    assert np.allclose(values(bound.closed_form), TS / 2)
    assert bound.tight is True
    assert math.isclose(bound.gamma(0.1), 0.2, rel_tol=1e-6)


def test_losses_without_a_formula_have_none():
    bound = losscheck.h_consistency(lambda v: np.exp(-v) + np.log1p(np.exp(-3 * v)), kind="margin")
    assert bound.closed_form is None


def test_places_are_read_as_pieces():
    """The engine that proposes: a switch-free branch agrees with the loss around its point."""
    from losscheck.engines.branch_at import branch_at

    (root,) = margin(lambda v: np.where(v < 0, 1 - v, np.maximum(0, 1 - v) ** 2)).roots
    at = np.array([-2.0, 0.5, 3.0])
    whole = evaluate([root], {"v": at})[0]
    parts = [float(np.ravel(evaluate([branch_at(root, "v", v)], {"v": np.array([v])})[0])[0]) for v in at]
    assert parts == whole.tolist()


def test_claims_without_a_formula_of_T_are_proved_by_places():
    """T is at least 0.9 t^2 near 0; the claim leaves room, and must not below 0.9."""
    lifted = margin(lambda v: np.logaddexp(0, -v) + np.exp(-v))
    found = h_bound_by_places(lifted, "sqrt(2*u)", "Bounded(1)")
    assert losscheck.verify(found.certificate).params == {"gamma": "sqrt(2*u)", "hypotheses": "Bounded(1)"}
    made = copy.deepcopy(found.certificate)
    for part, text in (("gamma", "sqrt(u)"), ("places", "2"), ("hypotheses", "Bounded(1/8)")):
        forged = copy.deepcopy(made)
        forged["proof"][part] = text
        if part != "places":
            forged["claim"]["params"][part] = text
        with pytest.raises(losscheck.CertificateRejected):
            losscheck.verify(forged)
