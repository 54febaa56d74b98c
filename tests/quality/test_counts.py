"""Regression losses of counts: truths by hand, each loss aimed at one hypothesis of what is said of counts.

What is true of all positive observations may fail at 0; what fails at y = 1/2 need not fail for counts.
"""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest

from losscheck.lifting.lifting import lift
from losscheck.property import properties
from losscheck.verdict import Verdict
from losscheck.verifier import CertificateRejected, verify
from tests.quality.regression_questions import MEAN, MEDIAN, Question, Row, act, right, said, shape

RATE, LINK = "yhat:(N,):positive y:(N,):count", "yhat:(N,):real y:(N,):count"
INF = math.inf


def y_log_y(y: Any) -> Any:
    return np.where(y > 0, y * np.log(np.where(y > 0, y, 1.0)), 0.0 * y)


def poisson(a: Any, y: Any) -> Any:
    return a - y * np.log(a)


LOSSES: dict[str, Row] = {
    "Poisson": (poisson, RATE, {
        MEAN: True, MEDIAN: False, act([0.0, 1.0, 4.0], [0.3, 0.4, 0.3]): 1.6,
        **shape(convex=True, differentiable=True, nonnegative=False, influence=False, degree=None)}),
    "Poisson of the logarithm": (lambda a, y: np.exp(a) - y * a, LINK, {
        MEAN: False, MEDIAN: False, act([0.0, 2.0], [0.5, 0.5]): 0.0,
        **shape(convex=True, differentiable=True, above=False, lipschitz=INF)}),
    "Poisson deviance": (lambda a, y: 2 * (y_log_y(y) - y * np.log(a) - y + a), RATE, {
        MEAN: True, **shape(convex=True, nonnegative=True, below=True, above=False)}),
    "negative binomial": (lambda a, y: (y + 2.0) * np.log(a + 2.0) - y * np.log(a), RATE, {
        MEAN: True, MEDIAN: False, **shape(convex=False, differentiable=True)}),
    "absolute": (lambda a, y: np.abs(a - y), LINK, {
        MEDIAN: True, MEAN: False, **shape(convex=True, differentiable=False, lipschitz=1.0, degree=1.0)}),
    # terms of y alone change no shape, unless they are no numbers
    "Poisson with Stirling's term": (lambda a, y: np.exp(a) - y * a + np.where(y > 1, y_log_y(y) - y, 0.0), LINK, {
        MEAN: False, act([0.0, 2.0], [0.5, 0.5]): 0.0, **shape(convex=True, differentiable=True, influence=False)}),
    "square with a logarithm": (lambda a, y: (a - y) ** 2 + np.log(y), LINK, {
        **shape(convex="open", differentiable="open")}),
    "absolute with a step": (lambda a, y: np.abs(a - y) + np.where(y > 3, 1.0 / (y - 3.0), y**2), LINK, {
        MEDIAN: True, **shape(convex=True, lipschitz=1.0, influence=True)}),
    # 0 has a formula of its own: each of these is another loss at y = 0 alone
    "concave at 0": (lambda a, y: np.where(y == 0, np.sqrt(a), poisson(a, y)), RATE, {
        MEAN: False, **shape(convex=False, differentiable=True)}),
    "kink at 0": (lambda a, y: np.where(y == 0, np.abs(a - 3.0), poisson(a, y)), RATE, {
        MEAN: False, **shape(convex=True, differentiable=False)}),
    "another weight at 0": (lambda a, y: np.where(y == 0, 2.0 * a, poisson(a, y)), RATE, {
        MEAN: False, **shape(convex=True, differentiable=True)}),
    "negative at 0": (lambda a, y: np.where(y == 0, a - 1.0, (a - y) ** 2), RATE, {
        MEAN: False, **shape(convex=True, nonnegative=False)}),
    "unbounded at 0": (lambda a, y: np.where(y == 0, -np.sqrt(a), np.exp(-((a - y) ** 2))), RATE, {
        **shape(below=False, above=True, influence=False)}),
    "rises to 0 from the left": (lambda a, y: np.where((y == 0) & (a < 0), -(a**2), (a - y) ** 2), LINK, {
        MEAN: False, **shape(convex=False)}),
    "no value at 0": (lambda a, y: y * np.log(y) - y * np.log(a) + a, RATE, {
        MEAN: "open", **shape(convex="open", differentiable="open", nonnegative="open", below="open")}),
    # between the counts, where nobody looks
    "concave at halves": (lambda a, y: np.where(np.abs(y - 0.5) < 0.25, -1.0, 1.0) * (a - y) ** 2, LINK, {
        **shape(convex=True, nonnegative=True)}),
    "steep at halves": (lambda a, y: np.where(np.abs(y - 0.5) < 0.25, 9.0, 1.0) * np.abs(a - y), LINK, {
        MEDIAN: True, **shape(lipschitz=1.0, nonnegative=True)}),
}  # fmt: skip
CASES = [(name, question) for name, (_, _, truths) in LOSSES.items() for question in truths]


@pytest.mark.parametrize(("name", "question"), CASES, ids=lambda x: x if isinstance(x, str) else x[0])
def test_nothing_false_is_said(name: str, question: Question) -> None:
    fn, signature, truths = LOSSES[name]
    outcome, truth = said(fn, signature, question), truths[question]
    if truth == "open":
        assert outcome.verdict is Verdict.UNDECIDED
        return
    if outcome.verdict is not Verdict.UNDECIDED:
        assert right(outcome, truth)
        assert outcome.certificate is not None
        verify(outcome.certificate)


def test_most_is_decided() -> None:
    """All but what fails between the counts, and the proofs that a rule for each observation would need."""
    left = [
        (name, question[0]) for name, question in CASES
        if LOSSES[name][2][question] != "open" and said(*LOSSES[name][:2], question).verdict is Verdict.UNDECIDED
    ]  # fmt: skip
    assert len(left) <= 6, left


def _certificate(fn: Any, signature: str, name: str, **params: Any) -> dict[str, Any]:
    outcome = properties()[name].answer(lift(fn, kind="regression", signature=signature), **params)
    assert outcome.certificate is not None
    return copy.deepcopy(dict(outcome.certificate))


def test_a_half_is_no_observation() -> None:
    """A slice, a law or a line that leaves the counts refutes nothing."""
    square = _certificate(lambda a, y: np.abs(a - y), LINK, "differentiable")
    for y in ("1/2", "-1"):
        square["proof"]["y"] = y
        with pytest.raises(CertificateRejected):
            verify(square)
    mean = _certificate(lambda a, y: np.abs(a - y), LINK, "elicits", functional="mean", level=None)
    mean["proof"]["y"] = [str(y) + "/2" for y in range(1, 2 * len(mean["proof"]["y"]), 2)]
    with pytest.raises(CertificateRejected, match="count"):
        verify(mean)
    steep = _certificate(lambda a, y: np.exp(a) - y * a, LINK, "bounded_influence")
    for line in ([["0", "1"], ["1/2", "0"]], [["0", "1"], ["0", "1/2"]], [["0", "1"], ["0", "-1"]]):
        steep["proof"]["path"] = line
        with pytest.raises(CertificateRejected, match="counts"):
            verify(steep)


def test_a_slope_that_only_real_observations_have_is_no_constant() -> None:
    """(y - 1/2)^2 is least between the counts: the slope 1 / (1 + 4 (y - 1/2)^2) is 1 there and at most 1/2 else."""
    outcome = said(lambda a, y: np.abs(a) / (1.0 + 4.0 * (y - 0.5) ** 2), LINK, ("lipschitz", ()))
    assert outcome.verdict is Verdict.UNDECIDED or right(outcome, 0.5)
