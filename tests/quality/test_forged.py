"""Certificates forged by hand for false claims: the verifier rejects each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from flint import arb

from losscheck.lifting.lifting import lift
from losscheck.lifting.unsupported import Unsupported
from losscheck.property import properties
from losscheck.verifier import CertificateRejected, verify
from losscheck.verifier.balls import Undefined, times
from tests.quality.margin_questions import decided

Row = list[Any]


def forged(kind: str, nodes: list[Row], roots: list[int], claim: dict[str, Any], proof: dict[str, Any]) -> Any:
    """A certificate about a graph of one variable."""
    variable, labels, domain = {
        "margin": ("v", [1], "real"),
        "binary": ("z", [0, 1], "real"),
        "probability": ("p", [0, 1], "unit"),
    }[kind]
    return {
        "losscheck": 1, "graph": {"nodes": nodes, "roots": roots}, "kind": kind, "n_classes": None, "labels": labels,
        "variables": [variable], "domain": domain, "constants": {}, "claim": claim, "proof": proof,
    }  # fmt: skip


def test_a_cut_of_one_gap_alone() -> None:
    """At z = -sqrt 2 alone l_1 falls by 100 and l_0 grows by 100: not seen at eta = 1/2, best at eta = 1."""
    nodes: list[Row] = [
        ["var", "z", []], ["pow", "2", [0]], ["const", "2", []], ["const", "1", []], ["const", "0", []],
        ["eq", None, [1, 2]], ["lt", None, [0, 4]], ["and", None, [5, 6]], ["where", None, [7, 3, 4]],
        ["add", ["1", "-1"], [0]], ["pow", "2", [9]], ["add", ["1", "1"], [0]], ["pow", "2", [11]],
        ["add", ["0", "1", "-100"], [10, 8]], ["add", ["0", "1", "100"], [12, 8]],
    ]  # fmt: skip
    cut = ["-3/2", "-7/5"]
    region = {"from": None, "witness": ["0", "-1"], "breaks": [cut]}
    cell = {"to": "1", "regions": [region], "zero": "slope", "reach": "1", "breaks": [cut]}
    proof = {"rule": "calibrated_by_comparison", "sides": [[cell], [cell]]}
    claim = {"property": "classification_calibrated", "params": {}, "verdict": "proved"}
    with pytest.raises(CertificateRejected, match="no gap"):
        verify(forged("binary", nodes, [14, 13], claim, proof))


def test_nothing_times_one_over_nothing() -> None:
    """``v / v`` times the logistic loss has no value at 0: 0 is no score that beats others."""
    nodes: list[Row] = [
        ["var", "v", []], ["pow", "-1", [0]], ["const", "0", []], ["add", ["0", "-1"], [0]], ["lse", None, [2, 3]],
        ["mul", None, [1, 0, 4]],
    ]  # fmt: skip
    proof = {
        "rule": "miscalibrated_by_comparison", "eta": "3/4", "mirrored": False,
        "regions": [{"from": "0", "witness": ["0", "0"], "breaks": []}],
    }  # fmt: skip
    claim = {"property": "classification_calibrated", "params": {}, "verdict": "refuted"}
    with pytest.raises(CertificateRejected):
        verify(forged("margin", nodes, [5], claim, proof))
    assert decided(lambda v: np.logaddexp(0, -v) * (v / v), "classification_calibrated") is None
    assert decided(lambda v: np.logaddexp(0, -v) + (1 - np.exp(-v)) / v, "classification_calibrated") is not False


@pytest.mark.parametrize("truth", ["1/2", "2251799813685249/4503599627370496"])
def test_a_question_at_one_half_is_about_one_half(truth: str) -> None:
    """The absolute loss has no unique act at 1/2; beyond it, at the next double but one, it has."""
    nodes: list[Row] = [["var", "p", []], ["add", ["1", "-1"], [0]]]
    other = {"1/2": "1/2"}.get(truth, "2251799813685247/4503599627370496")
    proof = {
        "rule": "risk_by_slopes", "ask": "bayes_act", "params": {"eta": 0.5}, "truths": [[other, truth]],
        "brackets": [["1", "1"]], "breaks": [],
    }  # fmt: skip
    claim = {
        "property": "bayes_act", "params": {"eta": 0.5}, "verdict": "proved", "value": 1.0, "bounds": [1.0, 1.0],
    }  # fmt: skip
    with pytest.raises(CertificateRejected):
        verify(forged("probability", nodes, [0, 1], claim, proof))


def test_products_pass_no_nan_over() -> None:
    nothing = arb("nan")
    for other in ((arb(0), arb(1)), (arb(1), arb(2))):
        with pytest.raises(Undefined):
            times((nothing, nothing), other)


@pytest.mark.parametrize("lost", [lambda v: 0 * np.log(v), lambda v: np.log(v) - np.log(v), lambda v: 0 / v])
def test_what_has_no_value_is_not_simplified_away(lost: Any) -> None:
    with pytest.raises(Unsupported, match="has no value"):
        lift(lambda v: np.logaddexp(0, -v) + lost(v), kind="margin")


def test_zero_times_log_zero_at_the_ends_stays() -> None:
    def cross_entropy(p: Any, y: Any) -> Any:
        return -y * np.log(p) - (1 - y) * np.log(1 - p)

    assert lift(cross_entropy, kind="probability").roots


@pytest.mark.parametrize("nothing", [lambda v: np.log(v) - np.log(v) < 1, lambda v: np.sqrt(v) < np.sqrt(v) + 1])
def test_a_comparison_with_nan_is_false(nothing: Any) -> None:
    """For v < 0 this code takes the second branch, although the difference of both sides is a number."""
    with pytest.raises(Unsupported, match="not a number"):
        lift(lambda v: np.where(nothing(v), np.logaddexp(0, -v), 7.0), kind="margin")


@pytest.mark.parametrize("way", ["convex", "nonnegative"])
def test_a_branch_on_what_is_not_defined(way: str) -> None:
    """``exp(log v) > 0`` by its form alone, but not for v < 0."""
    nodes: list[Row] = [
        ["var", "v", []], ["log", None, [0]], ["exp", None, [1]], ["const", "0", []], ["lt", None, [3, 2]],
        ["add", ["1", "-1"], [0]], ["pow", "2", [5]], ["const", "-7", []], ["where", None, [4, 6, 7]],
    ]  # fmt: skip
    proof: dict[str, Any] = {
        "convex": {"rule": "convex_by_pieces", "breaks": [[]]},
        "nonnegative": {"rule": "nonnegative_by_signs", "labels": [{"way": "pieces", "breaks": []}]},
    }[way]
    with pytest.raises(CertificateRejected, match="not shown defined"):
        verify(forged("margin", nodes, [8], {"property": way, "params": {}, "verdict": "proved"}, proof))


def test_a_cell_where_the_condition_is_not_defined() -> None:
    """``log z0 < log z0 + 1`` is no condition on z0 < 0, though the logarithms cancel."""
    nodes: list[Row] = [
        ["var", "z0", []], ["var", "z1", []], ["log", None, [0]], ["add", ["1", "1"], [2]], ["lt", None, [2, 3]],
        ["add", ["0", "1", "-1"], [0, 1]], ["pow", "2", [5]], ["const", "-7", []], ["where", None, [4, 6, 7]],
    ]  # fmt: skip
    certificate = forged(
        "binary", nodes, [8, 8], {"property": "convex", "params": {}, "verdict": "proved"}, {"rule": "convex_by_cells"}
    )
    with pytest.raises(CertificateRejected, match="not nonnegative"):
        verify({**certificate, "kind": "logits", "n_classes": 2, "variables": ["z0", "z1"]})


def test_a_loss_that_is_never_finite_on_one_side_is_asked_in_peace() -> None:
    assert decided(lambda v: np.sqrt(v) ** 2 - v + np.logaddexp(0, -v), "classification_calibrated") is not False


def test_an_identity_says_nothing_where_a_side_is_not_defined() -> None:
    """``z0 / z0`` is 1 as a normal form, but the loss has no value at z0 = 0, where scores are wrong or tied."""

    def loss(z: Any, y: Any) -> Any:
        return np.logaddexp.reduce(z, axis=1) - z[np.arange(len(z)), y] + z[:, 0] / z[:, 0]

    outcome = properties()["classification_calibrated"].answer(lift(loss, kind="logits", n_classes=3))
    assert outcome.verdict.value not in ("proved", "refuted")
