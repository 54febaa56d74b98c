"""Regression losses that break one hypothesis of a rule at a time: nothing false may be proved, nothing true refuted.

Truths are by hand; r = yhat - y. A question may stay open.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from losscheck.certificate import certificate
from losscheck.lifting.lifting import lift
from losscheck.verifier import CertificateRejected, verify
from tests.quality.regression_questions import (
    MEAN,
    MEDIAN,
    MIXED,
    POSITIVE,
    REAL,
    Question,
    Row,
    act,
    decided,
    functional,
    right,
    said,
    shape,
)

INF = math.inf


def square(a: Any, y: Any) -> Any:
    return (a - y) ** 2


LOSSES: dict[str, Row] = {
    # continuity of the loss on the diagonal, and values of its own there
    "hole on the diagonal": (lambda a, y: np.where(a == y, -1.0, square(a, y)), REAL, {
        MEAN: False, act([1.0, 2.0], [0.5, 0.5]): "open",
        **shape(convex=False, differentiable=False, degree=None, nonnegative=False, lipschitz=INF)}),
    "bump on the diagonal": (lambda a, y: np.where(a == y, 1.0, square(a, y)), REAL, {
        MEAN: False, **shape(convex=False, differentiable=False, degree=None, nonnegative=True)}),
    # {-1, 0, 1.001}: the report 0 saves the step of one atom for a change of the squares by 1e-7
    "step on the diagonal": (lambda a, y: square(a, y) + np.where(a > y, 0.001, 0.0), REAL, {
        MEAN: False, **shape(convex=False, differentiable=False, lipschitz=INF, nonnegative=True)}),
    # the weight of the slope
    "weight of y": (lambda a, y: (1.0 + 1e-6 * y**2) * square(a, y), REAL, {MEAN: False, **shape(convex=True)}),
    "negative weight": (lambda a, y: -square(a, y), REAL, {
        MEAN: False, MEDIAN: False, **shape(convex=False, below=False, above=True, degree=2.0)}),
    # slope a (a - y): on R the weight is negative for a < 0
    "weight a on R": (lambda a, y: a**3 / 3 - a**2 * y / 2 + y**3 / 6, REAL, {MEAN: False, **shape(convex=False)}),
    "weight a on positive numbers": (lambda a, y: a**3 / 3 - a**2 * y / 2 + y**3 / 6, POSITIVE, {
        MEAN: True, **shape(degree=3.0, convex=False, nonnegative=True)}),
    "weights that differ a little": (lambda a, y: np.where(a > y, 0.5, 0.50001) * square(a, y), REAL, {
        MEAN: False, MEDIAN: False, functional("expectile", 0.5): False, **shape(convex=True, differentiable=True)}),
    "levels that differ a little": (lambda a, y: np.where(a > y, 0.5, 0.50001) * np.abs(a - y), REAL, {
        MEDIAN: False, functional("quantile", 0.5): False, **shape(convex=True, lipschitz=0.50001, degree=1.0)}),
    # switches off the diagonal
    "switch next to the diagonal": (lambda a, y: np.where(a > y + 0.01, 2.0, 1.0) * square(a, y), REAL, {
        MEAN: False, **shape(convex=False, differentiable=False, lipschitz=INF)}),
    "twice the median": (lambda a, y: np.abs(a - 2.0 * y), POSITIVE, {
        MEDIAN: False, act([1.0, 2.0, 4.0], [0.25, 0.5, 0.25]): 4.0, **shape(convex=True, lipschitz=1.0, degree=1.0)}),
    "weight that jumps in yhat": (lambda a, y: np.where(a > 1, 2.0, 1.0) * (a**2 / 2 - a * y), REAL, {
        MEAN: False, **shape(convex=False, differentiable=False, degree=None)}),
    "continuous weight with a kink": (lambda a, y: np.where(a > 0, 2.0, 1.0) * (a**2 / 2 - a * y) + y**2, REAL, {
        MEAN: True, MEDIAN: False, **shape(differentiable=False, degree=2.0)}),
    "plus the absolute value": (lambda a, y: square(a, y) + np.abs(a), REAL, {
        MEAN: False, **shape(convex=True, differentiable=False, degree=None, lipschitz=INF)}),
    # real reports of positive labels
    "trap below 0": (lambda a, y: np.where(a < 0, -1.0, square(a, y)), MIXED, {
        MEAN: False, MEDIAN: False, **shape(convex=False, differentiable=False, nonnegative=False)}),
    "falls below 0": (lambda a, y: square(a, y) + np.minimum(a, 0.0) * 0.5 * a**2, MIXED, {
        MEAN: False, **shape(below=False, convex=False)}),
    # only some y show it
    "kink for large y": (lambda a, y: np.maximum(a - y, 0.0) * np.maximum(y - 5.0, 0.0) + square(a, y), REAL, {
        MEAN: False, **shape(convex=True, differentiable=False)}),
    "concave for large y": (lambda a, y: np.where(y > 50, -1.0, 1.0) * square(a, y), REAL, {
        MEAN: False, **shape(convex=False, differentiable=True)}),
    "kink at one y": (lambda a, y: np.where(y == 2, np.abs(a - y), square(a, y)), REAL, {
        MEAN: False, **shape(convex=True, differentiable=False)}),
    # nearly a function of yhat - y
    "nearly a shift": (lambda a, y: np.abs(a - y) + 1e-12 * a**2, REAL, {
        MEDIAN: False, **shape(lipschitz=INF, influence=False, convex=True, degree=None)}),
    "term in y": (lambda a, y: square(a, y) - y**4, REAL, {
        MEAN: True, **shape(convex=True, nonnegative=False, below=False, above=False, degree=None)}),
    "weight that jumps in y": (lambda a, y: np.where(y > 5, 3.0, 1.0) * np.abs(a - y), REAL, {
        MEAN: False, MEDIAN: False,
        **shape(convex=True, differentiable=False, lipschitz=3.0, influence=True, nonnegative=True)}),
    "weight that vanishes": (lambda a, y: y**2 * np.abs(a - y), REAL, {
        MEAN: False, MEDIAN: False, **shape(convex=True, differentiable=False, lipschitz=INF, degree=3.0)}),
    "weight that changes sign": (lambda a, y: y * square(a, y), REAL, {
        MEAN: False, **shape(convex=False, differentiable=True, lipschitz=INF, degree=3.0, below=False)}),
    # not of one variable, with slopes 1 / (1 + a)
    "distance of logarithms": (lambda a, y: np.abs(np.log1p(a) - np.log1p(y)), POSITIVE, {
        MEDIAN: True, MEAN: False, **shape(lipschitz=1.0, influence=True, convex=False, degree=None)}),
    "the same, growing with y": (lambda a, y: (1 + y) * np.abs(np.log1p(a) - np.log1p(y)), POSITIVE, {
        MEDIAN: False, **shape(lipschitz=INF, influence=False, convex=False)}),
    # slopes 10 / (2 + |r|), then 1; the code's constant makes both meet up to rounding only
    "meets up to rounding": (
        lambda a, y: np.where(np.abs(a - y) < 10, 10 * np.log(1 + np.abs(a - y) / 2),
                              np.abs(a - y) - (10 - 10 * np.log(1 + 10 / 2))), REAL,
        {**shape(lipschitz=5.0, influence=True, convex=False, differentiable=False, nonnegative=True)}),
    "steepest at infinity": (lambda a, y: np.sqrt(square(a, y) + 1e-6), REAL, {
        MEDIAN: False, **shape(lipschitz=1.0, convex=True, differentiable=True, influence=True)}),
    # homogeneity
    "almost homogeneous": (lambda a, y: np.abs(a - y) + 1e-9 * square(a, y), REAL, {
        **shape(degree=None, lipschitz=INF, convex=True)}),
    "another factor far out": (lambda a, y: np.where(a > 9, 2.0, 1.0) * square(a, y), REAL, {**shape(degree=None)}),
    "zero": (lambda a, y: 0.0 * a * y, REAL, {
        **shape(degree="open", convex=True, differentiable=True, influence=True)}),
    # slopes
    "slope on a ray only": (lambda a, y: np.where(a == 2 * y, y**2, np.abs(a - y)), REAL, {
        **shape(influence="open", convex=False, degree=None)}),
    "slowly unbounded slope": (lambda a, y: (1 + np.abs(a - y)) * np.log1p(np.abs(a - y)), REAL, {
        **shape(lipschitz=INF, influence=False, convex=True, differentiable=False)}),
    "slope that grows with y": (lambda a, y: np.log(1 + np.exp(a - y)) * y, POSITIVE, {
        **shape(lipschitz=INF, influence=False, convex=True, differentiable=True)}),
    "signed square": (lambda a, y: np.abs(a - y) * (a - y), REAL, {
        **shape(differentiable=True, convex=False, below=False, degree=2.0)}),
    # Bayes acts
    "two wells": (lambda a, y: 1.0 - np.exp(-square(a, y)), REAL, {
        act([0.0, 10.0], [0.5, 0.5]): "open", **shape(above=True, convex=False, differentiable=True)}),
    "flat bottom": (lambda a, y: np.maximum(np.abs(a - y) - 1.0, 0.0), REAL, {
        act([0.0], [1.0]): "open", MEDIAN: False, MEAN: False, **shape(convex=True, lipschitz=1.0)}),
    "decreasing for ever": (lambda a, y: np.exp(y - a), REAL, {
        act([0.0, 1.0], [0.5, 0.5]): "open", MEAN: False, **shape(convex=True, nonnegative=True, above=False)}),
    # all is least at the diagonal but for one side far out
    "dip far above": (lambda a, y: np.minimum(square(a, y), np.maximum(1e4 - np.abs(a - y), -1.0)), REAL, {
        MEAN: False, **shape(nonnegative=False, below=True, convex=False)}),
}  # fmt: skip

QUESTIONS = [(name, question) for name, (_, _, truth) in LOSSES.items() for question in truth]


@pytest.mark.parametrize(("name", "question"), QUESTIONS, ids=lambda x: x if isinstance(x, str) else x[0])
def test_broken_hypotheses_are_seen(name: str, question: Question) -> None:
    fn, signature, answers = LOSSES[name]
    outcome, truth = said(fn, signature, question), answers[question]
    if truth == "open":  # no number or no single answer exists
        assert not decided(outcome), outcome.message
    else:
        assert not decided(outcome) or right(outcome, truth), f"{outcome.message}; truth {truth}"


def test_other_rules_do_not_speak_of_regression() -> None:
    lifted = lift(lambda a, y: a * y, kind="regression")  # linear in yhat, a saddle in both
    saddle = {"rule": "convex_witness", "label": 0, "a": ["0", "1"], "b": ["1", "0"], "weight": "1/2"}
    with pytest.raises(CertificateRejected, match="says nothing of kind"):
        verify(certificate(lifted, "convex", "refuted", saddle))


@pytest.mark.parametrize("domain", ["unit", "simplex", "yhat:positive"])
def test_unknown_domains_are_rejected(domain: str) -> None:
    lifted = lift(square, kind="regression")
    proof = {"rule": "elicits_by_sides", "functional": "mean", "asked": None, "chart": "shift"}
    made = certificate(lifted, "elicits", "proved", proof, params={"functional": "mean", "level": None})
    assert verify(made).property == "elicits"
    with pytest.raises(CertificateRejected):
        verify({**made, "domain": domain})


def test_a_level_elsewhere_is_rejected() -> None:
    lifted = lift(lambda a, y: np.where(a > y, 0.25, 0.75) * np.abs(a - y), kind="regression")
    proof = {"rule": "elicits_by_sides", "functional": "quantile", "asked": 0.7, "chart": "shift", "level": "3/4"}
    with pytest.raises(CertificateRejected, match="level"):
        verify(certificate(lifted, "elicits", "proved", proof, params={"functional": "quantile", "level": 0.7}))
