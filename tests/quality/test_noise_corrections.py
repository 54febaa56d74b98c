"""Class-conditional noise, corrections and excess risk: values by formula, and losses that break each hypothesis."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from tests.quality.score_questions import ask, picked, softmax, verdict

KEEPS = [[0.9682777363607960, 0.017765862483099103, 0.01395640115610512], [0.2, 0.7, 0.1], [0.25, 0.25, 0.5]]
SWAPS = [[0.4, 0.5, 0.1], [0.05, 0.9, 0.05], [0.1, 0.1, 0.8]]
TIES = [[0.4, 0.4, 0.2], [0.05, 0.9, 0.05], [0.1, 0.1, 0.8]]
SINGULAR = [[0.5, 0.3, 0.2], [0.3, 0.3, 0.4], [0.4, 0.3, 0.3]]


def mae(z: Any, y: Any) -> Any:
    return 1 - picked(softmax(z), y)


def cross_entropy(z: Any, y: Any) -> Any:
    return -np.log(picked(softmax(z), y))


def generalised(z: Any, y: Any) -> Any:
    return (1 - picked(softmax(z), y) ** 0.7) / 0.7


def crammer_singer(z: Any, y: Any) -> Any:
    return np.max(z + 1 - (y[..., None] == np.arange(z.shape[-1])), axis=-1) - picked(z, y)


def opposed(z: Any, y: Any) -> Any:
    """Classes 0 and 1 add up to 0, class 2 does not see the scores: T may differ in its third row."""
    gap = np.tanh(z[..., 0] - z[..., 1])
    return np.where(y == 2, 1.0 + 0 * gap, np.where(y == 0, gap, -gap))


def nearly_opposed(z: Any, y: Any) -> Any:
    return opposed(z, y) + np.where(y == 0, 1e-9, 0.0) * np.tanh(z[..., 2])


def unshifted(z: Any, y: Any) -> Any:
    """Cross-entropy that also holds the scores near 0: not a function of differences."""
    return cross_entropy(z, y) + np.sum(z, axis=-1) ** 2


def norm(z: Any) -> Any:
    return np.sqrt(np.sum(z**2, axis=-1, keepdims=True))


def clipped(z: Any, y: Any) -> Any:
    """LogitClip: scores are drawn into the ball of radius 3/2."""
    return cross_entropy(z * np.minimum(1.0, 1.5 / norm(z)), y)


def clipped_otherwise(z: Any, y: Any) -> Any:
    return cross_entropy(z / np.maximum(1.0, norm(z) / 1.5), y)


def clipped_apart(z: Any, y: Any) -> Any:
    """Every score by itself: the scores fill a cube, not a ball."""
    return cross_entropy(z * np.minimum(1.0, 1.5 / np.sqrt(z**2)), y)


def clipped_generalised(z: Any, y: Any) -> Any:
    return generalised(z * np.minimum(1.0, 1.5 / norm(z)), y)


def brier(p: Any, y: Any) -> Any:
    return np.sum(p**2, axis=-1) - 2 * picked(p, y)


def linear(p: Any, y: Any) -> Any:
    return 1 - picked(p, y)


def savage(v: Any) -> Any:
    return 1 / (1 + np.exp(v)) ** 2


def hinge(v: Any) -> Any:
    return np.maximum(0.0, 1 - v)


def even(v: Any) -> Any:
    return v**2


def sigmoid(v: Any) -> Any:
    return 1 / (1 + np.exp(v))


def edged(v: Any) -> Any:
    """The sum of both labels is 1 but for a bump of its own at one score."""
    return sigmoid(v) + np.where(v == 3, 0.5, 0.0)


def test_relations_between_classes() -> None:
    ways = {"model": "class_conditional"}
    some = [[0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.2, 0.2, 0.6]]
    assert verdict(opposed, "noise_tolerant", "logits", 3, transition=some, **ways) == "proved"
    assert verdict(nearly_opposed, "noise_tolerant", "logits", 3, transition=some, **ways) != "proved"
    uneven = [[0.7, 0.2, 0.1], [0.1, 0.61, 0.29], [0.2, 0.2, 0.6]]
    assert verdict(opposed, "noise_tolerant", "logits", 3, transition=uneven, **ways) == "refuted"
    reversing = [[0.2, 0.7, 0.1], [0.6, 0.1, 0.3], [0.2, 0.2, 0.6]]
    assert verdict(opposed, "noise_tolerant", "logits", 3, transition=reversing, **ways) == "refuted"
    assert verdict(mae, "noise_tolerant", "logits", 3, transition=KEEPS, **ways) == "refuted"


def test_sure_labels() -> None:
    ways = {"model": "separable"}
    for loss in (mae, cross_entropy, generalised):
        found = ask(loss, "noise_tolerant", "logits", 3, transition=KEEPS, **ways)
        assert (found.verdict, found.value) == ("proved", [0, 1, 2])
    found = ask(mae, "noise_tolerant", "logits", 3, transition=SWAPS, **ways)
    assert (found.verdict, found.value) == ("refuted", [1, 1, 2])
    assert verdict(mae, "noise_tolerant", "logits", 3, transition=TIES, **ways) == "undecided"
    assert verdict(crammer_singer, "noise_tolerant", "logits", 3, transition=KEEPS, **ways) == "undecided"
    assert verdict(sigmoid, "noise_tolerant", "margin", transition=[[0.6, 0.4], [0.1, 0.9]], **ways) == "proved"
    assert verdict(sigmoid, "noise_tolerant", "margin", transition=[[0.4, 0.6], [0.1, 0.9]], **ways) == "refuted"


@pytest.mark.parametrize(("k", "rate", "q"), [(3, 0.3, 0.7), (5, 0.6, 0.7), (10, 0.8, 0.7)])
def test_excess_risk_of_generalised_cross_entropy(k: int, rate: float, q: float) -> None:
    width = (k ** (1 - q) - 1) / q
    clean = ask(generalised, "noise_excess_risk_bound", "logits", k, rate=rate)
    noisy = ask(generalised, "noise_excess_risk_bound", "logits", k, rate=rate, side="noisy")
    assert clean.value == pytest.approx(rate * width / (k - 1 - rate * k), rel=1e-9)
    assert noisy.value == pytest.approx(rate * width / (k - 1), rel=1e-9)


def test_excess_risk_of_others() -> None:
    assert ask(mae, "noise_excess_risk_bound", "logits", 4, rate=0.5).value == 0.0
    assert ask(cross_entropy, "noise_excess_risk_bound", "logits", 3, rate=0.2).value == math.inf
    assert verdict(mae, "noise_excess_risk_bound", "logits", 4, rate=0.75) == "not_applicable"
    assert verdict(cross_entropy, "noise_excess_risk_bound", "logits", 3, rate=0.0) == "undecided"
    # phi(v) + phi(-v) = s^2 + (1 - s)^2 runs from 1/2 to 1: 0.2 / (1 - 0.4) of that
    assert ask(savage, "noise_excess_risk_bound", "margin", rate=0.2).value == pytest.approx(1 / 6, abs=1e-7)


def test_class_sums_of_one_score() -> None:
    assert ask(hinge, "class_sum_bounds", "margin").value == [2.0, math.inf]
    assert ask(savage, "class_sum_bounds", "margin").value == pytest.approx([0.5, 1.0], abs=1e-7)
    assert ask(sigmoid, "class_sum_bounds", "margin").value == pytest.approx([1.0, 1.0], abs=1e-7)
    high = ask(edged, "class_sum_bounds", "margin")
    assert high.verdict == "undecided" or high.bounds[1][1] >= 1.5


@pytest.mark.parametrize("loss", [clipped, clipped_otherwise])
@pytest.mark.parametrize("k", [2, 3, 6])
def test_clipped_scores(loss: Any, k: int) -> None:
    """The range by descent from random starts on the sphere lies inside, and comes close to its upper end."""
    found = ask(loss, "class_sum_bounds", "logits", k)
    z = np.random.default_rng(0).normal(size=(200, k))
    for _ in range(400):  # ascend: u <- r g / |g| with the gradient g of the convex sum
        g = k * np.exp(z) / np.sum(np.exp(z), axis=-1, keepdims=True) - 1
        z = 1.5 * g / norm(g)
    sums = k * np.log(np.sum(np.exp(z), axis=-1)) - np.sum(z, axis=-1)
    assert found.value == pytest.approx([k * math.log(k), float(np.max(sums))], abs=1e-9)


def test_clipped_in_other_ways() -> None:
    top = ask(clipped, "class_sum_bounds", "logits", 3).bounds[1][1]
    apart = ask(clipped_apart, "class_sum_bounds", "logits", 3)
    assert apart.verdict == "undecided" or apart.bounds[1][1] > top + 0.1
    assert verdict(clipped_generalised, "class_sum_bounds", "logits", 3) == "undecided"
    good = ask(clipped, "class_sum_bounds", "logits", 3).certificate
    assert good is not None
    for change in ({"radius": "1"}, {"radius": "-3/2"}, {"form": "max"}, {"a": "2"}, {"c": "1"}):
        forged = copy.deepcopy(good)
        forged["proof"].update(change)
        with pytest.raises(verifier.CertificateRejected):
            verifier.verify(forged)


def test_backward() -> None:
    assert verdict(cross_entropy, "backward_unbiased", "logits", 3, transition=KEEPS) == "proved"
    assert verdict(brier, "backward_unbiased", "simplex", 3, transition=SINGULAR) == "refuted"
    assert verdict(hinge, "backward_unbiased", "margin", transition=[[0.5, 0.5], [0.5, 0.5]]) == "refuted"
    assert verdict(hinge, "backward_unbiased", "margin", transition=[[0.4, 0.6], [0.5, 0.5]]) == "proved"
    assert verdict(hinge, "backward_unbiased", "margin", transition=KEEPS) == "not_applicable"
    # both labels alike: the relation l_0 = l_1 holds
    assert verdict(even, "backward_unbiased", "margin", transition=[[0.5, 0.5], [0.5, 0.5]]) == "undecided"


def test_forward() -> None:
    assert verdict(cross_entropy, "forward_recovers", "logits", 3, transition=KEEPS) == "proved"
    assert verdict(brier, "forward_recovers", "simplex", 3, transition=KEEPS) == "proved"
    assert verdict(cross_entropy, "forward_recovers", "logits", 3, transition=SINGULAR) == "refuted"
    assert verdict(mae, "forward_recovers", "logits", 3, transition=KEEPS) != "proved"
    assert verdict(linear, "forward_recovers", "simplex", 3, transition=KEEPS) != "proved"
    assert verdict(unshifted, "forward_recovers", "logits", 3, transition=KEEPS) != "proved"


def test_forged() -> None:
    """A wrong inverse, another matrix than asked, a vector that is not lost, a score without a gap."""
    good = ask(cross_entropy, "forward_recovers", "logits", 3, transition=KEEPS).certificate
    bad = ask(brier, "backward_unbiased", "simplex", 3, transition=SINGULAR).certificate
    sure = ask(mae, "noise_tolerant", "logits", 3, transition=KEEPS, model="separable").certificate
    assert good is not None
    assert bad is not None
    assert sure is not None
    for made, change in (
        (good, lambda p: p["inverse"][0].__setitem__(0, "1")),
        (good, lambda p: p["transition"].__setitem__(0, ["9/10", "1/20", "1/20"])),
        (good, lambda p: p.update(way="proper")),
        (good, lambda p: p.update(way="lost", lost=["1", "-1", "0"])),
        (bad, lambda p: p.update(lost=["1", "-1", "0"])),
        (bad, lambda p: p.update(lost=["0", "0", "0"])),
        (bad, lambda p: p.update(at=["1/3", "1/3", "1/3"])),
        (sure, lambda p: p["transition"].__setitem__(0, ["1/3", "1/3", "1/3"])),
    ):
        forged = copy.deepcopy(made)
        change(forged["proof"])
        with pytest.raises(verifier.CertificateRejected):
            verifier.verify(forged)
