"""Risks that reach their infimum at infinity with a wrong class on top: normalised and bounded losses."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from losscheck.certificate import graph_json, q
from losscheck.engines.posynomial import excess_over
from losscheck.engines.risk import Risk, distributions
from losscheck.expr.build import add, scale, sub
from losscheck.expr.graph import Expr, node, topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.verdict import Outcome

FAR = 60.0


def guess(x: float) -> Fraction | None:
    """The rational that a float limit seems to be."""
    found = Fraction(x).limit_denominator(10_000)
    return found if abs(float(found) - x) < 1e-9 * max(1.0, abs(x)) else None


def spread(root: Expr) -> Expr:
    """Rewrite ``c lse(z) - sum w_i z_i`` with sum w = c as ``sum w_i lse(z - z_i)``, which is visibly positive."""
    done: dict[Expr, Expr] = {}
    for n in topological([root]):
        made = node(n.op, n.value, [done[a] for a in n.args])  # bare nodes: the constructors would undo this
        terms = dict(zip(n.args, n.value[1:], strict=True)) if n.op == "add" else {}
        tops = [t for t in terms if t.op == "lse"]
        shifts = {t: -c for t, c in terms.items() if t.op == "var"}
        if len(tops) == 1 and len(terms) == 1 + len(shifts) and shifts:
            top = tops[0]
            positive = all(c * terms[top] > 0 for c in shifts.values())
            if positive and sum(shifts.values()) == terms[top] and set(shifts) <= set(top.args):
                parts = [node("lse", None, [sub(a, t) for a in top.args]) for t in shifts]
                made = node("add", (n.value[0], *shifts.values()), parts)
        done[n] = made
    return done[root]


def rays(risk: Risk, p: list[Fraction], t: int) -> list[tuple[float, tuple[int, ...]]]:
    """Wrong directions of entries -1, 0, 1, the lowest limits first."""
    k = len(p)
    ways = [d for d in product((-1, 0, 1), repeat=k) if any(d) and any(d[j] == max(d) for j in range(k) if j != t)]
    weights = np.array([float(x) for x in p])
    with np.errstate(all="ignore"):
        values = weights @ risk.losses(FAR * np.array(ways, float).T)
        later = weights @ risk.losses(2 * FAR * np.array(ways, float).T)
    values = np.where(np.isfinite(values), np.where(later < values - 1, -np.inf, values), np.inf)
    ranked = [(float(v), d) for v, d in zip(values, ways, strict=True)]
    return sorted(ranked, key=lambda r: (round(r[0], 9), r[1]))


def attempts(lifted: Lifted, risk: Risk, p: list[Fraction], total: Fraction | None) -> Iterator[dict[str, Any]]:
    """Proofs worth trying at p: falls to -inf, normalised losses, losses rational in the exponentials of scores."""
    k, t, lowest = len(p), p.index(max(p)), p.index(min(p))
    normalised = [] if total is None else [(float(total * min(p)), tuple(-int(i == lowest) for i in range(k)))]
    mixed = add(*(scale(w, root) for w, root in zip(p, lifted.roots, strict=True)))
    for value, way in [*normalised, *rays(risk, p, t)[:3]]:
        v = guess(value) if np.isfinite(value) else None
        proof: dict[str, Any] = {
            "rule": "calibrated_ray_witness", "p": [q(x) for x in p], "z": ["0"] * k, "direction": [str(x) for x in way],
        }  # fmt: skip
        if value == -np.inf:
            yield {**proof, "value": "0"}
        if v is None:
            continue
        if total is not None and total * min(p) >= v:
            forms = [graph_json([spread(n)]) for n in lifted.roots]
            yield {**proof, "value": q(v), "sum": q(total), "losses": forms}
        excess = excess_over(mixed, lifted.variables, v)
        if excess is not None:
            yield {**proof, "value": q(v), "excess": graph_json([excess])}


def refuted_by_ray(lifted: Lifted) -> Outcome | None:
    """Refute calibration by a ray along which the risk falls to its infimum, or return None."""
    risk, k = Risk(lifted), len(lifted.variables)
    if k > 5:
        return None
    sums = risk.losses(np.random.default_rng(0).normal(size=(k, 12))).sum(axis=0)
    total = guess(float(sums[0])) if np.all(np.isfinite(sums)) and np.ptp(sums) < 1e-9 else None
    tried = 0
    for p in distributions(k):
        if p[0] < max(p) or p.count(max(p)) > 1:
            continue
        for proof in attempts(lifted, risk, p, total):
            where, there = ", ".join(map(str, p)), ", ".join(proof["direction"])
            limit = proof["value"] if {"sum", "excess"} & set(proof) else "-inf"
            message = (
                f"At p = ({where}) the risk falls to its infimum {limit} along z = x ({there}), x -> inf, where the "
                "most likely class 0 is not alone on top."
            )
            witness = {"p": proof["p"], "direction": proof["direction"]}
            found = refute(lifted, "classification_calibrated", proof, message=message, witness=witness)
            if found:
                return found
            tried += 1
        if tried > 12:
            break
    return None
