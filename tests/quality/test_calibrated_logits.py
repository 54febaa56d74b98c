"""Logit losses made to break one hypothesis each: no theorem may prove or refute them wrongly.

Truths are derived by hand (in the comments); ``None`` where only silence, or the truth, is right.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from losscheck.lifting.lifting import lift
from losscheck.theorems.calibrated_logits import calibrated
from losscheck.verdict import Verdict
from losscheck.verifier import verify


def lse(z: Any) -> Any:
    m = np.max(z, axis=-1, keepdims=True)
    return m[..., 0] + np.log(np.sum(np.exp(z - m), axis=-1))


def lsm(z: Any) -> Any:
    return z - lse(z)[..., None]


def softmax(z: Any) -> Any:
    return np.exp(lsm(z))


def pick(a: Any, y: Any) -> Any:
    return np.take_along_axis(a, y[..., None], axis=-1)[..., 0]


def onehot(y: Any, a: Any) -> Any:
    return (y[..., None] == np.arange(a.shape[-1])).astype(a.dtype)


def total(a: Any) -> Any:
    return np.sum(a, axis=-1)


def relu(a: Any) -> Any:
    return np.maximum(a, 0.0)


def ce(z: Any, y: Any) -> Any:
    return -pick(lsm(z), y)


def margins(z: Any, y: Any) -> Any:
    return pick(z, y)[..., None] - z


def sign(z: Any, y: Any) -> Any:
    return 2.0 * onehot(y, z) - 1.0


def focal(z: Any) -> Any:
    return -((1.0 - softmax(z)) ** 2) * lsm(z)


def weighted(weights: list[float]) -> Any:
    return lambda z, y: np.asarray(weights)[y] * ce(z, y)


# name: (loss, K, truth). True: calibrated; False: not.
LOSSES: dict[str, tuple[Any, int, bool | None]] = {
    # E broken by a class weight: at a near tie of classes 0 and 1 the heavier class wins.
    "weighted": (weighted([1.0, 1.25, 1.0]), 3, False),
    "weighted by tenths": (weighted([0.1, 0.7, 0.2]), 3, False),
    "weighted sliver": (weighted([1.0, 1.0 + 2.0**-30, 1.0]), 3, False),
    "weighted K=2": (weighted([1.0, 3.0]), 2, False),
    "unequal margins": (lambda z, y: ce(z - onehot(y, z) * np.asarray([0.0, 0.5, 1.0]), y), 3, False),
    # G reversed, and G = 0
    "softmax(-z)": (lambda z, y: ce(-z, y), 3, False),
    "label smoothing 2": (lambda z, y: pick(lsm(z), y) - 2 * total(lsm(z)) / 3, 3, False),
    "label smoothing 1": (lambda z, y: -total(lsm(z)) / 3, 3, False),
    "constant": (lambda z, y: 0 * pick(z, y) + 1, 3, False),
    # gamma = 0 at infinity: the infimum is reached on ties at infinity (K >= 3)
    "normalised cross-entropy": (lambda z, y: pick(lsm(z), y) / total(lsm(z)), 3, False),
    "normalised focal": (lambda z, y: pick(focal(z), y) / total(focal(z)), 3, False),
    "one against all sigmoid": (lambda z, y: total(1 / (1 + np.exp(z * sign(z, y)))), 3, False),
    # kinks at ties
    "Crammer-Singer": (lambda z, y: relu(1 + np.max(z - 1e9 * onehot(y, z), axis=-1) - pick(z, y)), 3, False),
    "Crammer-Singer K=2": (lambda z, y: relu(1 + np.max(z - 1e9 * onehot(y, z), axis=-1) - pick(z, y)), 2, True),
    "perceptron": (lambda z, y: np.max(z, axis=-1) - pick(z, y), 3, False),
    "kink in the common part": (lambda z, y: lse(z) + np.max(z, axis=-1) - 2 * pick(z, y), 3, False),
    "Brier + 3 max": (lambda z, y: total((softmax(z) - onehot(y, z)) ** 2) + 3 * np.max(softmax(z), axis=-1), 3, False),
    # H = -inf, reached among wrong scores too
    "log(1 - s)": (lambda z, y: np.log(1 - pick(softmax(z), y)), 3, False),
    "unhinged": (lambda z, y: -pick(z, y), 3, False),
    # links that do not keep the order
    "even": (lambda z, y: (1 - pick(z, y)) ** 2, 3, False),
    "Taylor softmax": (lambda z, y: -np.log(pick(1 + z + z**2 / 2, y) / total(1 + z + z**2 / 2)), 3, False),
    "softmax of |z|": (lambda z, y: ce(np.abs(z), y), 3, False),
    # constraint missing: z = (-1, -1, -1) is optimal for p = (1, 0, 0)
    "Lee-Lin-Wahba raw": (lambda z, y: total((1 - onehot(y, z)) * relu(1 + z)), 3, False),
    "Weston-Watkins": (lambda z, y: total((1 - onehot(y, z)) * relu(1 - margins(z, y))), 3, False),
    "Weston-Watkins K=2": (lambda z, y: total((1 - onehot(y, z)) * relu(1 - margins(z, y))), 2, True),
    # phi flat where ties lie (s in [1/3, 1/2]): at p near uniform the full tie is optimal or as good
    "flat at ties": (lambda z, y: relu(0.25 - pick(softmax(z), y)), 3, False),
    # phi flat outside of [1/K, 1/2] only: still calibrated
    "flat far from ties": (lambda z, y: -np.minimum(pick(softmax(z), y), 0.75), 3, True),
    "clipped cross-entropy": (lambda z, y: -np.log(np.maximum(pick(softmax(z), y), 0.125)), 3, True),
    # true ones
    "cross-entropy": (ce, 3, True),
    "temperature": (lambda z, y: ce(z / 4, y), 3, True),
    "MAE": (lambda z, y: 1 - pick(softmax(z), y), 4, True),
    "CE + MAE": (lambda z, y: ce(z, y) + 1 - pick(softmax(z), y), 3, True),
    "CE + Brier": (lambda z, y: ce(z, y) + total((softmax(z) - onehot(y, z)) ** 2), 3, True),
    "BCE of softmax": (
        lambda z, y: -total(onehot(y, z) * lsm(z) + (1 - onehot(y, z)) * np.log1p(-softmax(z))), 3, True,
    ),
    "Brier K=5": (lambda z, y: total((softmax(z) - onehot(y, z)) ** 2), 5, True),
    "spherical": (lambda z, y: 1 - pick(softmax(z), y) / np.sqrt(total(softmax(z) ** 2)), 3, True),
    "CE + l2": (lambda z, y: ce(z, y) + total(z**2), 3, True),
    "squared hinge, one against all": (lambda z, y: total(relu(1 - sign(z, y) * z) ** 2), 3, True),
    "squared hinge, pairs": (lambda z, y: total((1 - onehot(y, z)) * relu(1 - margins(z, y)) ** 2), 3, True),
    "logistic, one against all": (lambda z, y: total(np.logaddexp(0.0, -sign(z, y) * z)), 4, True),
    "constrained exponential": (lambda z, y: total((1 - onehot(y, z)) * np.exp(z - total(z)[..., None] / 3)), 3, True),
    "constrained squared hinge": (
        lambda z, y: total((1 - onehot(y, z)) * relu(1 + z - total(z)[..., None] / 3) ** 2), 3, True,
    ),
    "Lee-Lin-Wahba centred": (
        lambda z, y: total((1 - onehot(y, z)) * relu(1 + z - total(z)[..., None] / 3)), 3, True,
    ),
    # the pairwise hinge truncated at 2 is not convex, and calibrated (a 3,974-point brute force agrees)
    "truncated pairwise hinge": (
        lambda z, y: total((1 - onehot(y, z)) * np.minimum(relu(1 - margins(z, y)), 2.0)), 3, True,
    ),
}  # fmt: skip

# Those that the theorems do not reach: silence is what we expect, and anything but a wrong answer is allowed.
SILENT = {"weighted sliver", "kink in the common part", "Brier + 3 max", "log(1 - s)", "softmax of |z|", "flat at ties"}


@pytest.mark.parametrize("name", list(LOSSES))
def test_never_wrong_and_mostly_decided(name: str) -> None:
    loss, k, truth = LOSSES[name]
    outcome = calibrated(lift(loss, kind="logits", n_classes=k))
    assert outcome.verdict is not (Verdict.REFUTED if truth else Verdict.PROVED), outcome.message
    if name not in SILENT:
        assert outcome.verdict is (Verdict.PROVED if truth else Verdict.REFUTED), outcome.message
        assert outcome.certificate is not None
        assert verify(outcome.certificate).property == "classification_calibrated"


def code_epsilon(z: Any, y: Any) -> Any:
    return -((1 - pick(softmax(z), y)) ** 2) * np.log(pick(softmax(z), y) + 1e-7)


# What code does to formulas: clamps, epsilons, margins that are no short binary fractions.
AS_CODED: dict[str, tuple[Any, int, bool]] = {
    # phi rises next to s = 1, by less than 1e-7: far from where it could matter
    "focal with an epsilon": (code_epsilon, 3, True),
    "clamped cross-entropy": (lambda z, y: -np.log(np.clip(pick(softmax(z), y), 1e-7, 1.0)), 3, True),
    "squared cross-entropy": (lambda z, y: ce(z, y) ** 2, 3, True),
    "Weston-Watkins, margin 0.3": (lambda z, y: total((1 - onehot(y, z)) * relu(0.3 - margins(z, y))), 3, False),
    # exp(-(z_y - mean z)): at p = (3/5, 2/5, 0) the third score pays for both others, at a tie too
    "centred exponential": (lambda z, y: np.exp(-(pick(z, y) - total(z) / 3)), 3, False),
    "centred logistic": (
        lambda z, y: total((1 - onehot(y, z)) * np.logaddexp(0, z - total(z)[..., None] / 3)), 3, True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(AS_CODED))
def test_losses_as_coded(name: str) -> None:
    loss, k, truth = AS_CODED[name]
    outcome = calibrated(lift(loss, kind="logits", n_classes=k))
    assert outcome.verdict is (Verdict.PROVED if truth else Verdict.REFUTED), outcome.message


@pytest.mark.parametrize(
    ("phi", "uniform"),
    [
        (lambda s: -((1 - s) ** 2) * np.log(s), True),
        (lambda s: (1 - s**0.7) / 0.7, True),
        (lambda s: -np.log(np.maximum(s, 0.2)), False),  # flat below 1/5, where ties of six classes lie
    ],
)
def test_whether_the_number_of_classes_matters(phi: Any, uniform: bool) -> None:
    lifted = lift(lambda z, y: phi(pick(softmax(z), y)), kind="logits", n_classes=3)
    outcome = calibrated(lifted)
    assert outcome.verdict == Verdict.PROVED
    assert (outcome.certificate or {})["proof"].get("classes") == ("all" if uniform else None)
    assert ("whatever the number of classes" in outcome.message) == uniform


def nce(z: Any, y: Any) -> Any:
    return pick(lsm(z), y) / total(lsm(z))


def nfl(z: Any, y: Any) -> Any:
    scores = (1 - softmax(z)) ** 2 * lsm(z)
    return pick(scores, y) / total(scores)


ACTIVE_PASSIVE = {
    "nce + mae": (lambda z, y: nce(z, y) + 2 * (1 - pick(softmax(z), y)), True),
    "nfl + rce": (lambda z, y: 0.5 * nfl(z, y) + 4 * (1 - pick(softmax(z), y)), True),
    "nce + 1 - s^2": (lambda z, y: nce(z, y) + 1 - pick(softmax(z), y) ** 2, True),
    "nce + nfl": (lambda z, y: nce(z, y) + nfl(z, y), False),  # both give the least likely class up, and order none
    "nce - mae": (lambda z, y: nce(z, y) - 2 * (1 - pick(softmax(z), y)), None),  # likes the least likely class on top
    "nce + other": (lambda z, y: nce(z, y) + pick(softmax(z[..., [1, 2, 0]]), y), None),  # of another class's share
}


@pytest.mark.parametrize("name", sorted(ACTIVE_PASSIVE))
def test_active_passive_sums(name: str) -> None:
    loss, truth = ACTIVE_PASSIVE[name]
    outcome = calibrated(lift(loss, kind="logits", n_classes=3))
    if truth is None:
        assert outcome.verdict != Verdict.PROVED
        return
    assert outcome.verdict == (Verdict.PROVED if truth else Verdict.REFUTED)
    assert outcome.certificate is not None
    assert verify(outcome.certificate).property == "classification_calibrated"


def length(z: Any) -> Any:
    return np.sqrt(total(z**2))[..., None]


ON_BALLS = {
    "root": (lambda z, y: ce(4 * z / np.sqrt(total(z**2) + 0.25)[..., None], y), True),
    "sum": (lambda z, y: ce(z / (length(z) + 1e-7) / 0.04, y), True),
    "max": (lambda z, y: 1 - pick(softmax(8 * z / np.maximum(length(z), 1e-12)), y), True),
    "upside down": (lambda z, y: ce(-4 * z / (length(z) + 1e-7), y), False),
    "of two scores": (lambda z, y: ce(4 * z / np.sqrt(total(z[..., :2] ** 2) + 0.25)[..., None], y), None),
    "of another length": (lambda z, y: ce(4 * z / (total(np.abs(z)) + 1)[..., None], y), None),
    "beside the score": (lambda z, y: ce(4 * z / (length(z) + 1), y) + pick(z, y) / 100, None),
}


@pytest.mark.parametrize("name", sorted(ON_BALLS))
@pytest.mark.parametrize("n_classes", [2, 4])
def test_scores_of_bounded_length(name: str, n_classes: int) -> None:
    loss, truth = ON_BALLS[name]
    outcome = calibrated(lift(loss, kind="logits", n_classes=n_classes))
    if truth:
        assert outcome.verdict == Verdict.PROVED
    else:
        rule = (outcome.certificate or {}).get("proof", {}).get("rule")
        assert rule != "calibrated_on_ball" or (n_classes, name) == (2, "of two scores")
        assert truth is None or outcome.verdict != Verdict.PROVED
