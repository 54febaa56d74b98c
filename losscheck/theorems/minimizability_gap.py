"""Minimizability gaps of laws of finite support (rule ``minimizability_gap``): least risks by descent, then duals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.certificate import graph_json, q
from losscheck.engines.flows import Flows
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import neg, substitute, var
from losscheck.expr.constants import choices
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.calibrated_polyhedral import parsed
from losscheck.theorems.h_transform_comp_sum import profiles
from losscheck.theorems.scores_by_boxes import proposals
from losscheck.verdict import Outcome
from losscheck.verifier.balls import Undefined
from losscheck.verifier.certificate import Case, CertificateRejected
from losscheck.verifier.rules.minimizability_gap import Law, by_label, floor, law, parameters, scores
from losscheck.verifier.terms import Node

Array = NDArray[np.float64]
UNIT, STARTS, FAR = 2**40, 8, 60.0
MESSAGE = "The gap lies between certified bounds of the least risk and of the least conditional risks."


class Descent:
    """Risks of scores in floats, with gradients."""

    def __init__(self, lifted: Lifted) -> None:
        self.names = list(lifted.variables)
        roots = list(lifted.roots)
        if lifted.kind == "margin":
            v = var("v")
            roots = [substitute(roots, {v: neg(v)})[0], roots[0]]
        self.roots = roots
        self.slopes: list[Expr] = [derivative(root, x) for root in roots for x in self.names]

    def risk(self, p: Array, z: Array) -> tuple[float, Array]:
        """The sum of ``p * loss`` over rows of scores, and its gradient in the scores."""
        at = {x: z[:, i] for i, x in enumerate(self.names)}
        with np.errstate(all="ignore"):
            values = np.stack([np.broadcast_to(v, len(z)) for v in evaluate(self.roots, at)], axis=1)
            slopes = np.stack([np.broadcast_to(v, len(z)) for v in evaluate(self.slopes, at)], axis=1)
            total = np.where(p > 0, p * values, 0).sum()
            slopes = slopes.reshape(len(z), len(self.roots), len(self.names))
            gradient = np.where(p[:, :, None] > 0, p[:, :, None] * slopes, 0).sum(axis=1)
        return (float(total) if np.isfinite(total) else 1e300), np.nan_to_num(gradient)

    def least(self, p: Array, features: Array) -> Array:
        """Parameters (features x scores) of about the least risk, by BFGS from several starts."""
        from scipy.optimize import minimize

        shape = features.shape[1], len(self.names)

        def f(w: Array) -> tuple[float, Array]:
            value, slope = self.risk(p, features @ w.reshape(shape))
            return value, (features.T @ slope).ravel()

        rng = np.random.default_rng(0)
        starts = [np.zeros(shape).ravel(), *rng.normal(size=(STARTS, shape[0] * shape[1])) * 3]
        found = [minimize(f, w, jac=True, method="BFGS", options={"gtol": 1e-13, "maxiter": 500}) for w in starts]
        best = min(found, key=lambda each: each.fun).x
        if any(n.op in ("max", "min", "abs") for n in topological(self.roots)):  # kinks stop a descent by slopes
            polished = minimize(lambda w: f(w)[0], best, method="Powell", options={"xtol": 1e-10, "ftol": 1e-14})
            best = min((best, polished.x, np.round(polished.x, 6)), key=lambda w: f(w)[0])
        return np.asarray(np.clip(best, -FAR, FAR).reshape(shape))


def dual(weights: dict[Node, Fraction], names: Sequence[str], act: Sequence[float]) -> Any:
    """Multipliers of a minorant without slopes, near the tangent at a point; None where there are none."""
    try:
        flows = Flows({n: w for n, w in weights.items() if w}, names)
        level = [flows.slopes[x] for x in names]
        guesses = [flows.at(dict(zip(names, act, strict=True)))]
        if any(n.op in ("max", "min", "abs") for n, _ in flows.splits):
            guesses.insert(0, flows.programme(level) or guesses[0])
    except (Undefined, ZeroDivisionError, OverflowError):
        return None
    for guess in guesses:
        try:
            exact = flows.solve([x if abs(x) > 1e-9 else 0.0 for x in guess], level)
            if exact is not None:
                floor(weights, flows.hints(exact), names)
                return flows.hints(exact)
        except (Undefined, ZeroDivisionError, OverflowError, CertificateRejected):
            continue
    return None


def softmax_of(alpha: float, z: Array) -> Array:
    """Softmax of scaled scores."""
    e = np.exp(alpha * (z - z.max()))
    return np.asarray(e / e.sum())


def _dyadic(x: Any) -> Fraction:
    return Fraction(round(float(x) * UNIT), UNIT)


def _sum(nodes: Sequence[Node], p: Sequence[Fraction], into: dict[Node, Fraction], scale: Fraction) -> None:
    for n, w in zip(nodes, p, strict=True):
        into[n] = into.get(n, Fraction(0)) + scale * w


def best(case: Case, losses: list[Node], rows: Law, descent: Descent, softmax: Callable[[Array], Array] | None) -> Any:
    """The parts about the least conditional risks."""
    parts = []
    for _, _, p in rows:
        floats = np.array([[float(c) for c in p]])
        z = descent.least(floats, np.ones((1, 1)))[0]
        weights: dict[Node, Fraction] = {}
        _sum(losses, p, weights, Fraction(1))
        tangent = (
            None if softmax is None else [q(min(max(_dyadic(s), Fraction(1, UNIT)), Fraction(1))) for s in softmax(z)]
        )
        parts.append(
            {"scores": [q(_dyadic(c)) for c in z], "floor": tangent or dual(weights, case.variables, z.tolist())}
        )
    return parts


def linear(case: Case, losses: list[Node], rows: Law, descent: Descent) -> tuple[dict[str, Any], float]:
    """The part about linear scores, and about the least risk."""
    features = np.array([[*map(float, x), 1.0] for x, _, _ in rows])
    joint = np.array([[float(weight * c) for c in p] for _, weight, p in rows])
    w = descent.least(joint, features).T
    names, pool = parameters(case, features.shape[1] - 1), case.pool
    weights: dict[Node, Fraction] = {}
    for x, share, p in rows:
        change = {pool.var(z): h for z, h in zip(case.variables, scores(pool, names, x), strict=True)}
        _sum([pool.substitute(n, change) for n in losses], p, weights, share)
    flat = [name for row in names for name in row]
    floor_ = dual(weights, flat, w.ravel().tolist())
    return {"parameters": [q(_dyadic(c)) for c in w.ravel()], "floor": floor_}, descent.risk(joint, features @ w.T)[0]


def minimizability_gap(lifted: Lifted, params: dict[str, Any]) -> Outcome | None:
    """Enclose the gap, or return None.

    Raises
    ------
    ValueError
        When the distribution is none.
    """
    case = parsed(lifted, "proved", choices(lifted.roots)[0])
    losses, descent = by_label(case), Descent(lifted)
    try:
        rows = law(params, len(losses))
    except (CertificateRejected, TypeError, KeyError) as error:
        raise ValueError(f"the distribution {str(params)[:80]!r} cannot be read: {error}") from None
    proof: dict[str, Any] = {"rule": "minimizability_gap", "params": params}
    most = 0.0
    if params["hypotheses"] == "Linear(inf, inf)":
        proof["linear"], most = linear(case, losses, rows, descent)
    readings: list[tuple[dict[str, Any], Callable[[Array], Array] | None]] = [({}, None)]
    for alpha, phi in profiles(lifted) if lifted.kind == "logits" else []:
        form = {"comp-sum": {"alpha": q(alpha), "own": graph_json([phi])}}
        readings.append((form, partial(softmax_of, float(alpha))))
    narrowest, kept = None, proof
    for form, softmax in readings:
        made = {**proof, "best": {**form, "parts": best(case, losses, rows, descent, softmax)}}
        found = prove(lifted, "minimizability_gap", made, message=MESSAGE)
        if found and (narrowest is None or width(found) < width(narrowest)):
            narrowest, kept = found, made
        if narrowest is not None and narrowest.value is not None:
            break
    if narrowest is None or narrowest.value is not None or "linear" not in proof:
        return narrowest
    for boxes in proposals(rows, max(1, len(lifted.variables) - 1), most):
        made = {**kept, "linear": {**proof["linear"], "boxes": boxes}}
        closer = prove(lifted, "minimizability_gap", made, message=MESSAGE)
        if closer:
            return closer
    return narrowest


def width(outcome: Outcome) -> float:
    """How wide the enclosure is."""
    low, high = outcome.bounds
    return float(high) - float(low)
