"""Calibration for the top k classes: piecewise linear, equivariant and comp-sum losses, and rays that refute it.

Rules ``topk_polyhedral``, ``polyhedral_by_symmetry``, ``topk_by_swap``, ``topk_comp_sum`` and ``topk_ray_witness``;
see also ``topk_vertex``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import graph_json, q
from losscheck.engines.polyhedral import maximise
from losscheck.engines.posynomial import excess_over
from losscheck.engines.risk import Risk
from losscheck.expr.build import add, scale
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems import by_monotone_scores, by_threshold, polyhedral_by_symmetry
from losscheck.theorems.calibrated_comp_sum import comp_sum, scales
from losscheck.theorems.calibrated_polyhedral import parsed
from losscheck.theorems.calibrated_separable import calibrated_separable
from losscheck.theorems.calibrated_swap import bounded_below, odds
from losscheck.theorems.proper_through_softmax import proper_through_softmax
from losscheck.theorems.refuted_by_ray import attempts, guess, level_bound, rays
from losscheck.theorems.topk_vertex import topk_vertex
from losscheck.verdict import Outcome
from losscheck.verifier import CertificateRejected
from losscheck.verifier.certificate import Case
from losscheck.verifier.interval import SWITCHES
from losscheck.verifier.piecewise_linear import Vector, is_piecewise_linear
from losscheck.verifier.rules.calibrated_polyhedral import in_units, vertex_values
from losscheck.verifier.rules.topk_polyhedral import Top, is_wrong, representation

PROPERTY = "topk_calibrated"


def attempt(lifted: Lifted, k: int) -> Outcome | None:
    """Decide top-k calibration, or return None."""
    return decided(lifted, k) or by_monotone_scores.attempt(lifted, lambda inner: decided(inner, k))


def decided(lifted: Lifted, k: int) -> Outcome | None:
    """Apply every theorem in order."""
    for theorem in (on_threshold, polyhedral, by_swap, by_comp_sum, topk_vertex, calibrated_separable, on_rays):
        found = theorem(lifted, k)
        if found:
            return found
    return proper_through_softmax(lifted, PROPERTY, k=k)


def on_threshold(lifted: Lifted, k: int) -> Outcome | None:
    """Prove it for a loss of a threshold on sorted scores."""
    return by_threshold.attempt(lifted, PROPERTY, {"k": k})


def polyhedral(lifted: Lifted, k: int) -> Outcome | None:
    """Decide a piecewise linear loss by one linear programme per wrong vertex."""
    if found := polyhedral_by_symmetry.attempt(lifted, PROPERTY, k):
        return found
    for choice in choices(lifted.roots):
        case = parsed(lifted, "proved", choice)
        if not is_piecewise_linear(in_units(case)):
            return None
        try:
            every, wrong = representation(case, k)
        except CertificateRejected:
            continue
        cuts = []
        for top, vectors in wrong:
            for w in vectors:
                e, p, cut = separate(every, w, top)
                if e > 0:
                    return _witness(lifted, case, p, w, top)
                cuts.append(cut)
        message = f"Every vertex with a wrong top {k} loses at every distribution ({len(cuts)} linear programmes)."
        found = prove(lifted, PROPERTY, {"rule": "topk_polyhedral", "k": k, "cuts": cuts}, message=message)
        if found:
            return found
    return None


def separate(every: list[Vector], w: Vector, top: Top) -> tuple[Fraction, list[Fraction], dict[str, Any]]:
    """``(e, p, cut)``: the largest lead e of the top for which w is optimal, where, and the dual multipliers."""
    n, one, zero = len(w), Fraction(1), Fraction(0)
    leads = [(i, j) for i in top for j in range(n) if j not in top]
    rows = [[*(b - a for a, b in zip(v, w, strict=True)), zero] for v in every]
    rows += [[*(one if c == j else -one if c == i else zero for c in range(n)), one] for i, j in leads]
    rows.append([*(one for _ in range(n)), zero])
    x, e, y = maximise([zero] * n + [one], rows, [zero] * (len(rows) - 1) + [one])
    used = [[index, q(weight)] for index, weight in enumerate(y[: len(every)]) if weight]
    mu = [[i, j, q(weight)] for (i, j), weight in zip(leads, y[len(every) :], strict=False) if weight]
    size = sum(x[:n]) or one
    return e, [c / size for c in x[:n]], {"lambda": used, "mu": mu}


def _witness(lifted: Lifted, case: Case, p: list[Fraction], w: Vector, top: Top) -> Outcome | None:
    z = next(z for z, v in vertex_values(case) if is_wrong(z, top) and v == w)
    proof = {"rule": "topk_polyhedral", "k": len(top), "p": [q(x) for x in p], "z": [q(x) for x in z]}
    at, scores = ", ".join(map(str, p)), ", ".join(map(str, z))
    message = f"At p = ({at}) the scores z = ({scores}) have the least risk, but not the top {len(top)} of p."
    return refute(lifted, PROPERTY, proof, message=message, witness={"p": proof["p"], "z": proof["z"]})


def by_swap(lifted: Lifted, k: int) -> Outcome | None:
    """Prove it for a smooth equivariant loss that orders every pair of classes."""
    if any(n.op in SWITCHES - {"max"} for n in topological(lifted.roots)):
        return None
    for choice in choices(lifted.roots):
        flows = bounded_below(lifted, choice)
        if flows is None:
            continue
        head: dict[str, Any] = {"rule": "topk_by_swap", "k": k, "flows": flows}
        c = odds(lifted, choice)
        monotone = [{"order": "monotone", "kappa": x, "delta": "1/4"} for x in ("1/8", "1/100")]
        for order in [{"order": "odds", "c": q(c)}] if c is not None else monotone:
            message = "Every pair of classes is ordered, strictly next to ties: calibrated for the top k of every p."
            found = prove(lifted, PROPERTY, {**head, **order}, message=message)
            if found:
                return found
    return None


def by_comp_sum(lifted: Lifted, k: int) -> Outcome | None:
    """Prove it for ``phi(softmax(alpha z)_y)`` with phi infinite or infinitely steep at 0."""
    for choice in choices(lifted.roots):
        for alpha in scales(chosen(lifted.roots, choice)):
            phi = comp_sum(lifted, alpha, choice)
            if phi is None:
                continue
            proof = {"rule": "topk_comp_sum", "k": k, "alpha": q(alpha), "own": graph_json(phi)}
            message = f"The loss is phi(s_y) with phi = {phi[0]} strictly decreasing, and no class of the top k gets 0."
            found = prove(lifted, PROPERTY, proof, message=message)
            if found:
                return found
    return None


def leads(n: int, k: int) -> list[list[Fraction]]:
    """Distributions whose first k classes lead, all apart."""
    sizes: list[Sequence[int]] = [range(n + 3, 3, -1), range(3 * n, 0, -3), [2 ** (n - i) for i in range(n)]]
    sizes.append([*(k + 1 - i for i in range(k)), *[0] * (n - k)])
    return [[Fraction(x, sum(size)) for x in size] for size in sizes]


def on_rays(lifted: Lifted, k: int) -> Outcome | None:
    """Refute it by a ray along which the risk falls to its infimum while the top k is wrong."""
    risk, n = Risk(lifted), len(lifted.variables)
    if n > 5:
        return None
    case, total = parsed(lifted), constant_sum(risk, n)
    for p in leads(n, k):
        for proof in attempts(lifted, case, risk, p, total, None) if total is not None else ():
            to = [int(x) for x in proof["direction"]]
            found = _ray(lifted, k, proof) if min(to[:k]) <= max(to[k:]) else None
            if found:
                return found
        ways = [(v, d) for v, d in rays(risk, p, None) if min(d[:k]) <= max(d[k:])][:3]
        mixed = add(*(scale(w, root) for w, root in zip(p, lifted.roots, strict=True)))
        for value, way in ways:
            head: dict[str, Any] = {"p": [q(x) for x in p], "z": ["0"] * n, "direction": [str(x) for x in way]}
            v = guess(value) if np.isfinite(value) else None
            tries: list[dict[str, Any]] = [{"value": "0"}] if value == -np.inf else []
            if v is not None:
                excess, flows = excess_over(mixed, lifted.variables, v), level_bound(case, p)
                tries += [{"value": q(v), "excess": graph_json([excess])}] if excess is not None else []
                tries += [{"value": q(v), "flows": flows}] if flows is not None else []
            for more in tries:
                found = _ray(lifted, k, {**head, **more})
                if found:
                    return found
    return None


def constant_sum(risk: Risk, n: int) -> Fraction | None:
    """What the losses of all classes seem to add up to everywhere, or None."""
    sums = risk.losses(np.random.default_rng(0).normal(size=(n, 12))).sum(axis=0)
    return guess(float(sums[0])) if np.all(np.isfinite(sums)) and np.ptp(sums) < 1e-9 else None


def _ray(lifted: Lifted, k: int, proof: dict[str, Any]) -> Outcome | None:
    where, there = ", ".join(proof["p"]), ", ".join(proof["direction"])
    message = f"At p = ({where}) the risk falls to its infimum along z = x ({there}), with a wrong top {k}."
    witness = {"p": proof["p"], "direction": proof["direction"]}
    return refute(lifted, PROPERTY, {**proof, "rule": "topk_ray_witness", "k": k}, message=message, witness=witness)
