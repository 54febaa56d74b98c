"""One-versus-rest losses, a function of each score: calibrated for the top k. Rule ``calibrated_separable``."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from losscheck.certificate import graph_json
from losscheck.engines.breakpoints import breakpoints, merge
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import ZERO, add, sub, substitute, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome


def parts(roots: list[Expr], names: tuple[str, ...]) -> tuple[Expr, Expr]:
    """The functions a(v) and b(v), b(0) = 0, that a separable loss would be made of."""
    first, second = var(names[0]), var(names[1])
    zero = {var(x): ZERO for x in names}
    own, other, base = (substitute([roots[0]], {**zero, **at})[0] for at in ({first: var("v")}, {second: var("v")}, {}))
    return own, sub(other, base)


def separated(lifted: Lifted, choice: Mapping[str, str] | None) -> tuple[Expr, Expr] | None:
    """``(a, b)`` with ``l_0(z) = a(z_0) + sum of b(z_j)`` at a few points in floats, or None.

    Without a choice the float constants stay as they are, as a refutation reads them.
    """
    names, roots = lifted.variables, list(lifted.roots) if choice is None else chosen(lifted.roots, choice)
    try:
        a, b = parts(roots, names)
    except (ZeroDivisionError, ValueError, OverflowError):  # not defined where all scores but one are 0
        return None
    rows = np.random.default_rng(0).normal(size=(len(names), 8)) * 2
    pieces = [evaluate([a if j == 0 else b], {"v": row})[0] for j, row in enumerate(rows)]
    whole = evaluate([roots[0]], dict(zip(names, rows, strict=True)))[0]
    with np.errstate(invalid="ignore"):
        return (a, b) if np.allclose(np.sum(pieces, axis=0), whole, rtol=1e-9, atol=1e-9) else None


def calibrated_separable(lifted: Lifted, k: int = 1) -> Outcome | None:
    """Prove calibration (for the top k) of ``a(z_y) + sum_{j != y} b(z_j)``, or return None."""
    for choice in choices(lifted.roots):
        if (found_parts := separated(lifted, choice)) is None:
            return None
        a, b = found_parts
        proof = {
            "rule": "calibrated_separable", "k": k, "a": graph_json([a]), "b": graph_json([b]),
            "breaks": merge([*breakpoints(a, "v"), *breakpoints(b, "v"), *breakpoints(add(a, b), "v")]),
        }  # fmt: skip
        message = f"Every score has losses of its own, {a} and {b}, whose difference falls: all pairs are ordered."
        prop = "classification_calibrated" if k == 1 else "topk_calibrated"
        if found := prove(lifted, prop, proof, message=message):
            return found
    return None
