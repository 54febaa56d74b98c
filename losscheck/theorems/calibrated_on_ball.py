"""Losses of scores divided by their length, as in logit normalisation (rule ``calibrated_on_ball``)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.certificate import graph_json, q
from losscheck.expr.build import ONE, substitute
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr, topological
from losscheck.expr.linear import affine
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.calibrated_comp_sum import matches, scales
from losscheck.theorems.in_probabilities import on_curve, read
from losscheck.verdict import Outcome

HALF = Fraction(1, 2)


def squares(n: Expr, count: int) -> Fraction | None:
    """The eps of ``eps + sum of the squares of all variables``, or None."""
    c0, terms = affine(n)
    plain = all(c == 1 and t.op == "pow" and t.value == 2 and t.args[0].op == "var" for t, c in terms.items())
    return c0 if plain and len(terms) == count else None


def length(n: Expr, count: int) -> tuple[str, Fraction] | None:
    """Which length a power divides by, and its guard eps; None for another expression."""
    if n.op != "pow":
        return None
    if n.value == -HALF:
        eps = squares(n.args[0], count)
        return ("root", eps) if eps else None
    inner = n.args[0]
    if n.value != -1 or inner.op not in ("add", "max"):
        return None
    if inner.op == "add":
        eps, terms = affine(inner)
        norms = [t for t, c in terms.items() if c == 1]
    else:
        eps = next((a.value for a in inner.args if a.op == "const"), Fraction(0))
        norms = [a for a in inner.args if a.op != "const"]
    whole = len(norms) == 1 and norms[0].op == "pow" and norms[0].value == HALF
    ours = eps and whole and squares(norms[0].args[0], count) == 0
    return ({"add": "sum", "max": "max"}[inner.op], eps) if ours else None


def attempt(lifted: Lifted) -> Outcome | None:
    """Prove calibration of such a loss, or return None."""
    names = lifted.variables
    for choice in choices(lifted.roots):
        roots = chosen(lifted.roots, choice)
        lengths = {n: said for n in topological(roots) if (said := length(n, len(names)))}
        if len(lengths) != 1:
            continue
        ((power, (kind, eps)),) = lengths.items()
        plain = substitute(roots, {power: ONE})
        for alpha in scales(plain):
            phi = read(on_curve(names, 0, alpha), plain[0], ["s"])
            if phi is None or not matches(plain[0], names, alpha, [phi]):
                continue
            proof: dict[str, Any] = {"rule": "calibrated_on_ball", "alpha": q(alpha), "length": kind, "eps": q(eps)}
            message = (
                f"The loss is {phi}, s = softmax(u)_y, and falls in s; the scores u = {alpha} z / |z| fill a ball, "
                "which swapping two classes maps to itself: calibrated at every p, whatever the number of classes."
            )
            proof["own"] = graph_json([phi])
            found = prove(lifted, "classification_calibrated", proof, message=message)
            if found:
                return found
    return None
