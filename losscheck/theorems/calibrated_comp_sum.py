"""Comp-sum losses ``phi(softmax(alpha z)_y)`` with decreasing phi: calibrated for every p."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import graph_json, q
from losscheck.engines.numeric import evaluate
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr, topological
from losscheck.expr.linear import affine
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.in_probabilities import on_curve, read
from losscheck.verdict import Outcome


def scales(roots: list[Expr]) -> list[Fraction]:
    """Temperatures worth trying: how steeply the scores enter exponentials, 1 first."""
    found = {Fraction(1)}
    for n in topological(roots):
        if n.op in ("exp", "lse"):
            found |= {abs(c) for a in n.args for t, c in affine(a)[1].items() if t.op == "var"}
    return sorted(found, key=lambda c: (c != 1, c))[:6]


def breakpoints(phi: Expr) -> list[Fraction]:
    """Guesses where the switches of phi lie: simple rationals next to sign changes of their arguments on a grid."""
    from losscheck.expr.build import sub

    grid = np.linspace(0, 1, 2001)[1:-1]
    found: set[Fraction] = set()
    for n in topological([phi]):
        if n.op in ("max", "min", "abs"):
            gaps = [n.args[0]] if n.op == "abs" else [sub(a, b) for i, a in enumerate(n.args) for b in n.args[:i]]
            for values in evaluate(gaps, {"s": grid}):
                for i in np.nonzero(np.diff(np.sign(values)))[0]:
                    found |= {Fraction(float(grid[i + d])).limit_denominator(1000) for d in (0, 1)}
    return sorted(found)[:40]


def floor(phi: Expr) -> Fraction:
    """Guess a number below phi on [1/2, 1] from a grid."""
    values = evaluate([phi], {"s": np.linspace(0.5, 1, 101)})[0]
    values = values[np.isfinite(values)]
    return Fraction(int(np.floor(values.min())) - 1) if values.size else Fraction(-1)


def profile(lifted: Lifted, alpha: Fraction, choice: dict[str, str]) -> Expr | None:
    """Read off along a curve the function phi that the loss would have to be."""
    return read(on_curve(lifted.variables, 0, alpha), chosen(lifted.roots, choice)[0], ["s"])


def calibrated_comp_sum(lifted: Lifted) -> Outcome | None:
    """Prove calibration of a comp-sum loss, or return None."""
    for choice in choices(lifted.roots):
        for alpha in scales(chosen(lifted.roots, choice)):
            phi = profile(lifted, alpha, choice)
            if phi is None:
                continue
            proof: dict[str, Any] = {
                "rule": "calibrated_comp_sum", "alpha": q(alpha), "phi": graph_json([phi]), "floor": q(floor(phi)),
                "breaks": [q(x) for x in breakpoints(phi)],
            }  # fmt: skip
            scaled = "softmax(z)" if alpha == 1 else f"softmax({alpha} z)"
            message = f"The loss is phi(s_y), s = {scaled}, with the decreasing phi(s) = {phi}: calibrated at every p."
            found = prove(lifted, "classification_calibrated", proof, message=message)
            if found:
                return found
    return None
