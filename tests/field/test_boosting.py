"""The compiled objectives of XGBoost, driven through its Python interface: one step of boosting from a given score.

A tree without a split, grown on one row with raw score z, has the leaf -g / (h + 1) where g and h are the gradient and
the hessian of the objective at z, and 1 is the regularisation. That is all the interface shows of them.
"""

from __future__ import annotations

import importlib.util
import json
import math
from collections.abc import Callable

import numpy as np
import pytest

HERE = importlib.util.find_spec("xgboost") is not None
pytestmark = pytest.mark.skipif(not HERE, reason="NOT TESTED: xgboost is not installed (extra field)")
Pair = tuple[float, float]


def logistic(z: float, y: float) -> Pair:
    p = 1.0 / (1.0 + math.exp(-z))
    return p - y, p * (1.0 - p)


def gamma(z: float, y: float) -> Pair:
    return 1.0 - y * math.exp(-z), y * math.exp(-z)


def tweedie(z: float, y: float) -> Pair:
    """Take the deviance of power 3/2, the default."""
    low, high = math.exp(-z / 2.0), math.exp(z / 2.0)
    return high - y * low, (high + y * low) / 2.0


def pseudo_huber(z: float, y: float) -> Pair:
    return (z - y) / math.hypot(1.0, z - y), math.hypot(1.0, z - y) ** -3


OBJECTIVES: dict[str, tuple[Callable[[float, float], Pair], tuple[float, ...]]] = {
    "binary:logistic": (logistic, (0.0, 1.0)),
    "reg:gamma": (gamma, (1.0, 3.0)),
    "reg:tweedie": (tweedie, (0.0, 3.0)),
    "reg:pseudohubererror": (pseudo_huber, (0.0, 1.0)),
}


def leaf(objective: str, z: float, y: float) -> float:
    """Return the leaf of one step from the raw score z."""
    import xgboost

    row = xgboost.DMatrix(np.zeros((1, 1)), label=[y], base_margin=[z])
    told = {"objective": objective, "eta": 1, "lambda": 1, "min_child_weight": 0, "verbosity": 0, "nthread": 1}
    model = json.loads(xgboost.train(told, row, 1).save_raw("json"))
    return float(model["learner"]["gradient_booster"]["model"]["trees"][0]["split_conditions"][0])


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_a_step_is_the_formula_s(objective: str) -> None:
    formula, labels = OBJECTIVES[objective]
    for y in labels:
        for z in (-20.0, -1.0, 0.0, 0.5, 20.0):
            g, h = formula(z, y)
            assert leaf(objective, z, y) == pytest.approx(-g / (h + 1.0), rel=1e-5, abs=1e-6), (y, z)


@pytest.mark.parametrize(
    ("objective", "y", "last", "first"),
    [("count:poisson", 0.0, 88.0, 89.0), ("reg:gamma", 1.0, -88.0, -89.0), ("reg:tweedie", 0.0, -177.0, -178.0)],
)
def test_where_a_step_is_no_number(objective: str, y: float, last: float, first: float) -> None:
    assert math.isfinite(leaf(objective, last, y))
    assert math.isnan(leaf(objective, first, y)), "docs/field-audit.md says so"
