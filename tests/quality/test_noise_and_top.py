"""Label noise, the top k, priors and ordered classes: values by hand, and losses that break each hypothesis."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from tests.quality.score_questions import ask, one_hot, picked, softmax, verdict


def sigmoid(v: Any) -> Any:
    return 1 / (1 + np.exp(v))


def logistic(v: Any) -> Any:
    return np.logaddexp(0.0, -v)


def nearly_sigmoid(v: Any) -> Any:
    """The sum over labels varies by 2e-9."""
    return 1 / (1 + np.exp(v)) + 1e-9 / (1 + v**2)


def spiked(v: Any) -> Any:
    """Symmetric but for one score."""
    return np.where(v == 0.25, 2.0, 1 / (1 + np.exp(v)))


def even(v: Any) -> Any:
    return v**2


def constant(v: Any) -> Any:
    return 0 * v + 1.5


def mae(z: Any, y: Any) -> Any:
    return 2 * (1 - picked(softmax(z), y))


def cross_entropy(z: Any, y: Any) -> Any:
    return -np.log(picked(softmax(z), y))


def weighted(z: Any, y: Any) -> Any:
    return np.where(y == 0, 1.001, 1.0) * cross_entropy(z, y)


def half_power(z: Any, y: Any) -> Any:
    return 2 * (1 - np.sqrt(picked(softmax(z), y)))


def brier(z: Any, y: Any) -> Any:
    return np.sum((softmax(z) - one_hot(y, z)) ** 2, axis=-1)


def crammer_singer(z: Any, y: Any) -> Any:
    return np.max(z + 1 - one_hot(y, z), axis=-1) - picked(z, y)


def normalised(z: Any, y: Any) -> Any:
    logs = -np.log(softmax(z))
    return picked(logs, y) / np.sum(logs, axis=-1)


def adjusted(z: Any, y: Any) -> Any:
    return cross_entropy(z + np.log(np.asarray([0.6, 0.3, 0.1])), y)


@pytest.mark.parametrize("rate", [None, 0.2, 0.49])
def test_symmetric_losses_tolerate_noise(rate: float | None) -> None:
    assert verdict(sigmoid, "noise_tolerant", "margin", rate=rate) == "proved"
    assert verdict(logistic, "noise_tolerant", "margin", rate=rate) == "refuted"
    assert verdict(mae, "noise_tolerant", "logits", 3, rate=rate) == "proved"
    assert verdict(cross_entropy, "noise_tolerant", "logits", 3, rate=rate) == "refuted"


def test_rates_at_the_threshold() -> None:
    assert verdict(sigmoid, "noise_tolerant", "margin", rate=0.5) == "refuted"
    assert verdict(sigmoid, "noise_tolerant", "margin", rate=0.6) == "refuted"
    assert verdict(mae, "noise_tolerant", "logits", 3, rate=0.6) == "proved"
    assert verdict(mae, "noise_tolerant", "logits", 3, rate=0.7) == "refuted"
    assert verdict(logistic, "noise_tolerant", "margin", rate=0.0) == "proved"
    assert verdict(sigmoid, "noise_tolerant", "margin", rate=1.5) == "not_applicable"
    assert verdict(constant, "noise_tolerant", "margin", rate=0.7) != "refuted"


def test_class_conditional_noise() -> None:
    lopsided, even_handed = [[0.9, 0.1], [0.4, 0.6]], [[0.8, 0.2], [0.2, 0.8]]
    ways = {"model": "class_conditional"}
    assert verdict(sigmoid, "noise_tolerant", "margin", transition=lopsided, **ways) == "refuted"
    assert verdict(sigmoid, "noise_tolerant", "margin", transition=even_handed, **ways) == "proved"
    assert verdict(sigmoid, "noise_tolerant", "margin", **ways) == "not_applicable"
    assert verdict(sigmoid, "noise_tolerant", "margin", model="order", rate=0.1) == "not_applicable"


@pytest.mark.parametrize("loss", [nearly_sigmoid, spiked])
def test_almost_symmetric_is_not_tolerant(loss: Any) -> None:
    assert verdict(loss, "noise_tolerant", "margin", model="order") != "proved"
    assert verdict(loss, "uniform_noise_threshold", "margin") != "proved"


def test_an_even_loss_does_not_see_noise() -> None:
    assert verdict(even, "noise_tolerant", "margin") != "refuted"


def test_threshold() -> None:
    assert ask(sigmoid, "uniform_noise_threshold", "margin").value == 0.5
    assert ask(mae, "uniform_noise_threshold", "logits", 4).value == 0.75
    assert verdict(cross_entropy, "uniform_noise_threshold", "logits", 3) == "not_applicable"
    assert verdict(constant, "uniform_noise_threshold", "margin") == "undecided"


def test_forged_noise() -> None:
    """A rate at the threshold, a rate that is not the question's, and hypotheses in the right order."""
    good = ask(sigmoid, "noise_tolerant", "margin", rate=0.2).certificate
    bad = ask(logistic, "noise_tolerant", "margin", rate=0.2).certificate
    assert good is not None
    assert bad is not None
    high, other, swapped = copy.deepcopy(good), copy.deepcopy(good), copy.deepcopy(bad)
    high["proof"] |= {"rate": "1/2", "params": {"model": "uniform", "rate": 0.5, "transition": None}}
    other["proof"]["rate"] = "1/10"
    for atom in swapped["proof"]["atoms"]:
        atom["f"], atom["g"] = atom["g"], atom["f"]
    for forged in (high, other, swapped):
        with pytest.raises(verifier.CertificateRejected):
            verifier.verify(forged)


@pytest.mark.parametrize(
    ("loss", "n_classes", "k", "expected"),
    [
        (cross_entropy, 4, 2, "proved"),
        (half_power, 3, 2, "proved"),
        (mae, 3, 2, "refuted"),
        (mae, 4, 3, "refuted"),
        (brier, 3, 2, "proved"),
        (normalised, 4, 2, "refuted"),
        (crammer_singer, 3, 2, "refuted"),
        (crammer_singer, 3, 1, "refuted"),
    ],
)
def test_top_k(loss: Any, n_classes: int, k: int, expected: str) -> None:
    assert verdict(loss, "topk_calibrated", "logits", n_classes, k=k) == expected


def test_top_k_is_not_proved_wrongly() -> None:
    """Unequal weights break equivariance in a sliver of p; MAE at k = 1 is calibrated, by theorems of that property."""
    assert verdict(weighted, "topk_calibrated", "logits", 3, k=2) != "proved"
    assert verdict(mae, "topk_calibrated", "logits", 3, k=1) != "refuted"
    assert verdict(mae, "topk_calibrated", "logits", 3, k=3) == "not_applicable"


def test_balanced() -> None:
    found = ask(adjusted, "balanced_calibrated", "logits", 3, prior=[0.6, 0.3, 0.1])
    assert found.verdict == "proved"
    assert sorted(found.constants.values()) == ["log(1/10)", "log(3/10)", "log(3/5)"]
    assert verdict(adjusted, "balanced_calibrated", "logits", 3, prior=[0.6, 0.29, 0.11]) != "proved"
    assert verdict(adjusted, "balanced_calibrated", "logits", 3, prior=[0.6, 0.2999999999, 0.1]) != "proved"
    assert verdict(adjusted, "balanced_calibrated", "logits", 3, prior=[1, 1, 1]) == "refuted"
    assert verdict(adjusted, "balanced_calibrated", "logits", 3, prior=[6, 3, 1]) == "proved"
    assert verdict(cross_entropy, "balanced_calibrated", "logits", 3, prior=[0.6, 0.3, 0.1]) == "refuted"
    assert verdict(cross_entropy, "balanced_calibrated", "logits", 3, prior=[2, 2, 2]) == "proved"
    assert verdict(brier, "balanced_calibrated", "logits", 3, prior=[1, 1, 1]) == "proved"
    assert verdict(mae, "balanced_calibrated", "logits", 3, prior=[1, 1, 1]) != "proved"
    assert verdict(mae, "balanced_calibrated", "logits", 3, prior=[1, 1]) == "not_applicable"


def test_a_logarithm_must_be_the_constant() -> None:
    """A constant read as the logarithm of another number is rejected, however close."""
    good = ask(adjusted, "balanced_calibrated", "logits", 3, prior=[0.6, 0.3, 0.1]).certificate
    assert good is not None
    for other in ("log(600000000000001/1000000000000000)", "log(0)", "log(-3/5)", "log(3/5", "log(x)"):
        forged = copy.deepcopy(good)
        name = next(k for k, v in forged["constants"].items() if v == "log(3/5)")
        forged["constants"][name] = other
        with pytest.raises(verifier.CertificateRejected):
            verifier.verify(forged)


def cumulative(p: Any, y: Any, weights: Any) -> Any:
    return np.sum(weights * (np.cumsum(p, axis=-1) - np.cumsum(one_hot(y, p), axis=-1)) ** 2, axis=-1)


def ranked(p: Any, y: Any) -> Any:
    return cumulative(p, y, np.array([1.0, 2.0, 1.0]))


def blind(p: Any, y: Any) -> Any:
    """The second threshold has no weight: classes 1 and 2 count alike."""
    return cumulative(p, y, np.array([1.0, 0.0, 1.0]))


def relapsing(p: Any, y: Any) -> Any:
    """Sensitive but for a bonus on one exact report."""
    return ranked(p, y) - 5.0 * (p[..., 2] == 0.5)


def rooted(p: Any, y: Any) -> Any:
    return np.sqrt(ranked(p, y))


def vanishing(p: Any, y: Any) -> Any:
    """``p_y exp(ranked)``: 0 on the face p_y = 0, where no move changes it."""
    return picked(p, y) * np.exp(ranked(p, y))


def log_score(p: Any, y: Any) -> Any:
    return -np.log(picked(p, y))


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (ranked, "proved"),
        (rooted, "proved"),
        (blind, "refuted"),
        (relapsing, "refuted"),
        (log_score, "refuted"),
        (vanishing, "refuted"),
    ],
)
def test_distance(loss: Any, expected: str) -> None:
    assert verdict(loss, "distance_sensitive", "simplex", 3) == expected


def test_two_classes_have_no_distance() -> None:
    assert verdict(log_score, "distance_sensitive", "simplex", 2) == "not_applicable"


def zero_one(p: Any, y: Any) -> Any:
    """Ties are shared."""
    best = (p >= np.max(p, axis=-1, keepdims=True)).astype(float)
    return 1 - picked(best, y) / np.sum(best, axis=-1)


def first_of_ties(p: Any, y: Any) -> Any:
    return np.where(np.argmax(p, axis=-1) == y, 0.0, 1.0)


def forgiving(p: Any, y: Any) -> Any:
    """All classes of a tie count as right: a tie is the best report."""
    return np.where(picked(p, y) >= np.max(p, axis=-1), 0.0, 1.0)


def reject_option(p: Any, y: Any, price: float = 0.5) -> Any:
    """Chow's rule: below confidence 1/2 the report is no decision, at a price."""
    return np.where(np.max(p, axis=-1) < 0.5, price, first_of_ties(p, y))


def dear_reject(p: Any, y: Any) -> Any:
    return reject_option(p, y, 0.501)


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (zero_one, "proved"),
        (first_of_ties, "proved"),
        (forgiving, "refuted"),
        (reject_option, "proved"),
        (dear_reject, "refuted"),
    ],
)
def test_piecewise_constant_scores(loss: Any, expected: str) -> None:
    assert verdict(loss, "proper", "simplex", 3) == expected


def decision_score(chosen_by: list[list[int]], paid: list[list[int]]) -> Any:
    """The cost of the decision that looks best under the report: proper if both cost matrices are the same."""

    def loss(p: Any, y: Any) -> Any:
        risks = [sum(c * p[..., i] for i, c in enumerate(row)) for row in chosen_by]
        out = 0.0 * p[..., 0]
        for a, row in enumerate(paid):
            cost = np.where(y == 0, row[0], np.where(y == 1, row[1], row[2])) * 1.0
            for b, other in enumerate(risks):
                if b != a:
                    cost = np.where((risks[a] < other) if b < a else (risks[a] <= other), cost, 0.0)
            out = out + cost
        return out

    return loss


@pytest.mark.parametrize("seed", range(6))
def test_random_decision_problems(seed: int) -> None:
    """Scoring the best decision is proper (Gruenwald and Dawid 2004); scoring one chosen by other costs is not."""
    rng = np.random.default_rng(seed)
    costs = rng.integers(0, 6, size=(3, 3)).tolist()
    other = rng.integers(0, 6, size=(3, 3)).tolist()
    assert verdict(decision_score(costs, costs), "proper", "simplex", 3) == "proved"
    reports = np.random.default_rng(1).dirichlet([1.0] * 3, 4000)
    paid = np.array(costs)[np.argmin(reports @ np.array(other).T, axis=1)]
    beaten = np.any(np.sum(reports * paid, axis=1) > np.min(reports @ np.unique(paid, axis=0).T, axis=1) + 1e-3)
    found = verdict(decision_score(other, costs), "proper", "simplex", 3)
    assert not beaten or found == "refuted"
