"""Losses of one score that branch at places which depend on a parameter. Rule ``range_by_pieces``."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from losscheck.certificate import graph_json
from losscheck.expr.build import add, const, scale, substitute
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr, topological
from losscheck.expr.linear import affine
from losscheck.lifting.lifted import Lifted

ASKED = {
    "convex": "convex",
    "nonincreasing": "nonincreasing",
    "nonnegative": "nonnegative",
    "differentiable": "differentiable",
    "classification_calibrated": "convex, with a negative slope at 0,",
}
SWITCHES = ("lt", "le", "eq", "max", "min", "abs")


def proofs(lifted: Lifted, name: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Proofs worth trying that a property holds for the whole range, and what they show."""
    if name not in ASKED or lifted.kind not in ("margin", "binary", "signed"):
        return
    for choice in choices(lifted.roots):
        found = cuts(lifted, chosen(lifted.roots, choice))
        if found:
            told = ", ".join(map(str, found))
            proof = {"rule": "range_by_pieces", "ask": name, "cuts": [graph_json([b]) for b in found]}
            yield proof, f"The loss is {ASKED[name]} on its pieces and across the cuts at {told}"


def cuts(lifted: Lifted, roots: list[Expr]) -> list[Expr]:
    """Where what a switch compares vanishes, if that is affine in the score, in the order of their middle values."""
    x, middle = lifted.variables[0], {name: (Fraction(a) + Fraction(b)) / 2 for name, a, b in lifted.parameters}
    found: dict[Fraction, Expr] = {}
    for n in topological(roots):
        if n.op not in SWITCHES:
            continue
        first, *rest = n.args if len(n.args) > 1 else (n.args[0], const(Fraction(0)))
        for other in rest:
            gap = add(first, scale(Fraction(-1), other))
            c0, terms = affine(gap)
            k = next((c for t, c in terms.items() if t.op == "var" and t.value[0] == x), None)
            left = add(const(c0), *(scale(c, t) for t, c in terms.items() if not (t.op == "var" and t.value[0] == x)))
            if k is None or any(m.op == "var" and m.value[0] == x for m in topological([left])):
                continue
            place = scale(-1 / k, left)
            names = {m: const(middle[m.value[0]]) for m in topological([place]) if m.op == "var"}
            value = substitute([place], names)[0]
            if value.op == "const":
                found.setdefault(value.value, place)
    return [found[key] for key in sorted(found)]
