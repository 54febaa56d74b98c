"""Regression losses written after the rules, with their truth worked out by hand: no verdict may be wrong.

With r = yhat - y. What is asserted of every question is that no verdict contradicts the truth; how many are decided is
counted by the last test.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

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


def tukey(a: Any, y: Any) -> Any:
    # slope r (1 - r^2)^2, largest at r = 1/sqrt(5)
    return np.where(np.abs(a - y) <= 1.0, (1.0 - (1.0 - (a - y) ** 2) ** 3) / 6.0, 1.0 / 6.0)


def bregman_exp(a: Any, y: Any) -> Any:
    # slope exp(a) (a - y); second derivative exp(a) (1 + a - y) < 0 for a < y - 1
    return np.exp(y) - np.exp(a) - np.exp(a) * (y - a)


def log_quantile(a: Any, y: Any) -> Any:
    # generalised piecewise linear with g = log; g is concave, so not convex for a > y
    return np.where(y <= a, 1.0 - 0.3, -0.3) * (np.log(a) - np.log(y))


def smooth_pinball(a: Any, y: Any) -> Any:
    # slope -1/4 + sigmoid(r): from -1/4 to 3/4
    return 0.25 * (y - a) + np.logaddexp(0.0, a - y)


LOSSES: dict[str, Row] = {
    # exp(a) E exp(-Y) = 1 at the minimiser
    "linex": (lambda a, y: np.exp(a - y) - (a - y) - 1.0, REAL, {
        MEAN: False, MEDIAN: False, act([0.0, 1.0], [0.5, 0.5]): -math.log((1 + math.exp(-1)) / 2),
        **shape(convex=True, differentiable=True, lipschitz=INF, influence=False, degree=None, nonnegative=True,
                above=False, smoothness=INF)}),
    "tukey": (tukey, REAL, {
        MEAN: False, MEDIAN: False,
        **shape(convex=False, differentiable=True, lipschitz=16 / 25 / math.sqrt(5), influence=True, degree=None,
                nonnegative=True, above=True)}),
    # slope 2 r / (1 + r^2)^2, largest at r = 1/sqrt(3)
    "geman_mcclure": (lambda a, y: (a - y) ** 2 / (1.0 + (a - y) ** 2), REAL, {
        MEAN: False, MEDIAN: False,
        **shape(convex=False, differentiable=True, lipschitz=9 / (8 * math.sqrt(3)), influence=True, degree=None,
                nonnegative=True, above=True, smoothness=2.0)}),
    "truncated_square": (lambda a, y: np.minimum((a - y) ** 2, 1.0), REAL, {
        MEAN: False, MEDIAN: False,
        **shape(convex=False, differentiable=False, lipschitz=2.0, influence=True, degree=None, above=True)}),
    "bregman_exp": (bregman_exp, REAL, {
        MEAN: True, MEDIAN: False, act([0.0, 1.0, 5.0], [0.5, 0.25, 0.25]): 1.5,
        **shape(convex=False, differentiable=True, lipschitz=INF, influence=False, degree=None, nonnegative=True)}),
    # slope 2 (a - y) / a^3; second derivative -4/a^3 + 6 y/a^4 < 0 for a > 3 y / 2
    "inverse_gaussian": (lambda a, y: (y - a) ** 2 / (a**2 * y), POSITIVE, {
        MEAN: True, MEDIAN: False,
        **shape(convex=False, differentiable=True, lipschitz=INF, influence=False, degree=-1.0, nonnegative=True)}),
    "log_quantile": (log_quantile, POSITIVE, {
        MEAN: False, MEDIAN: False, functional("quantile", 0.3): True, functional("quantile", 0.7): False,
        **shape(convex=False, differentiable=False, lipschitz=INF, influence=False, degree=0.0, nonnegative=True)}),
    "absolute_log": (lambda a, y: np.abs(np.log(a) - np.log(y)), POSITIVE, {
        MEAN: False, MEDIAN: True, functional("quantile", 0.5): True, functional("quantile", 0.6): False,
        **shape(convex=False, differentiable=False, lipschitz=INF, influence=False, degree=0.0)}),
    # a - 2 y + y^2 / a: the minimiser is sqrt(E Y^2)
    "square_over_forecast": (lambda a, y: (a - y) ** 2 / a, POSITIVE, {
        MEAN: False, MEDIAN: False, act([1.0, 7.0], [0.5, 0.5]): 5.0,
        **shape(convex=True, differentiable=True, lipschitz=INF, influence=False, degree=1.0, nonnegative=True)}),
    # the minimiser is 1 / E[1 / Y]
    "square_over_label": (lambda a, y: (a - y) ** 2 / y, POSITIVE, {
        MEAN: False, MEDIAN: False, act([1.0, 3.0], [0.5, 0.5]): 1.5,
        **shape(convex=True, differentiable=True, lipschitz=INF, influence=False, degree=1.0)}),
    "smooth_pinball": (smooth_pinball, REAL, {
        MEDIAN: False, functional("quantile", 0.25): False, functional("quantile", 0.75): False,
        **shape(convex=True, differentiable=True, lipschitz=0.75, influence=True, degree=None, nonnegative=True,
                smoothness=0.25)}),
    # the minimiser is log E Y
    "poisson_log_link": (lambda a, y: np.exp(a) - y * a, MIXED, {
        MEAN: False, act([1.0, 2.0, 6.0], [0.5, 0.25, 0.25]): math.log(2.5),
        **shape(convex=True, differentiable=True, lipschitz=INF, influence=False, degree=None, nonnegative=False,
                below=False)}),
    "square_of_positive": (lambda a, y: (a - y) ** 2, MIXED, {
        MEAN: True, MEDIAN: False, functional("expectile", 0.5): True, functional("expectile", 0.4): False,
        **shape(convex=True, degree=2.0, lipschitz=INF, nonnegative=True, smoothness=2.0)}),
    "fair": (lambda a, y: np.abs(a - y) - np.log1p(np.abs(a - y)), REAL, {
        MEAN: False, MEDIAN: False,
        **shape(convex=True, differentiable=True, lipschitz=1.0, influence=True, degree=None, nonnegative=True)}),
    "tolerance": (lambda a, y: np.where(np.abs(a - y) <= 1.0, 0.0, 1.0), REAL, {
        MEAN: False, MEDIAN: False,
        **shape(convex=False, differentiable=False, lipschitz=INF, degree=None, nonnegative=True, above=True)}),
    "quartic": (lambda a, y: (a - y) ** 4, REAL, {
        MEAN: False, MEDIAN: False, functional("expectile", 0.5): False, act([-1.0, 1.0], [0.5, 0.5]): 0.0,
        **shape(convex=True, differentiable=True, lipschitz=INF, influence=False, degree=4.0)}),
    "expectile_exp": (lambda a, y: np.where(y < a, 1.0 - 0.9, 0.9) * bregman_exp(a, y), REAL, {
        MEAN: False, MEDIAN: False, functional("expectile", 0.9): True, functional("quantile", 0.9): False,
        **shape(convex=False, differentiable=True, nonnegative=True)}),
    # weight 3 a^2, which touches 0
    "cubic_median": (lambda a, y: np.where(y <= a, 0.5, -0.5) * (a**3 - y**3), REAL, {
        MEAN: False, MEDIAN: True, **shape(convex=False, differentiable=False, degree=3.0, nonnegative=True)}),
    # minimised at the mean minus 1/2000
    "tilted_square": (lambda a, y: (a - y) ** 2 + 0.001 * (a - y), REAL, {
        MEAN: False, MEDIAN: False, **shape(convex=True, degree=None, nonnegative=False, below=True)}),
    "narrow_huber": (
        lambda a, y: np.where(np.abs(a - y) <= 0.001, 500.0 * (a - y) ** 2, np.abs(a - y) - 0.0005), REAL,
        {MEAN: False, MEDIAN: False, **shape(convex=True, differentiable=True, lipschitz=1.0, smoothness=1000.0)}),
    # the minimiser is E[(1 + Y^2) Y] / E[1 + Y^2]
    "weighted_square": (lambda a, y: (1.0 + y**2) * (a - y) ** 2, REAL, {
        MEAN: False, act([0.0, 1.0], [0.5, 0.5]): 2 / 3,
        **shape(convex=True, differentiable=True, lipschitz=INF, influence=False, degree=None)}),
    "root": (lambda a, y: np.sqrt(np.abs(a - y)), REAL, {
        MEAN: False, MEDIAN: False,
        **shape(convex=False, differentiable=False, lipschitz=INF, influence=False, degree=0.5)}),
}  # fmt: skip

QUESTIONS = [(name, question) for name, (_, _, truth) in LOSSES.items() for question in truth]


@pytest.mark.parametrize(("name", "question"), QUESTIONS, ids=lambda x: x if isinstance(x, str) else x[0])
def test_no_verdict_is_wrong(name: str, question: Question) -> None:
    fn, signature, truth = LOSSES[name]
    outcome = said(fn, signature, question)
    assert not decided(outcome) or right(outcome, truth[question]), f"{outcome.message}; truth {truth[question]}"


def test_how_many_are_decided() -> None:
    open_ = [(name, question) for name, question in QUESTIONS if not decided(said(*LOSSES[name][:2], question))]
    assert len(open_) <= 0.1 * len(QUESTIONS), open_
