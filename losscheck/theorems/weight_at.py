"""The weight and the canonical link of a proper binary loss at given points (rule ``weight_at``)."""

from __future__ import annotations

from typing import Any

from losscheck.certificate import q as text
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.bayes import meant, proper_proof
from losscheck.theorems.proper_by_pieces import binary, breakpoints
from losscheck.verdict import Outcome, not_applicable


def attempt(lifted: Lifted, ask: str, given: dict[str, Any]) -> Outcome | None:
    """Enclose ``w(c)`` for ``{"c": ...}`` or the canonical link for ``{"p": ...}``, or None."""
    ((name, c),) = given.items()
    c = list(c) if isinstance(c, tuple) else c
    try:
        points = [meant(x) for x in (c if isinstance(c, list) else [c])]
    except ValueError as error:
        return not_applicable(f"{error}.", reason="no point to ask about")
    if not all(0 < x < 1 for x in points):
        return not_applicable(f"It is a function on (0, 1); {name}={c!r} is not inside.", reason="outside (0, 1)")
    roots, premise = binary(lifted), proper_proof(lifted, strict=False)
    if roots is None or premise is None:
        return None
    proof = {
        "rule": "weight_at", "ask": ask, "params": {name: c}, "points": [text(x) for x in points], "premise": premise,
        "breaks": [text(x) for x in breakpoints(roots)],
    }  # fmt: skip
    what = "weight is l0'(c) / c" if ask == "weight_function" else "Bayes risk has the slope l1 - l0"
    return prove(lifted, ask, proof, message=f"The loss is proper; its {what}.")
