"""Calibration for ``argmax p / prior``: losses that recover p after a shift by log priors.

Rule ``balanced_by_shift``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import graph_json, q
from losscheck.engines.numeric import evaluate
from losscheck.engines.risk import Risk, rounded
from losscheck.expr.build import const, log, sub, substitute, var
from losscheck.expr.constants import LARGEST_DENOMINATOR, choices, chosen, floats
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems.calibrated_polyhedral import parsed
from losscheck.theorems.in_probabilities import on_simplex, read
from losscheck.theorems.refuted_by_dual_witness import MOST, bound, candidates
from losscheck.verdict import Outcome


def meant_logs(lifted: Lifted) -> dict[str, str]:
    """The float constants of the code that are logarithms of simple rationals."""
    named = {}
    for x in floats(lifted.roots):
        inside = Fraction(math.exp(min(x, 700.0))).limit_denominator(LARGEST_DENOMINATOR)
        if inside > 0 and abs(x - math.log(inside)) <= math.ulp(x):
            named[x.hex()] = f"log({inside})"
    return named


def scale_of(lifted: Lifted, adjusted: list[Fraction]) -> Fraction | None:
    """The c of ``l_0(z) - l_1(z) = c (u_1 - u_0) + const`` if that holds at random points, u = z + log a."""
    z = np.random.default_rng(0).normal(size=(len(lifted.variables), 12))
    a, b = evaluate(list(lifted.roots[:2]), dict(zip(lifted.variables, z, strict=True)))
    gap, rise = a - b, z[1] - z[0]
    ratio = np.diff(gap) / np.diff(rise)
    if not np.all(np.isfinite(ratio)) or np.ptp(ratio) > 1e-6 * max(1.0, abs(float(ratio[0]))):
        return None
    return Fraction(float(np.median(ratio))).limit_denominator(10**4)


def ways(lifted: Lifted, adjusted: list[Fraction]) -> Iterator[dict[str, Any]]:
    """The log score, or a proper score of softmax of the shifted scores."""
    c = scale_of(lifted, adjusted)
    if c is not None and c > 0:
        yield {"scale": q(c), "premise": None}
    if len(adjusted) > 4 or floats(lifted.roots):
        return
    names = [f"s{i}" for i in range(len(adjusted))]
    moved = {var(x): sub(var(x), log(const(a))) for x, a in zip(lifted.variables, adjusted, strict=True)}
    roots = substitute(chosen(lifted.roots, choices(lifted.roots)[0]), moved)
    scores = [read(on_simplex(lifted.variables, Fraction(1)), root, names) for root in roots]
    found = [graph_json([n]) for n in scores if n is not None]
    if len(found) == len(scores):
        premise = {"rule": "proper_through_softmax", "scores": found, "property": "recovers_probability"}
        yield {"scale": None, "premise": premise}


def attempt(lifted: Lifted, given: list[Any], prior: list[Fraction]) -> Outcome | None:
    """Decide calibration for a prior, or return None."""
    head: dict[str, Any] = {"rule": "balanced_by_shift", "params": {"prior": given}, "prior": [q(x) for x in prior]}
    for way in ways(lifted, prior):
        proof = {**head, "adjusted": [q(x) for x in prior], **way}
        message = "With log priors added to the scores the loss recovers p, so the scores rank classes by p / prior."
        constants = meant_logs(lifted) or None
        found = prove(lifted, "balanced_calibrated", proof, message=message, constants=constants)
        if found:
            return found
    return by_log_score(lifted, prior, head) or by_dual_witness(lifted, prior, head)


def by_log_score(lifted: Lifted, prior: list[Fraction], head: dict[str, Any]) -> Outcome | None:
    """Refute it for a log score of the scores themselves, at an exact p, or return None."""
    ones, p = [Fraction(1)] * len(prior), overtaken(prior)
    c = scale_of(lifted, ones)
    if p is None or c is None:
        return None
    proof = {
        **head, "adjusted": [q(x) for x in ones], "scale": q(c), "premise": None, "p": [q(x) for x in p],
    }  # fmt: skip
    message = f"The scores rank classes by p: at p = ({', '.join(map(str, p))}) not by p / prior."
    return refute(lifted, "balanced_calibrated", proof, message=message, witness={"p": proof["p"]})


def by_dual_witness(lifted: Lifted, prior: list[Fraction], head: dict[str, Any]) -> Outcome | None:
    """Refute it for a convex loss by one distribution and a dual bound, or return None."""
    risk, k, case = Risk(lifted), len(prior), parsed(lifted)
    for _, p, z, tie in candidates(risk, k, prior)[:MOST]:
        ratios = [x / a for x, a in zip(p, prior, strict=True)]
        flows = bound(case, p, tie, ratios.index(max(ratios)), int(np.argmax(z)))
        if flows is None:
            continue
        at = {"p": [q(x) for x in p], "z": [q(x) for x in rounded(z)]}
        proof = {**head, "rule": "balanced_dual_witness", **at, "flows": flows}
        message = f"At p = ({', '.join(map(str, p))}) scores that do not rank the largest p / prior first are better."
        found = refute(lifted, "balanced_calibrated", proof, message=message, witness=at)
        if found:
            return found
    return None


def overtaken(prior: list[Fraction]) -> list[Fraction] | None:
    """A distribution whose largest entry is another than its largest ratio to the prior, or None."""
    low, high = prior.index(min(prior)), prior.index(max(prior))
    if prior[low] == prior[high]:
        return None
    share = (prior[low] + prior[high]) / 2  # between the ratios: p_high > p_low, p_high / prior < p_low / prior
    weights = [min(prior) / 8] * len(prior)
    weights[low], weights[high] = (prior[low] + share) / 2, (share + prior[high]) / 2
    return [x / sum(weights) for x in weights]
