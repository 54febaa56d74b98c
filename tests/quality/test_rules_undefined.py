"""Losses that are no number somewhere: at one score, beyond one, for one value of a parameter, in a sum that cancels.

What is proved is said of every score; a loss that has no value at some is not covered, however good it is elsewhere.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from losscheck.lifting.lifting import lift
from losscheck.lifting.unsupported import Unsupported
from losscheck.property import properties
from losscheck.range_answers import answers
from losscheck.verdict import Verdict
from losscheck.verifier import CertificateRejected, verify
from losscheck.verifier.certificate import read
from losscheck.verifier.identity import vanishes
from losscheck.verifier.softmax import formula
from tests.quality.test_forged import Row, forged


def cross_entropy(z: Any, y: Any) -> Any:
    return np.logaddexp.reduce(z, axis=1) - z[np.arange(len(z)), y]


def logistic(v: Any) -> Any:
    return np.logaddexp(0, -v)


def hinge(v: Any) -> Any:
    return np.maximum(0, 1 - v)


LOGITS = {
    "0 log": lambda z, y: cross_entropy(z, y) + 0 * np.log(z[:, 0] ** 2),
    "z / z": lambda z, y: cross_entropy(z, y) + z[:, 0] / z[:, 0],
    "squares": lambda z, y: cross_entropy(z, y) + z[:, 0] ** 2 / z[:, 0] ** 2,
    "far": lambda z, y: cross_entropy(z, y) + (z[:, 0] - 2.3) ** 2 / (z[:, 0] - 2.3) ** 2,
    "ties": lambda z, y: cross_entropy(z, y) + (z[:, 0] - z[:, 1]) ** 2 / (z[:, 0] - z[:, 1]) ** 2,
    "logarithms": lambda z, y: cross_entropy(z, y) + np.log(z[:, 0] ** 2) - 2 * np.log(np.abs(z[:, 0])),
    "half": lambda z, y: cross_entropy(z, y) + np.sqrt(z[:, 0]) ** 2 - z[:, 0],
}
MARGINS = {
    "root": lambda v: hinge(v) + np.sqrt(v) - np.sqrt(v),
    "square of a root": lambda v: hinge(v) + np.sqrt(v) ** 2 - v,
    "two poles": lambda v: logistic(v) + (v * v - 9) / (v * v - 9),
    "poles that cancel": lambda v: logistic(v) + 1 / (v * v - 9) - 1 / (v * v - 9),
    "one pole": lambda v: logistic(v) * (v - 2.3) ** 2 / (v - 2.3) ** 2,
    "beyond 50": lambda v: logistic(v) + np.arctanh(v / 50) - np.arctanh(v / 50),
    "odd": lambda v: 0.5 - np.arctanh(v / 100),
    "infinite": lambda v: np.where(v == -3, np.inf, logistic(v)),
}
UNIVERSAL = (
    "bounded_below", "classification_calibrated", "convex", "differentiable", "nonincreasing", "nonnegative",
    "shift_invariant", "symmetric", "permutation_equivariant", "recovers_probability",
)  # fmt: skip


def proved(loss: Any, kind: str) -> set[str]:
    """The universal properties that are proved of a loss; none where it cannot be read."""
    try:
        lifted = lift(loss, kind=kind, n_classes=3 if kind == "logits" else None)
    except Unsupported:
        return set()
    asked = (p for p in properties().values() if p.name in UNIVERSAL and kind in p.kinds)
    with np.errstate(all="ignore"):
        return {p.name for p in asked if p.answer(lifted, **p.params).verdict is Verdict.PROVED}


@pytest.mark.parametrize("name", LOGITS)
def test_logit_losses(name: str) -> None:
    assert proved(LOGITS[name], "logits") == set()


@pytest.mark.parametrize("name", MARGINS)
def test_margin_losses(name: str) -> None:
    assert proved(MARGINS[name], "margin") == set()


DIAGONAL = {
    "above": (lambda a, y: np.where(a == y, 5.0, (a - y) ** 2), {"bounded_below", "nonnegative"}),
    "below": (lambda a, y: np.where(a == y, -5.0, (a - y) ** 2), {"bounded_below"}),
    "none": (lambda a, y: (a - y) ** 3 / (a - y), set()),
    "a kink": (lambda a, y: np.where(a == y, 1.0, np.abs(a - y)), {"bounded_below", "nonnegative"}),
}


@pytest.mark.parametrize("name", DIAGONAL)
def test_values_of_their_own_on_the_diagonal(name: str) -> None:
    loss, true = DIAGONAL[name]
    assert proved(loss, "regression") <= true
    lifted = lift(loss, kind="regression")
    elicits = properties()["elicits"].answer(lifted, functional="mean", level=None)
    assert elicits.verdict is not Verdict.PROVED


@pytest.mark.parametrize(
    "name", ["nonnegative", "bounded_below", "convex", "nonincreasing", "classification_calibrated"]
)
def test_no_value_of_a_parameter_makes_a_claim_empty(name: str) -> None:
    """``g / g`` is 1, but for g = 0, where the loss is no number at any score."""
    lifted = lift(lambda v, g: logistic(v) * (g / g), kind="margin", ranges={"g": (Fraction(0), Fraction(2))})

    def ask(each: Any) -> Any:
        return properties()[name].answer(each)

    whole, _ = next(answers(lifted, name, ask))
    assert whole.verdict is not Verdict.PROVED


def test_a_branch_on_the_parameter_fills_the_hole() -> None:
    def loss(v: Any, g: Any) -> Any:
        return logistic(v) if g == 0 else logistic(g * v) / g

    lifted = lift(loss, kind="margin", ranges={"g": (Fraction(0), Fraction(2))})
    whole, _ = next(answers(lifted, "nonnegative", lambda each: properties()["nonnegative"].answer(each)))
    assert whole.verdict is Verdict.PROVED


ATANH: list[Row] = [
    ["var", "v", []], ["add", ["1", "1"], [0]], ["log", None, [1]], ["add", ["1", "-1"], [0]], ["log", None, [3]],
    ["add", ["1/2", "1", "-1"], [2, 4]],
]  # fmt: skip
TWO: list[Row] = [
    ["var", "z", []], ["add", ["-1", "1"], [0]], ["pow", "2", [1]], ["add", ["1", "1"], [0]], ["pow", "2", [3]],
    ["add", ["5", "1"], [0]], ["log", None, [5]], ["add", ["0", "1", "1"], [2, 6]], ["add", ["0", "1", "-2"], [4, 6]],
]  # fmt: skip
CANCELLING: dict[str, tuple[str, list[Row], list[int], dict[str, Any], dict[str, Any]]] = {
    "symmetric": (
        "margin", ATANH, [5], {"property": "symmetric", "verdict": "proved"},
        {"rule": "symmetric_by_identity", "ask": "symmetric", "at": ["0"], "breaks": []},
    ),
    "unrecoverable": (
        "margin", ATANH, [5],
        {"property": "recovers_probability", "params": {"link": None}, "verdict": "refuted"},
        {"rule": "unrecoverable_by_symmetry", "even": False, "breaks": []},
    ),
    "noise": (
        "margin", ATANH, [5],
        {"property": "uniform_noise_threshold", "verdict": "proved", "value": 0.5, "bounds": [0.5, 0.5]},
        {
            "rule": "noise_by_symmetry", "ask": "uniform_noise_threshold", "label": 0, "points": [["-1/2"], ["1/2"]],
            "premise": {"rule": "symmetric_by_identity", "ask": "symmetric", "at": ["0"], "breaks": []},
        },
    ),
    "miscalibrated": (
        "binary", TWO, [8, 7], {"property": "classification_calibrated", "verdict": "refuted"},
        {
            "rule": "miscalibrated_by_comparison", "eta": "2/3", "mirrored": False,
            "regions": [{"from": "0", "witness": ["0", "0"], "breaks": []}],
        },
    ),
    "minimisers": (
        "binary", TWO, [8, 7], {"property": "recovers_probability", "params": {"link": None}, "verdict": "refuted"},
        {"rule": "unrecoverable_by_minimisers", "breaks": ["0"], "etas": ["2/3", "1/2"], "at": 0},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CANCELLING)
def test_what_is_not_defined_does_not_cancel(name: str) -> None:
    kind, nodes, roots, claim, proof = CANCELLING[name]
    with pytest.raises(CertificateRejected, match="cancels"):
        verify(forged(kind, nodes, roots, {"params": {}, **claim}, proof))


def test_sums_differ_only_where_the_losses_are_defined() -> None:
    """``atanh`` cancels in phi(v) + phi(-v), and beyond 1, where phi is no number, a square comes in."""
    nodes = [*ATANH, ["pow", "2", [0]], ["add", ["-4", "1"], [6]], ["const", "0", []], ["max", None, [7, 8]],
             ["add", ["0", "1", "1"], [5, 9]]]  # fmt: skip
    proof = {"rule": "label_sum_witness", "at": ["0"], "other": ["3"]}
    claim = {"property": "symmetric", "params": {}, "verdict": "refuted"}
    with pytest.raises(CertificateRejected, match="not defined"):
        verify(forged("margin", nodes, [10], claim, proof))


def logits(nodes: list[Row], roots: list[int], claim: dict[str, Any], proof: dict[str, Any]) -> dict[str, Any]:
    """A certificate about two logits."""
    made = forged("binary", nodes, roots, claim, proof)
    return {**made, "kind": "logits", "n_classes": 2, "variables": ["z0", "z1"]}


def test_wrong_scores_at_which_a_loss_has_no_value() -> None:
    """``l_0 = max(0, 1 - z0 + z1) + log z0`` and ``l_1 = max(0, 1 - z1 + z0) - 2 log z0`` at p = (2/3, 1/3)."""
    nodes: list[Row] = [
        ["var", "z0", []], ["var", "z1", []], ["log", None, [0]], ["const", "0", []], ["add", ["1", "-1", "1"], [0, 1]],
        ["add", ["1", "1", "-1"], [0, 1]], ["max", None, [3, 4]], ["max", None, [3, 5]],
        ["add", ["0", "1", "1"], [6, 2]], ["add", ["0", "1", "-2"], [7, 2]],
    ]  # fmt: skip
    proof = {"rule": "does_not_recover_softmax", "p": ["2/3", "1/3"], "z": ["-1", "-1"], "radius": "1/8"}
    claim = {"property": "recovers_probability", "params": {"link": "softmax"}, "verdict": "refuted"}
    with pytest.raises(CertificateRejected, match="cancels"):
        verify(logits(nodes, [8, 9], claim, proof))


def test_a_rewritten_risk_that_is_defined_on_a_half_only() -> None:
    """``z0 = exp(log z0)`` where both are defined; the right side is positive by its form, the left one is not."""
    nodes: list[Row] = [["var", "z0", []]]
    excess = {"nodes": [["var", "z0", []], ["log", None, [0]], ["exp", None, [1]]], "roots": [2]}
    proof = {
        "rule": "calibrated_ray_witness", "p": ["2/3", "1/3"], "z": ["0", "0"], "direction": ["0", "1"], "value": "0",
        "excess": excess,
    }  # fmt: skip
    claim = {"property": "classification_calibrated", "params": {}, "verdict": "refuted"}
    made = logits(nodes, [0, 0], claim, proof)
    case = read(made)
    assert vanishes(case.pool, case.pool.sub(case.roots[0], formula(case, excess, {"z0", "z1"})))
    with pytest.raises(CertificateRejected, match="may not be defined"):
        verify(made)


def test_laws_under_which_a_logarithm_cancels() -> None:
    """``(yhat - y)^2 + (y - 2) log yhat`` for y in {1, 3}: no number at yhat <= 0, whatever the formula of the mean."""
    nodes: list[Row] = [
        ["var", "yhat", []], ["var", "y", []], ["add", ["0", "1", "-1"], [0, 1]], ["pow", "2", [2]],
        ["log", None, [0]], ["add", ["-2", "1"], [1]], ["mul", None, [4, 5]], ["add", ["0", "1", "1"], [3, 6]],
    ]  # fmt: skip
    proof = {
        "rule": "act_of_law", "y": [1.0, 3.0], "w": [0.5, 0.5], "breaks": [], "low": "2", "high": "2", "point": "2",
    }  # fmt: skip
    params = {"y": [1.0, 3.0], "w": [0.5, 0.5]}
    claim = {"property": "bayes_act", "params": params, "verdict": "proved", "value": 2.0, "bounds": [2.0, 2.0]}
    made = forged("margin", nodes, [7], claim, proof)
    with pytest.raises(CertificateRejected, match="cancels"):
        verify({**made, "kind": "regression", "variables": ["yhat", "y"]})
