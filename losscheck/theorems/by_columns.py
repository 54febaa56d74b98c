"""Losses that are a sum of functions of one variable each (rule ``by_columns``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.breakpoints import breakpoints, grid
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import add, const, mul, substitute, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems import bounded_by_limits, convex_by_curvature, convex_by_pieces, differentiable_by_pieces
from losscheck.verdict import Outcome

Columns = tuple[Fraction, list[Expr]]


def columns(lifted: Lifted, root: Expr) -> Columns | None:
    """The constant of a sum and its function of every variable, or None where a term has several."""
    terms = list(zip(root.args, root.value[1:], strict=True)) if root.op == "add" else [(root, Fraction(1))]
    parts: dict[str, list[Expr]] = {x: [] for x in lifted.variables}
    for n, k in terms:
        own = {m.value[0] for m in topological([n]) if m.op == "var"}
        if len(own) > 1:
            return None
        parts[own.pop() if own else lifted.variables[0]].append(mul(const(k), n))
    return (root.value[0] if root.op == "add" else Fraction(0)), [add(*parts[x]) for x in lifted.variables]


def alone(lifted: Lifted, f: Expr, name: str) -> Lifted:
    """A function of one variable as a case of its own."""
    old = next((m for m in topological([f]) if m.op == "var"), var(name))
    if lifted.domain == "simplex":
        (moved,) = substitute([f], {old: var("p", "unit")})
        return replace(
            lifted, kind="probability", n_classes=None, labels=(0, 1), variables=("p",), domain="unit",
            roots=(moved, moved),
        )  # fmt: skip
    (moved,) = substitute([f], {old: var("v")})
    return replace(lifted, kind="profile", n_classes=None, labels=(1,), variables=("v",), domain="real", roots=(moved,))


def _nonnegative(one: Lifted) -> Outcome | None:
    if one.kind != "profile":
        return None
    proof = {"rule": "nonnegative_on_pieces", "breaks": [breakpoints(one.roots[0], "v", one.domain)]}
    return prove(one, "nonnegative", proof, message="No piece is negative.")


SOLVE: dict[str, Callable[[Lifted], Outcome | None]] = {
    "convex": lambda one: convex_by_curvature.attempt(one) or convex_by_pieces.attempt(one),
    "differentiable": differentiable_by_pieces.attempt,
    "bounded_below": lambda one: bounded_by_limits.attempt(one, "below"),
    "bounded_above": lambda one: bounded_by_limits.attempt(one, "above"),
    "nonnegative": _nonnegative,
}


def shifts(lifted: Lifted, constant: Fraction, parts: list[Expr]) -> list[Fraction] | None:
    """What to add to the functions so that each is nonnegative: what is left over goes to the first."""
    least = []
    x = grid("unit" if lifted.domain == "simplex" else "real")
    x = x[np.abs(x) < 1e4]
    for f, name in zip(parts, lifted.variables, strict=True):
        (one,) = chosen([alone(lifted, f, name).roots[0]], choices(lifted.roots)[0])
        values = np.broadcast_to(evaluate([one], {"p" if lifted.domain == "simplex" else "v": x})[0], x.shape)
        if not np.isfinite(values).any():
            return None
        low = float(np.nanmin(np.where(np.isfinite(values), values, np.inf)))
        simple = Fraction(low).limit_denominator(1000)
        least.append(-simple if abs(float(simple) - low) < 1e-9 else Fraction(1, 10**6) - Fraction(low))
    spare = constant - sum(least)
    return [least[0] + spare, *least[1:]] if spare >= 0 else None


def attempt(lifted: Lifted, ask: str) -> Outcome | None:
    """Prove ``ask`` from the functions of one variable, or None."""
    if lifted.kind not in ("logits", "multilabel", "simplex") or lifted.parameters:
        return None
    proofs: list[list[Any]] = []
    moved: list[list[str]] = []
    known: dict[Expr, Any] = {}
    for root in lifted.roots:
        found = columns(lifted, root)
        if found is None:
            return None
        constant, parts = found
        if ask == "nonnegative":
            sums = shifts(lifted, constant, parts)
            if sums is None:
                return None
            parts = [add(f, const(s)) for f, s in zip(parts, sums, strict=True)]
            moved.append([q(s) for s in sums])
        row = []
        for f, name in zip(parts, lifted.variables, strict=True):
            one = alone(lifted, f, name)
            if one.roots[0] not in known:
                made = SOLVE[ask](one)
                known[one.roots[0]] = None if made is None or made.certificate is None else made.certificate["proof"]
            if known[one.roots[0]] is None:
                return None
            row.append(known[one.roots[0]])
        proofs.append(row)
    proof = {"rule": "by_columns", "ask": ask, "proofs": proofs, **({"shifts": moved} if moved else {})}
    what = ask.replace("_", " ")
    return prove(lifted, ask, proof, message=f"The loss is a sum of functions of one variable each, which are {what}.")
