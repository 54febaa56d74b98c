"""Risks that reach their infimum at infinity with a wrong class on top: normalised and bounded losses."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from losscheck.certificate import graph_json, q
from losscheck.engines.flows import Flows
from losscheck.engines.posynomial import excess_over
from losscheck.engines.risk import Risk, distributions
from losscheck.expr.build import add, scale, sub
from losscheck.expr.graph import Expr, node, topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.theorems.calibrated_polyhedral import parsed
from losscheck.verdict import Outcome
from losscheck.verifier.balls import Undefined
from losscheck.verifier.certificate import Case

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


def rays(risk: Risk, p: list[Fraction], t: int | None) -> list[tuple[float, tuple[int, ...]]]:
    """Directions of entries -1, 0, 1 (wrong ones when a top class t is given), the lowest limits first."""
    k = len(p)
    ways = [d for d in product((-1, 0, 1), repeat=k) if any(d)]
    if t is not None:
        ways = [d for d in ways if any(d[j] == max(d) for j in range(k) if j != t)]
    weights = np.array([float(x) for x in p])
    with np.errstate(all="ignore"):
        values = weights @ risk.losses(FAR * np.array(ways, float).T)
        later = weights @ risk.losses(2 * FAR * np.array(ways, float).T)
    values = np.where(np.isfinite(values), np.where(later < values - 1, -np.inf, values), np.inf)
    ranked = [(float(v), d) for v, d in zip(values, ways, strict=True)]
    return sorted(ranked, key=lambda r: (round(r[0], 9), r[1]))


def level_bound(case: Case, p: list[Fraction]) -> list[list[str] | None] | None:
    """Multipliers of a minorant of C_p of slope 0, as high as a linear programme makes it, or None."""
    weights: dict[Any, Fraction] = {}
    for n, w in zip(case.roots, p, strict=True):
        weights[n] = weights.get(n, Fraction(0)) + w
    try:
        flows = Flows(weights, case.variables)
    except Undefined:
        return None
    level = list(flows.slopes.values())
    found = flows.programme(level)
    exact = None if found is None else flows.solve(found, level)
    return None if exact is None else flows.hints(exact)


def attempts(
    lifted: Lifted, case: Case, risk: Risk, p: list[Fraction], total: Fraction | None, t: int | None
) -> Iterator[dict[str, Any]]:
    """Proofs worth trying at p: falls to -inf, normalised losses, losses rational in the exponentials of scores."""
    k, lowest = len(p), p.index(min(p))
    normalised = [] if total is None else [(float(total * min(p)), tuple(-int(i == lowest) for i in range(k)))]
    mixed = add(*(scale(w, root) for w, root in zip(p, lifted.roots, strict=True)))
    for value, way in [*normalised, *rays(risk, p, t)[:3]]:
        v = guess(value) if np.isfinite(value) else None
        proof: dict[str, Any] = {"p": [q(x) for x in p], "z": ["0"] * k, "direction": [str(x) for x in way]}
        if value == -np.inf:
            yield {**proof, "value": "0"}
        if v is None:
            continue
        if total is not None and total * min(p) >= v:
            forms = [graph_json([spread(n)]) for n in lifted.roots]
            yield {**proof, "value": q(v), "sum": q(total), "losses": forms}
        flows = level_bound(case, p)
        if flows is not None:
            yield {**proof, "value": q(v), "flows": flows}
        excess = excess_over(mixed, lifted.variables, v)
        if excess is not None:
            yield {**proof, "value": q(v), "excess": graph_json([excess])}


def on_rays(lifted: Lifted, prop: str, rule: str, ending: str) -> Outcome | None:
    """Try the rule on rays at a few distributions with the top class 0."""
    risk, k = Risk(lifted), len(lifted.variables)
    if k > 5:
        return None
    sums = risk.losses(np.random.default_rng(0).normal(size=(k, 12))).sum(axis=0)
    total = guess(float(sums[0])) if np.all(np.isfinite(sums)) and np.ptp(sums) < 1e-9 else None
    case, tried = parsed(lifted), 0
    edge = [[Fraction(3, 5), Fraction(2, 5), *[Fraction(0)] * (k - 2)]]  # classes that never occur are legal
    for p in [*(edge if prop == "classification_calibrated" else []), *distributions(k)]:
        if p[0] < max(p) or p.count(max(p)) > 1:
            continue
        for proof in attempts(lifted, case, risk, p, total, 0 if prop == "classification_calibrated" else None):
            where, there = ", ".join(map(str, p)), ", ".join(proof["direction"])
            limit = proof["value"] if {"sum", "excess", "flows"} & set(proof) else "-inf"
            message = f"At p = ({where}) the risk falls to its infimum {limit} along z = x ({there}), x -> inf, "
            message += ending
            witness = {"p": proof["p"], "direction": proof["direction"]}
            found = refute(lifted, prop, {"rule": rule, **proof}, message=message, witness=witness)
            if found:
                return found
            tried += 1
        if tried > 12:
            break
    return None


def refuted_by_ray(lifted: Lifted) -> Outcome | None:
    """Refute calibration by a ray along which the risk falls to its infimum, or return None."""
    ending = "where the most likely class 0 is not alone on top."
    return on_rays(lifted, "classification_calibrated", "calibrated_ray_witness", ending)


def does_not_recover_on_ray(lifted: Lifted) -> Outcome | None:
    """Refute recovery by a minimising ray along which softmax(z) does not tend to p, or return None."""
    return on_rays(lifted, "recovers_probability", "does_not_recover_on_ray", "where softmax(z) does not tend to p.")
