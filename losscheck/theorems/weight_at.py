"""The weight of a proper binary loss at given points (rule ``weight_at``)."""

from __future__ import annotations

from typing import Any

from losscheck.certificate import q as text
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.bayes import meant, proper_proof
from losscheck.theorems.proper_by_pieces import binary, breakpoints
from losscheck.verdict import Outcome, not_applicable


def attempt(lifted: Lifted, c: Any) -> Outcome | None:
    """Enclose ``w(c)``, or None."""
    c = list(c) if isinstance(c, tuple) else c
    try:
        points = [meant(x) for x in (c if isinstance(c, list) else [c])]
    except ValueError as error:
        return not_applicable(f"{error}.", reason="no point to ask about")
    if not all(0 < x < 1 for x in points):
        return not_applicable(f"The weight is a function on (0, 1); c={c!r} is not inside.", reason="outside (0, 1)")
    roots, premise = binary(lifted), proper_proof(lifted, strict=False)
    if roots is None or premise is None:
        return None
    proof = {
        "rule": "weight_at", "params": {"c": c}, "points": [text(x) for x in points], "premise": premise,
        "breaks": [text(x) for x in breakpoints(roots)],
    }  # fmt: skip
    return prove(lifted, "weight_function", proof, message="The loss is proper; its weight is l0'(c) / c.")
