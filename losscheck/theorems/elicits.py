"""Functionals that a regression loss elicits, by its slopes on both sides of the diagonal."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.certificate import q
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome
from losscheck.verifier.law import decimal

Law = tuple[list[Fraction], list[Fraction]]


def levels(functional: str, level: float | None) -> list[Fraction | None]:
    """Readings of the level that a code's constants may stand for: as it is written, and the double."""
    return [None] if level is None else list(dict.fromkeys([decimal(level), Fraction(level)]))


def attempt(lifted: Lifted, functional: str, level: float | None) -> Outcome | None:
    """Prove that the functional minimises every expected loss, or None."""
    for chart in ("shift", "log") if lifted.domain == "positive" else ("shift",):
        for t in levels(functional, level):
            proof: dict[str, Any] = {
                "rule": "elicits_by_sides", "functional": functional, "asked": level, "chart": chart,
            }  # fmt: skip
            proof |= {} if t is None else {"level": q(t)}
            message = (
                f"For every law of finite support the expected loss falls up to the {functional} and rises from it: "
                "its slope is a nonnegative function of yhat times the functional's own."
            )
            if found := prove(lifted, "elicits", proof, message=message):
                return found
    return None
