"""Label noise: the transition matrix ``T[y][j] = P(noisy label j | label y)`` that a question stands for."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.functions_1d import two_sides
from losscheck.verifier.rules.risk_at_truth import nominal
from losscheck.verifier.terms import Node

KINDS = ("margin", "binary", "signed", "logits")
Matrix = list[list[Fraction]]


def label_losses(case: Case) -> list[Node]:
    """The loss of every label; of a margin loss ``phi(-v), phi(v)``."""
    return list(two_sides(case)[::-1]) if case.kind == "margin" else case.roots


def uniform(k: int, rate: Fraction) -> Matrix:
    """Flips to each other label with the same probability."""
    return [[1 - rate if i == j else rate / (k - 1) for j in range(k)] for i in range(k)]


def transition(case: Case, params: dict[str, Any], proof: dict[str, Any]) -> Matrix:
    """The matrix of a question, checked against its parameters; where no rate is asked, the proof may choose one."""
    expect(set(params) == {"model", "rate", "transition"}, "the question has a model, a rate and a transition")
    k, model = len(label_losses(case)), params["model"]
    if model == "class_conditional":
        rows, asked = [[rational(x) for x in row] for row in proof["transition"]], params["transition"]
        expect(params["rate"] is None, "class-conditional noise is given by its transition")
        expect(len(rows) == len(asked) == k and all(len(a) == len(r) == k for a, r in zip(asked, rows, strict=True)),
               f"a transition is a {k} x {k} matrix")  # fmt: skip
        expect(all(sum(r) == 1 and min(r) >= 0 for r in rows), "a row of the transition is a distribution")
        pairs = [pair for a, r in zip(asked, rows, strict=True) for pair in zip(a, r, strict=True)]
        expect(all(nominal(x, r) for x, r in pairs), "the transition is not that of the question")
        return rows
    expect(model in ("uniform", "order") and params["transition"] is None, "the model is uniform or order")
    rate = rational(proof["rate"])
    if params["rate"] is None:
        expect(0 <= rate < Fraction(k - 1, k), "the rate lies below the threshold")
    else:
        expect(model == "uniform" and 0 <= rate <= 1 and nominal(params["rate"], rate), "the rate is not that asked")
    return uniform(k, rate)
