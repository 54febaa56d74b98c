"""Bayes risk and act: at the truth where the loss is proper, by the slope of the risk otherwise, else numerically.

Rules ``risk_at_truth``, ``risk_by_slopes``, ``risk_by_cells``, ``risk_by_tangent``, ``act_by_curvature`` and
``risk_by_boxes``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.certificate import q as text
from losscheck.expr.constants import simplest
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems import (
    proper_by_cells,
    proper_by_pieces,
    proper_by_stationarity,
    risk_by_cells,
    risk_by_convexity,
    risk_by_slopes,
)
from losscheck.theorems.risk_wells import attained, settled, ties, wells
from losscheck.verdict import Outcome, not_applicable, supported, undecided

Truth = list[Fraction]


def meant(x: Any) -> Fraction:
    """The rational a number of a question stands for."""
    if isinstance(x, bool) or not isinstance(x, int | float):
        raise ValueError(f"{x!r} is not a probability; give numbers in [0, 1]")
    value = simplest(float(x))
    return Fraction(x) if value is None else value


def truths(lifted: Lifted, given: dict[str, Any]) -> list[Truth]:
    """The truths of a question, one probability per class each."""
    if "eta" in given:
        if lifted.kind != "probability" and lifted.n_classes != 2:
            raise ValueError(f"eta speaks of two classes; give p, one number for each of {lifted.n_classes} classes")
        etas = given["eta"] if isinstance(given["eta"], list) else [given["eta"]]
        found = [[1 - meant(x), meant(x)] for x in etas]
    else:
        found = [[meant(x) for x in given["p"]]]
        if len(found[0]) != len(lifted.roots):
            raise ValueError(f"p has {len(found[0])} numbers; give one for each of {len(lifted.roots)} classes")
    for p in found:
        if sum(p) != 1 or min(p) < 0:
            raise ValueError(f"the truth {[float(x) for x in p]} is no probability; give numbers >= 0 of sum 1")
    return found


def proper_proof(lifted: Lifted, strict: bool) -> dict[str, Any] | None:
    """A proof of (strict) properness, or None."""
    for theorem in (proper_by_pieces, proper_by_cells, proper_by_stationarity):
        found: Outcome | None = theorem.attempt(lifted, strict)
        if found and found.certificate:
            return dict(found.certificate["proof"])
    return None


def at_truth(lifted: Lifted, ask: str, given: dict[str, Any], found: list[Truth]) -> Outcome | None:
    """Proper losses: the truth attains the minimum, or None."""
    premise = proper_proof(lifted, strict=ask == "bayes_act")
    if premise is None:
        return None
    proof = {
        "rule": "risk_at_truth", "ask": ask, "params": given, "premise": premise,
        "truths": [[text(x) for x in p] for p in found],
    }  # fmt: skip
    return prove(lifted, ask, proof, message="The loss is proper, so the truth itself attains the least risk.")


def answer(lifted: Lifted, ask: str, given: dict[str, Any]) -> Outcome:
    """The Bayes risk or act for a question ``{"eta": ...}`` or ``{"p": ...}``."""
    given = {name: list(x) if isinstance(x, tuple) else x for name, x in given.items()}
    try:
        found = truths(lifted, given)
    except ValueError as error:
        return not_applicable(f"{error}.", reason="no truth to ask about")
    outcome = (
        at_truth(lifted, ask, given, found)
        or risk_by_slopes.attempt(lifted, ask, given, found)
        or risk_by_cells.attempt(lifted, ask, given, found[0])
        or risk_by_convexity.by_tangent(lifted, ask, given, found[0])
        or risk_by_convexity.by_curvature(lifted, ask, given, found[0])
        or risk_by_convexity.by_boxes(lifted, ask, given, found[0])
    )
    if outcome:
        return outcome
    seen = [wells(lifted, p) for p in found]
    best = [each[0] for each in seen]
    if any(not abs(value) < 1e250 for _, value in best):
        return undecided("No report of finite risk was found.", reason="no finite risk")
    if not all(settled(lifted, p, value) for p, (_, value) in zip(found, best, strict=True)):
        return undecided("Two searches for the least risk disagree.", reason="the search is not settled")
    if ask == "bayes_risk":
        values: list[Any] = [value for _, value in best]
    else:
        if any(ties(lifted, p, each) for p, each in zip(found, seen, strict=True)):
            return not_applicable("Several reports seem to have the least risk.", reason="the minimiser is not unique")
        if not all(attained(lifted, p, *each) for p, each in zip(found, best, strict=True)):
            return undecided("The risk jumps next to its least value.", reason="the least risk may not be attained")
        values = [float(p[1]) if "eta" in given else list(map(float, p)) for p, _ in best]
    value = values if isinstance(given.get("eta"), list) else values[0]
    return supported("The least risk found by descent from several starts.", value=value, params=given)
