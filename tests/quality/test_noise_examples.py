"""Worked examples of label noise (data/noise.jsonl): every figure is reproduced or lies in a certified enclosure.

The rows were computed by other code: symmetric sums and their thresholds, class-conditional noise, the points of Long
and Servedio, excess risks, corrections. What they took from random samples has to lie inside what is proved.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from losscheck.catalogue.wrappers import backward_correction
from losscheck.expr.printing import text
from losscheck.lifting.lifting import lift
from losscheck.loss import Loss
from losscheck.property import properties
from tests.quality.score_questions import ask, lifted, picked, softmax

ROWS = [json.loads(line) for line in (Path(__file__).parent / "data" / "noise.jsonl").read_text().splitlines()]
MARGINS: dict[str, Callable[[Any], Any]] = {
    "logistic": lambda v: np.logaddexp(0.0, -v),
    "exp": lambda v: np.exp(-v),
    "square": lambda v: (1 - v) ** 2,
    "hinge": lambda v: np.maximum(0.0, 1 - v),
    "sqhinge": lambda v: np.maximum(0.0, 1 - v) ** 2,
    "smoothhinge": lambda v: np.where(v <= 0, 0.5 - v, np.where(v < 1, 0.5 * (1 - v) ** 2, 0.0)),
    "unhinged+l2": lambda v: 1 - v,
}
SCORES: dict[str, Callable[[Any, Any], Any]] = {
    "mae": lambda z, y: 1 - picked(softmax(z), y),
    "rce": lambda z, y: 4 * (1 - picked(softmax(z), y)),  # log 0 taken for -4
    "ce": lambda z, y: -np.log(picked(softmax(z), y)),
    "gce03": lambda z, y: (1 - picked(softmax(z), y) ** 0.3) / 0.3,
    "gce07": lambda z, y: (1 - picked(softmax(z), y) ** 0.7) / 0.7,
    "ce+logitclip": lambda z, y: SCORES["ce"](z * np.minimum(1.0, 1 / np.sqrt((z**2).sum(-1, keepdims=True))), y),
}  # fmt: skip


def rows(kind: str) -> list[Any]:
    """The rows of a kind, named."""
    return [pytest.param(row, id=row["id"]) for row in ROWS if row["kind"] == kind]


def samples(loss: Callable[[Any, Any], Any], k: int) -> np.ndarray:
    """Losses of all labels at random scores, (n, K)."""
    z = np.random.default_rng(0).normal(size=(300, k)) * 2
    return np.stack([loss(z, np.full(len(z), y)) for y in range(k)], axis=1)


@pytest.mark.parametrize("row", rows("symmetric_uniform"))
def test_uniform_noise(row: dict[str, Any]) -> None:
    """Symmetric or not, tolerant or not; risks under noise follow from the sum where it is constant."""
    loss, k, rate = SCORES[row["loss"]], row["K"], row["eta"]
    found = ask(loss, "symmetric", "logits", k)
    assert found.verdict == ("proved" if row["symmetric"] else "refuted")
    sums = ask(loss, "class_sum_bounds", "logits", k)
    assert sums.verdict == "proved"
    (low, low_end), (high_end, high) = sums.bounds
    assert low <= row["sum_min"] + 1e-12
    assert row["sum_max"] <= high + 1e-12
    tolerant = ask(loss, "noise_tolerant", "logits", k, rate=rate)
    assert tolerant.verdict == ("proved" if row["tolerant_guaranteed"] else "refuted")
    assert ask(loss, "nonnegative", "logits", k).verdict == "proved"
    keep = 1 - rate * k / (k - 1)
    assert row["noisy_risk"] >= rate * low_end / (k - 1) - 1e-12  # l >= 0 and the sum is at least a
    assert (row["predicted"] is None) == (not row["symmetric"])
    if not row["symmetric"]:
        return
    threshold = ask(loss, "uniform_noise_threshold", "logits", k)
    assert threshold.value == pytest.approx(row["threshold"], abs=1e-12)
    total = (low_end + high_end) / 2
    assert high - low < 1e-9
    assert row["predicted"] == pytest.approx(row["noisy_risk"], abs=1e-12)
    clean = (row["predicted"] - rate * total / (k - 1)) / keep  # the clean risk that the row's sample had
    top = ask(loss, "bounded_above", "logits", k)
    assert top.verdict == "proved"
    assert 0 <= clean <= total
    each = samples(loss, k)
    noisy = (1 - rate) * each + rate / (k - 1) * (each.sum(1, keepdims=True) - each)
    assert np.allclose(noisy, keep * each + rate * total / (k - 1), atol=1e-12)


@pytest.mark.parametrize("row", rows("class_conditional"))
def test_class_conditional_noise(row: dict[str, Any]) -> None:
    """Sure labels: the classes that noisy minimisers predict, and whether these are the labels."""
    found = ask(SCORES[row["loss"]], "noise_tolerant", "logits", row["K"], model="separable", transition=row["T"])
    assert found.value == row["argmin_class"]
    assert (found.verdict == "proved") == row["tolerant"] == row["condition"]


@pytest.mark.parametrize("row", rows("long_servedio"))
def test_long_and_servedio(row: dict[str, Any]) -> None:
    """The noisy minimiser, its direction, its risk and its error at every gamma, as enclosures."""
    phi, rate, wrong = MARGINS[row["loss"]], row["eta"], []
    for entry in row["rows"]:
        g = entry["gamma"]
        found = ask(phi, "linear_class_noise_tolerant", "margin", rate=rate, gamma=g)
        same = row["loss"] == "square" or not entry["clean_error"]  # noise only scales the minimiser of squares
        assert found.verdict == ("proved" if same else "refuted")
        (a, b), (c, d), (low, high) = found.bounds
        w = np.array(entry["w"])
        size = 5e-8 * (1 + np.abs(w)) + 10 * entry["grad"]  # eight digits, and what the row's descent left
        assert a - size[0] <= w[0] <= b + size[0]
        assert c - size[1] <= w[1] <= d + size[1]
        assert max((b - a) / (1 + a), (d - c) / (1 + abs(c))) < 1e-6
        assert low == high == entry["clean_error"]
        margins = np.array([[1, 0], [g, 5 * g], [g, -g], [g, -g]]) @ np.array(found.value[:2])
        risk = np.mean((1 - rate) * phi(margins) + rate * phi(-margins))
        assert risk == pytest.approx(entry["noisy_min"], abs=2e-9)
        assert (min(np.array([[1, 0], [g, 5 * g], [g, -g]]) @ row["clean_optimal_w"]) > 0) == (
            row["clean_optimal_error"] == 0
        )
        wrong += [g] if low else []
    assert max(wrong) == row["largest_gamma_with_error_half"]


@pytest.mark.parametrize("row", rows("long_servedio_exact"))
def test_long_and_servedio_exactly(row: dict[str, Any]) -> None:
    """A tie at gamma = 1/12 of the square; the ridge keeps the unhinged loss on the right side."""
    phi, g = MARGINS[row["loss"]], Fraction(row["gamma"])
    if row["loss"] == "square":
        found = ask(phi, "linear_class_noise_tolerant", "margin", rate=0.0, gamma=float(g))
        assert found.value[:2] == [float(Fraction(x)) for x in row["w"]]
        assert (row["error"], row["penaliser_margin"]) == ("tie", "0")
        assert found.value[2] == 0.5  # a score of 0 is wrong
        return
    found = ask(phi, "linear_class_noise_tolerant", "margin", rate=0.2, gamma=float(g), ridge=1.0)
    first, second = map(Fraction, row["direction"])
    assert found.value[0] / found.value[1] == pytest.approx(float(first / second), rel=1e-6)
    assert g * (first - second) == Fraction(row["penaliser_margin_dir"]) * (g / Fraction(1, 10))
    assert found.value[2] == float(row["error"])


@pytest.mark.parametrize("row", rows("bounded_sum"))
def test_bounded_sums(row: dict[str, Any]) -> None:
    """Bounds of the excess risk; what random samples showed lies below them, and their sums inside the range."""
    loss, k, rate = SCORES[row["loss"].replace(".", "")], row["K"], row["eta"]
    clean = ask(loss, "noise_excess_risk_bound", "logits", k, rate=rate)
    assert clean.value == pytest.approx(row["bound"], rel=1e-8)
    assert row["max_pointwise_gap"] <= clean.bounds[1]
    assert row["holds"]
    if "noisy_bound" in row:
        noisy = ask(loss, "noise_excess_risk_bound", "logits", k, rate=rate, side="noisy")
        assert noisy.value == pytest.approx(row["noisy_bound"], rel=1e-8)
        assert row["max_noisy_gap"] <= noisy.bounds[1]
        assert row["mean_gap"] <= row["max_pointwise_gap"]
    if "sum_range" in row:
        found = ask(loss, "class_sum_bounds", "logits", k)
        assert found.value == pytest.approx(row["sum_range"], rel=1e-8)
        assert found.bounds[0][0] <= row["sampled_sum_range"][0]
        assert row["sampled_sum_range"][1] <= found.bounds[1][1]
        assert row["range_ok"]


@pytest.mark.parametrize("row", rows("correction"))
def test_corrections(row: dict[str, Any]) -> None:
    """Backward correction is unbiased and may be negative, forward correction recovers the clean minimiser."""
    ce = SCORES["ce"]
    assert ask(ce, "backward_unbiased", "logits", 3, transition=row["T"]).verdict == "proved"
    assert ask(ce, "forward_recovers", "logits", 3, transition=row["T"]).verdict == "proved"
    assert max(row["backward_unbiased_err"], row["forward_minimiser_err"]) < 1e-6
    corrected = lift(backward_correction(Loss(ce, kind="logits"), row["T"]), kind="logits", n_classes=3)
    found = properties()["nonnegative"].answer(corrected)
    assert found.verdict == "refuted"
    assert row["backward_loss_min"] < 0
    assert text(corrected.roots[0]) != text(lifted(ce, "logits", 3).roots[0])
