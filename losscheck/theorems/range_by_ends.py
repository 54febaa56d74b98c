"""Losses affine in every parameter, for all values from the corners of the ranges. Rule ``range_by_ends``."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product

from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome, Verdict
from losscheck.verifier.rules.range_by_ends import MIXED, MOST

Ask = Callable[[dict[str, Fraction]], Outcome]


def affine(roots: tuple[Expr, ...], name: str) -> bool:
    """Whether all roots are affine in a variable, by their structure."""
    uses: dict[Expr, bool] = {}
    for n in topological(roots):
        below = [uses[a] for a in n.args]
        uses[n] = any(below) or (n.op == "var" and n.value[0] == name)
        plain = n.op == "add" or (n.op == "mul" and sum(below) == 1) or (n.op == "where" and not below[0])
        if any(below) and not plain:
            return False
    return True


def attempt(lifted: Lifted, name: str, ask: Ask) -> Outcome | None:
    """Prove a property for every value from its proofs at the corners, or None."""
    names = [x for x, *_ in lifted.parameters]
    if len(names) > MOST or name not in MIXED | {"classification_calibrated"}:
        return None
    if not all(affine(lifted.roots, x) for x in names):
        return None
    proofs = []
    for corner in product(*((Fraction(low), Fraction(high)) for _, low, high in lifted.parameters)):
        outcome = ask(dict(zip(names, corner, strict=True)))
        if outcome.verdict is not Verdict.PROVED or outcome.certificate is None:
            return None
        proofs.append(outcome.certificate["proof"])
    ranges = " and ".join(f"every {x} in [{low}, {high}]" for x, low, high in lifted.parameters)
    message = f"The loss is affine in {' and in '.join(names)}, and mixtures keep what holds at the ends: for {ranges}."
    return prove(lifted, name, {"rule": "range_by_ends", "proofs": proofs}, message=message)
