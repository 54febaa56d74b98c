"""Comp-sum losses ``phi(softmax(alpha z)_y)`` with decreasing phi: calibrated for every p."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import graph_json, q
from losscheck.engines.breakpoints import affine_zero, float_zeros
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import ZERO, add, const, scale, sub, substitute, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr, topological, variables
from losscheck.expr.linear import affine
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.in_probabilities import on_curve, on_simplex, read
from losscheck.verdict import Outcome


def scales(roots: list[Expr]) -> list[Fraction]:
    """Temperatures worth trying: how steeply the scores enter exponentials, 1 first."""
    found = {Fraction(1)}
    for n in topological(roots):
        if n.op in ("exp", "lse"):
            found |= {abs(c) for a in n.args for t, c in affine(a)[1].items() if t.op == "var"}
    return sorted(found, key=lambda c: (c != 1, c))[:6]


def breakpoints(phi: Expr) -> list[Fraction]:
    """Where the switches of phi lie: exactly for affine arguments, simple rationals near float zeros otherwise."""
    found: set[Fraction] = set()
    for n in topological([phi]):
        if n.op in ("max", "min", "abs"):
            gaps = [n.args[0]] if n.op == "abs" else [sub(a, b) for i, a in enumerate(n.args) for b in n.args[:i]]
            for gap in gaps:
                zero = affine_zero(gap)
                near = [Fraction(x).limit_denominator(1000) for x in float_zeros(gap, "s", "unit")]
                found |= {zero} if zero is not None else set(near)
    return sorted(found)[:40]


def turning(profiles: list[Expr]) -> dict[str, Any]:
    """Where to stop asking for decrease, when a - b rises next to 1: a turn, and a level that separates its sides."""
    x = 1 - np.geomspace(1e-12, 0.25, 400)[::-1]
    phi = sub(profiles[0], profiles[1]) if len(profiles) > 1 else profiles[0]
    values = evaluate([phi], {"s": x})[0]
    rises = np.flatnonzero(np.diff(values) > 0)
    if not len(rises):
        return {}
    turn = next((t for t in (Fraction(15, 16), Fraction(3, 4)) if float(t) <= x[rises[0]]), None)
    if turn is None:
        return {}
    low, high = evaluate([phi], {"s": np.array([float(turn), 1 - float(turn)])})[0]
    return {"turn": q(turn), "level": q(Fraction(float(low + high) / 2).limit_denominator(10**6))}


def comp_sum(lifted: Lifted, alpha: Fraction, choice: dict[str, str]) -> list[Expr] | None:
    """Read off along a curve the function phi(s_y) that the loss would have to be."""
    phi = read(on_curve(lifted.variables, 0, alpha), chosen(lifted.roots, choice)[0], ["s"])
    return None if phi is None else [phi]


def separable(lifted: Lifted, alpha: Fraction, choice: dict[str, str]) -> list[Expr] | None:
    """Split the loss as a function on the simplex into a(s_0) and b(s_1), if its terms are of one variable each."""
    names = [f"s{i}" for i in range(len(lifted.variables))]
    score = read(on_simplex(lifted.variables, alpha), chosen(lifted.roots, choice)[0], names)
    if score is None:
        return None
    c0, terms = affine(score)
    parts: list[list[Expr]] = [[const(c0)], []]
    for t, c in terms.items():
        inside = variables([t])
        if len(inside) != 1:
            return None
        if inside[0] in names[:2]:
            parts[names.index(inside[0])].append(scale(c, t))
    to_s = {var(x, "unit"): var("s", "unit") for x in names[:2]}
    return substitute([add(*part) if part else ZERO for part in parts], to_s)


def matches(root: Expr, names: tuple[str, ...], alpha: Fraction, profiles: list[Expr]) -> bool:
    """Whether the loss of class 0 is what the profiles say, in floats: exact identities of what is not are dear."""
    z = np.random.default_rng(0).normal(size=(len(names), 12))
    shares = np.exp(float(alpha) * z)
    shares /= shares.sum(axis=0)
    (want,) = evaluate([root], dict(zip(names, z, strict=True)))
    each = zip([profiles[0], *profiles[1:] * len(names)], shares, strict=False)
    found = np.sum([evaluate([f], {"s": s})[0] for f, s in each], axis=0)
    return bool(np.allclose(found, want, rtol=1e-6, atol=1e-9, equal_nan=True))


def calibrated_comp_sum(lifted: Lifted) -> Outcome | None:
    """Prove calibration of a comp-sum or separable loss of softmax(alpha z), or return None."""
    for choice in choices(lifted.roots):
        for alpha in scales(chosen(lifted.roots, choice)):
            for reading in (comp_sum, separable):
                profiles = reading(lifted, alpha, choice)
                if profiles is None or not matches(chosen(lifted.roots, choice)[0], lifted.variables, alpha, profiles):
                    continue
                cuts = sorted({x for f in profiles for x in breakpoints(f)})
                if len(profiles) > 1:  # such as s log s: monotone next to the ends, not on all of (0, 1)
                    cuts += [Fraction(1, 2 * len(lifted.variables)), Fraction(3, 4)]
                turn = turning(profiles)
                cuts += [Fraction(turn["turn"])] if turn else []
                proof: dict[str, Any] = {
                    "rule": "calibrated_comp_sum", "alpha": q(alpha), "breaks": [q(x) for x in cuts], **turn,
                }  # fmt: skip
                for key, f in zip(("own", "other"), profiles, strict=False):
                    proof[key] = graph_json([f])
                scaled = "softmax(z)" if alpha == 1 else f"softmax({alpha} z)"
                form = f"a(s) = {profiles[0]}" + (f" and b(s) = {profiles[1]}" if len(profiles) > 1 else "")
                kind = "a(s_y)" if len(profiles) == 1 else "a(s_y) + sum of b(s_j)"
                message = f"The loss is {kind} of s = {scaled} with {form}, and a - b decreases: calibrated at every p"
                for more, where in (
                    ({"classes": "all"}, f"{message}, whatever the number of classes."),
                    ({}, f"{message}."),
                ):
                    found = prove(lifted, "classification_calibrated", {**proof, **more}, message=where)
                    if found:
                        return found
    return None
