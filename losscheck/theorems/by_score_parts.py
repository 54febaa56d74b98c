"""Losses that are a function of each score alone: constants from two functions of one variable (``by_score_parts``)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from losscheck.certificate import graph_json
from losscheck.expr.build import const, mul, substitute, var
from losscheck.expr.constants import choices
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems import class_sum_on_line, slope_by_convexity, slope_by_pieces
from losscheck.theorems.calibrated_separable import separated
from losscheck.verdict import Outcome


def _alone(lifted: Lifted, *roots: Expr) -> Lifted:
    """One function of v, or the losses of one score z for both labels."""
    if len(roots) == 1:
        return replace(
            lifted, kind="profile", n_classes=None, labels=(1,), variables=("v",), domain="real", roots=roots
        )
    moved = tuple(substitute(roots, {var("v"): var("z")}))
    return replace(lifted, kind="binary", n_classes=None, labels=(0, 1), variables=("z",), domain="real", roots=moved)


def lipschitz(lifted: Lifted, norm: str) -> Outcome | None:
    """Enclose the Lipschitz constant of ``a(z_y) + sum_{j != y} b(z_j)``, or None."""
    for choice in choices(lifted.roots):
        if (found := separated(lifted, choice)) is None:
            return None
        head: dict[str, Any] = {
            "rule": "by_score_parts", "ask": "lipschitz", "norm": norm, "a": graph_json([found[0]]),
            "b": graph_json([found[1]]),
        }  # fmt: skip
        parts = [(_alone(lifted, n), name) for n, name in zip(found, ("own", "other"), strict=True)]
        inner = [
            (slope_by_pieces.attempt(n, 1, norm) or slope_by_convexity.attempt(n, norm), name) for n, name in parts
        ]
        proofs = {name: (made.certificate["proof"], made.value) for made, name in inner if made and made.certificate}
        endless = {name: proof for name, (proof, value) in proofs.items() if value == float("inf")}
        if endless or len(proofs) == 2:
            said = dict([*endless.items()][:1]) if endless else {name: proof for name, (proof, _) in proofs.items()}
            message = "Every score has a function of its own; their constants make that of the loss."
            if made := prove(lifted, "lipschitz", {**head, **said}, message=message):
                return made
    return None


def class_sum_bounds(lifted: Lifted) -> Outcome | None:
    """Enclose the range of the sum over the classes of such a loss, or None."""
    k = len(lifted.variables)
    for choice in choices(lifted.roots):
        if (found := separated(lifted, choice)) is None:
            return None
        a, b = found
        sums = (mul(const(Fraction(k)), a), mul(const(Fraction(k * (k - 1))), b))
        inner = class_sum_on_line.attempt(_alone(lifted, *sums))
        if inner is None or inner.certificate is None:
            continue
        proof = {
            "rule": "by_score_parts", "ask": "class_sum_bounds", "a": graph_json([a]), "b": graph_json([b]),
            "sum": inner.certificate["proof"],
        }  # fmt: skip
        if made := prove(
            lifted, "class_sum_bounds", proof, message=f"A sum of one function per score. {inner.message}"
        ):
            low, high = made.value
            return made.with_(message=f"The losses of all classes add up to between {low:.9g} and {high:.9g}.")
    return None
