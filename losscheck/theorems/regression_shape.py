"""Convexity, differentiability, slopes and bounds of a regression loss through functions of one variable."""

from __future__ import annotations

from collections.abc import Iterator

from losscheck.engines.breakpoints import breakpoints
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems import (
    apart_from_labels,
    by_counts,
    convex_by_curvature,
    convex_by_pieces,
    convex_witness,
    convex_witness_at_cuts,
    differentiable_by_pieces,
    lipschitz_by_sides,
    slope_by_convexity,
    slope_by_pieces,
)
from losscheck.theorems.regression_profile import Solve, inner_proofs, reductions, slices
from losscheck.theorems.steep_along import steep
from losscheck.verdict import Outcome, Verdict

REDUCED = {
    "shift": "as a function of yhat - y",
    "weighted": "as a function of yhat - y times one of y",
    "scale": "as a function of yhat / y",
}


def convex(lifted: Lifted) -> Outcome | None:
    """Decide convexity in yhat, or None."""
    return convex_by_curvature.attempt(lifted) or _universal(
        lifted, "convex", [convex_by_pieces.attempt], [convex_witness_at_cuts.attempt, convex_witness.attempt]
    )


def differentiable(lifted: Lifted) -> Outcome | None:
    """Decide differentiability in yhat, or None."""
    return _universal(lifted, "differentiable", [differentiable_by_pieces.attempt], [differentiable_by_pieces.refuted])


PARTS = {"convex": convex, "differentiable": differentiable}


def _universal(lifted: Lifted, prop: str, show: list[Solve], break_: list[Solve]) -> Outcome | None:
    for proof, inner in inner_proofs(reductions(lifted), *show):
        how = REDUCED[proof["chart"]]
        found = prove(lifted, prop, proof, message=f"The loss is {prop} in yhat, read {how}: {inner.message}")
        if found:
            return found
    found = by_sides(lifted, prop) or by_counts.attempt(lifted, prop, PARTS[prop], lambda one: _first(one, show))
    found = found or next(_refuted(lifted, prop, break_), None)
    return found or apart_from_labels.attempt(lifted, prop, PARTS[prop])


def _first(one: Lifted, show: list[Solve]) -> Outcome | None:
    return next((found for solve in show if (found := solve(one)) is not None), None)


def by_sides(lifted: Lifted, prop: str) -> Outcome | None:
    """Prove convexity or differentiability from the formulas above and below the diagonal, or None."""
    for chart in ("shift", "log") if lifted.domain == "positive" else ("shift",):
        proof = {"rule": f"{prop}_by_sides", "chart": chart}
        message = f"The loss is {prop} in yhat on both sides of yhat = y, and across it, for every y."
        if found := prove(lifted, prop, proof, message=message):
            return found
    return None


def _refuted(lifted: Lifted, prop: str, solve: list[Solve]) -> Iterator[Outcome]:
    for proof, inner in inner_proofs(slices(lifted), *solve):
        witness = {**(inner.witness or {}), "y": proof["y"]}
        message = f"At y = {proof['y']}, as a function v of yhat: {inner.message}"
        if found := refute(lifted, prop, proof, message=message, witness=witness):
            yield found


def _steepest(norm: str) -> Solve:
    return lambda one: slope_by_convexity.attempt(one, norm) or slope_by_pieces.attempt(one, 1, norm)


def lipschitz(lifted: Lifted, norm: str) -> Outcome | None:
    """Enclose the least Lipschitz constant in yhat over both arguments, or None."""
    for proof, inner in inner_proofs(reductions(lifted), _steepest(norm)):
        how = REDUCED[proof["chart"]]
        message = f"Read {how}: {inner.message}"
        if proof.get("degree", "1") != "1":
            message = f"The slope is y^({proof['degree']} - 1) times a function of yhat / y that is not 0: unbounded."
        if found := prove(lifted, "lipschitz", proof, message=message):
            return found
    for proof, line in steep(lifted, {"of": "lipschitz", "norm": norm}):
        message = f"The slope in yhat is unbounded along {line}: the Lipschitz constant is infinite."
        if found := prove(lifted, "lipschitz", proof, message=message):
            return found
    found = lipschitz_by_sides.attempt(lifted, norm)
    return found or apart_from_labels.attempt(lifted, "lipschitz", lambda rest: lipschitz(rest, norm))


def smoothness(lifted: Lifted) -> Outcome | None:
    """Enclose the least Lipschitz constant of the slope in yhat, or None."""
    for proof, inner in inner_proofs(reductions(lifted), lambda one: slope_by_pieces.attempt(one, 2)):
        message = f"Read {REDUCED[proof['chart']]}: {inner.message}"
        if proof.get("degree", "2") != "2":
            message = f"The slope's slope is y^({proof['degree']} - 2) times a function of yhat / y that is not 0."
        if found := prove(lifted, "smoothness", proof, message=message):
            return found
    return apart_from_labels.attempt(lifted, "smoothness", smoothness)


def _slopes_bounded(one: Lifted) -> Outcome | None:
    proof = {"rule": "slopes_bounded_on_pieces", "breaks": [breakpoints(one.roots[0], "v", one.domain)]}
    return prove(one, "bounded_influence", proof, message="The slope is bounded.")


def bounded_influence(lifted: Lifted) -> Outcome | None:
    """Decide whether the slope in yhat is bounded over both arguments, or None."""
    for proof, line in steep(lifted, {"of": "bounded_influence"}):
        message = f"The slope in yhat is unbounded along {line}."
        if found := refute(lifted, "bounded_influence", proof, message=message, witness={"line": proof["path"]}):
            return found
    for proof, _ in inner_proofs(reductions(lifted), _slopes_bounded):
        message = f"The slope in yhat, {REDUCED[proof['chart']]}, is bounded."
        if found := prove(lifted, "bounded_influence", proof, message=message):
            return found
    if found := by_counts.attempt(lifted, "bounded_influence", bounded_influence, _slopes_bounded):
        return found
    constant = lipschitz(lifted, "l2")
    if constant is None or constant.certificate is None or constant.verdict is not Verdict.PROVED:
        return apart_from_labels.attempt(lifted, "bounded_influence", bounded_influence)
    proof = {"rule": "influence_by_lipschitz", "lipschitz": constant.certificate["proof"]}
    message = f"The slope in yhat is at most {constant.value:.9g} everywhere."
    return prove(lifted, "bounded_influence", proof, message=message)
