"""Ranges reduced to single values: losses affine in a parameter, and parameters that set a scale; broken hypotheses."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from losscheck.certificate import graph_json
from losscheck.expr.build import ONE, const, neg, var
from losscheck.identifier import parse_identifier
from losscheck.lifting.lifted import Lifted
from losscheck.lifting.lifting import lift
from losscheck.property import properties
from losscheck.proving import prove
from losscheck.range_answers import answers, at
from losscheck.verdict import Outcome
from losscheck.verifier.rules.range_by_ends import MIXED

Loss = Callable[..., Any]
C = 0.37
"""A place that no value tried and no cut meets."""


def read(loss: Loss, kind: str, low: str, high: str, k: int | None = None) -> Lifted:
    return lift(loss, kind=kind, n_classes=k, ranges={"g": (Fraction(low), Fraction(high))})


def ask(lifted: Lifted, name: str) -> Outcome:
    wanted = parse_identifier(name)
    entry = properties()[wanted.property]
    params = {**entry.params, **wanted.params}
    found, _ = next(iter(answers(lifted, wanted.property, lambda each: entry.answer(each, **params))))
    if found.verdict.value == "proved":
        said = verifier.verify(found.certificate)
        assert said.params == {**params, **lifted.ranges}
    return found


def cross_entropy(z: Any, y: Any) -> Any:
    z = z - z.max(axis=1, keepdims=True)
    return np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]


def cauchy(v: Any, g: float) -> Any:
    return 0.5 - np.arctan(v / g) / np.pi


def tempered(v: Any, g: float) -> Any:
    return (1 / (1 + np.exp(v / g))) ** 2 * g


def rules_of_two(p: Any, y: Any, g: float) -> Any:
    return -(2 - g) * np.log(np.where(y == 1, p, 1 - p)) + g * (p - y) ** 2


def smoothed_scores(z: Any, y: Any, g: float) -> Any:
    return (1 - g) * cross_entropy(z, y) + g * ((z**2).sum(axis=1) / 8)


def two_squares(a: Any, y: Any, g: float) -> Any:
    return g * (a - y) ** 2 + (3 - g) * (np.exp(y) - np.exp(a) - np.exp(a) * (y - a))


TRUE = [
    (cauchy, "margin", None, "1/2", "3", "classification_calibrated"),
    (cauchy, "margin", None, "1/2", "3", "differentiable"),
    (tempered, "margin", None, "1/2", "3", "recovers_probability"),
    (tempered, "margin", None, "1/2", "3", "classification_calibrated"),
    (lambda z, y, g: cross_entropy(z / g, y), "logits", 3, "1/4", "4", "classification_calibrated"),
    (rules_of_two, "probability", None, "0", "2", "strictly_proper"),
    (rules_of_two, "probability", None, "0", "2", "convex"),
    (smoothed_scores, "logits", 3, "0", "1", "convex"),
    (smoothed_scores, "logits", 3, "0", "1", "permutation_equivariant"),
    (two_squares, "regression", None, "0", "3", "elicits[functional=mean]"),
]


@pytest.mark.parametrize(("loss", "kind", "k", "low", "high", "name"), TRUE)
def test_proved(loss: Loss, kind: str, k: int | None, low: str, high: str, name: str) -> None:
    assert ask(read(loss, kind, low, high, k), name).verdict.value == "proved"


FALSE = [
    (lambda v, g: v**2 * ((g - C) ** 2 - 1e-8), "margin", None, "convex"),  # false near C alone
    (lambda v, g: np.where(v > 0, g, 1 - g) * v, "margin", None, "convex"),  # false below 1/2
    (
        lambda v, g: np.where(v > 40, v * ((g - C) ** 2 - 1e-8), 40 * ((g - C) ** 2 - 1e-8)),
        "margin",
        None,
        "nonnegative",
    ),
    (lambda v, g: 1 / (1 + np.exp((g - C) * v)), "margin", None, "classification_calibrated"),  # another sign below C
    (lambda p, y, g: (p - y) ** 2 + (g - C) ** 2 * p * 1e-3, "probability", None, "proper"),  # but for g = C
    (lambda v, g: (1 / (1 + np.exp(v))) ** 2 + g * np.exp(-((v + 9) ** 2)), "margin", None, "recovers_probability"),
]


@pytest.mark.parametrize(("loss", "kind", "k", "name"), FALSE)
def test_false_for_some_values(loss: Loss, kind: str, k: int | None, name: str) -> None:
    assert ask(read(loss, kind, "0", "1", k), name).verdict.value != "proved"


def corner_proofs(lifted: Lifted, name: str) -> list[Any]:
    found = [properties()[name].answer(at(lifted, {"g": Fraction(end)})) for end in lifted.parameters[0][1:]]
    return [each.certificate["proof"] for each in found]


def test_mixtures_of_calibrated_losses_need_not_be() -> None:
    """Two falling sigmoids are; whether a mixture of theirs is takes another proof."""

    def loss(v: Any, g: float) -> Any:
        return (1 - g) / (1 + np.exp(v)) + g / (1 + np.exp(3 * v - 9))

    lifted = read(loss, "margin", "0", "1")
    proof = {"rule": "range_by_ends", "proofs": corner_proofs(lifted, "classification_calibrated")[:1] * 2}
    assert prove(lifted, "classification_calibrated", proof, message="") is None
    assert "classification_calibrated" not in MIXED
    assert "recovers_probability" not in MIXED


def test_forged_scales() -> None:
    lifted = read(cauchy, "margin", "1/2", "3")
    inner = properties()["classification_calibrated"].answer(at(lifted, {"g": Fraction(1)})).certificate["proof"]
    good = {
        "rule": "range_by_scale", "scale": graph_json([var("g")]), "factor": graph_json([ONE]),
        "values": {"g": "1"}, "proof": inner,
    }  # fmt: skip
    assert prove(lifted, "classification_calibrated", good, message="") is not None
    turned = {"scale": graph_json([neg(var("g"))])}
    for change in (turned, {"factor": graph_json([const(-1)])}, {"scale": graph_json([ONE])}, {"values": {"g": "4"}}):
        assert prove(lifted, "classification_calibrated", {**good, **change}, message="") is None
    turned_round = read(cauchy, "margin", "-3", "-1")
    assert prove(turned_round, "classification_calibrated", {**good, "values": {"g": "-1"}}, message="") is None


def test_scaling_moves_softmax() -> None:
    """Cross-entropy at a temperature recovers p through another softmax, but at 1."""
    lifted = read(lambda z, y, g: cross_entropy(z / g, y), "logits", "1/2", "2", 2)
    assert ask(lifted, "recovers_probability[link=softmax]").verdict.value != "proved"
