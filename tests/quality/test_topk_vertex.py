"""Top k of comp-sum losses: finite slopes at 0 and 1 refute it, and losses that break each hypothesis."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from tests.quality.score_questions import ask, picked, softmax, verdict

Loss = Callable[[Any, Any], Any]


def of(phi: Callable[[Any], Any]) -> Loss:
    """The comp-sum loss of a profile."""
    return lambda z, y: phi(picked(softmax(z), y))


REFUTED = {
    "asymmetric power": lambda p: (2.3**0.6 - (1.3 + p) ** 0.6) / 0.6,
    "unhinged power": lambda p: ((1.9 - p) ** 2.1 - 0.9**2.1) / 2.1,
    "Taylor of order 2": lambda p: (1 - p) + (1 - p) ** 2 / 2,
    "truncated": lambda p: np.where(p > 0.3, (1 - p**0.8) / 0.8, (1 - 0.3**0.8) / 0.8),
    "concave": lambda p: 1 - p**2,
}


@pytest.mark.parametrize("name", REFUTED)
def test_all_probability_on_one_class(name: str) -> None:
    assert verdict(of(REFUTED[name]), "topk_calibrated", "logits", 4, k=2) == "refuted"


def flat_at_1(p: Any) -> Any:
    return (1 - p) ** 2


def steep_at_0(p: Any) -> Any:
    return 1 - p**0.7


def level_at_0(p: Any) -> Any:
    """phi'(0) = 0: an optimum may give a class of the top k nothing."""
    return 1 - 3 * p**2 + 2 * p**3


def test_a_flat_end_or_a_steep_start_is_calibrated() -> None:
    assert verdict(of(flat_at_1), "topk_calibrated", "logits", 4, k=2) == "proved"
    assert verdict(of(steep_at_0), "topk_calibrated", "logits", 4, k=3) == "proved"


def test_flatness_at_1_says_nothing_of_three() -> None:
    # p = (.45, .45, .06, .04): s = (1/2, 1/2, 0, 0) is best, so classes 2 and 3 are tied
    assert verdict(of(flat_at_1), "topk_calibrated", "logits", 4, k=3) != "proved"


def test_no_slope_at_0_is_not_proved() -> None:
    assert verdict(of(level_at_0), "topk_calibrated", "logits", 4, k=2) != "proved"


def test_weights_of_classes_are_no_comp_sum() -> None:
    def weighted(z: Any, y: Any) -> Any:
        return np.where(y == 3, 4.0, 1.0) * (1 - picked(softmax(z), y)) * (2 - picked(softmax(z), y))

    outcome = ask(weighted, "topk_calibrated", "logits", 4, k=2)
    assert outcome.certificate is None or outcome.certificate["proof"]["rule"] != "topk_vertex_witness"


FORGED = [
    ("p", ["4/13", "3/13", "3/13", "3/13"]),  # the second place is tied
    ("p", ["5/13", "4/13", "3/13", "1/13"]),  # a p_m < b p_y
    ("a", "3/2"),  # more than the slope at 1
    ("b", "3/2"),  # less than the slope at 0
    ("b", "-1"),
    ("k", 1),
    ("k", 4),
    ("alpha", "2"),
    ("alpha", "-1"),
]


@pytest.mark.parametrize(("key", "value"), FORGED)
def test_forged(key: str, value: Any) -> None:
    made = copy.deepcopy(ask(of(REFUTED["Taylor of order 2"]), "topk_calibrated", "logits", 4, k=2).certificate)
    assert made is not None
    assert made["proof"]["rule"] == "topk_vertex_witness"
    made["proof"][key] = value
    if key == "k":
        made["claim"]["params"]["k"] = value
    with pytest.raises(verifier.CertificateRejected):
        verifier.verify(made)
