"""One-versus-rest losses, a function of each score: calibrated for the top k. Rule ``calibrated_separable``."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import graph_json, q
from losscheck.engines.breakpoints import breakpoints, grid, merge
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


def separated(lifted: Lifted, choice: dict[str, str] | None) -> tuple[Expr, Expr] | None:
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


def boxes(a: Expr, b: Expr, hints: list[Any]) -> Iterator[list[str]]:
    """The smallest interval between breakpoints beyond which neither function falls, and before which none rises."""
    x = grid("real")
    x = x[np.abs(x) < 1e4]
    own, rest = (np.broadcast_to(evaluate([n], {"v": x})[0], x.shape) for n in (a, b))
    if not (np.isfinite(own).all() and np.isfinite(rest).all()):
        return
    marks = sorted(Fraction(h) for h in hints if isinstance(h, str))

    def rising(sign: int, at: Fraction) -> bool:
        side = x >= float(at) if sign > 0 else x <= float(at)
        return all((sign * np.diff(f[side]) >= -1e-12 * (1 + np.abs(f[side][1:]))).all() for f in (own, rest))

    high, low = (next((m for m in (marks if s > 0 else marks[::-1]) if rising(s, m)), None) for s in (1, -1))
    if low is not None and high is not None and low < high:
        yield [q(low), q(high)]


def calibrated_separable(lifted: Lifted, k: int = 1) -> Outcome | None:
    """Prove calibration (for the top k) of ``a(z_y) + sum_{j != y} b(z_j)``, or return None."""
    for choice in choices(lifted.roots):
        if (found_parts := separated(lifted, choice)) is None:
            return None
        a, b = found_parts
        hints = merge([*breakpoints(a, "v"), *breakpoints(b, "v"), *breakpoints(add(a, b), "v")])
        head = {
            "rule": "calibrated_separable", "k": k, "a": graph_json([a]), "b": graph_json([b]), "breaks": hints,
        }  # fmt: skip
        message = f"Every score has losses of its own, {a} and {b}, whose difference falls: all pairs are ordered."
        prop = "classification_calibrated" if k == 1 else "topk_calibrated"
        for box in ({}, *({"box": ends} for ends in boxes(a, b, hints))):
            if found := prove(lifted, prop, {**head, **box}, message=message):
                return found
    return None
