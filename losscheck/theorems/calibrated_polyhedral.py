"""Piecewise linear losses: calibration for all p by one exact linear programme per wrong vertex.

For a wrong vertex vector w of class t: maximise e subject to ``p_t - p_i >= e``, ``p.(v - w) >= 0`` for all vertex
vectors v, p >= 0, sum p <= 1. A positive optimum is a distribution at which w is optimal (refuted); optimum 0 for all
w proves calibration, and the dual solutions are the certificate.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.certificate import certificate, q
from losscheck.engines.polyhedral import maximise
from losscheck.expr.constants import choices
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.verdict import Outcome
from losscheck.verifier import CertificateRejected
from losscheck.verifier.certificate import Case, read
from losscheck.verifier.piecewise_linear import Vector, evaluate, hyperplanes, is_piecewise_linear, vertices
from losscheck.verifier.rules.calibrated_dual_witness import is_wrong
from losscheck.verifier.rules.calibrated_polyhedral import in_units, representation

PROPERTY = "classification_calibrated"


def parsed(lifted: Lifted, verdict: str = "refuted", constants: dict[str, str] | None = None) -> Case:
    """Read the loss as the verifier does."""
    return read(certificate(lifted, PROPERTY, verdict, {}, constants=constants))


def separate(every: list[Vector], w: Vector, t: int) -> tuple[Fraction, list[Fraction], dict[str, Any]]:
    """``(e, p, cut)``: the largest lead e of class t for which w is optimal, where, and the dual multipliers."""
    k = len(w)
    one, zero = Fraction(1), Fraction(0)
    rows = [[*(b - a for a, b in zip(v, w, strict=True)), zero] for v in every]
    leads = [i for i in range(k) if i != t]
    rows += [[*(one if j == i else -one if j == t else zero for j in range(k)), one] for i in leads]
    rows.append([*(one for _ in range(k)), zero])
    x, e, y = maximise([zero] * k + [one], rows, [zero] * (len(rows) - 1) + [one])
    used = [[index, q(weight)] for index, weight in enumerate(y[: len(every)]) if weight]
    mu = [zero] * k
    for i, weight in zip(leads, y[len(every) :], strict=False):
        mu[i] = weight
    size = sum(x[:k]) or one
    return e, [c / size for c in x[:k]], {"lambda": used, "mu": [q(c) for c in mu]}


def calibrated_polyhedral(lifted: Lifted) -> Outcome | None:
    """Decide a piecewise linear loss, or None when it is none, or too large."""
    cases = [parsed(lifted, "proved", choice) for choice in choices(lifted.roots)]
    for case in [*cases, parsed(lifted)]:  # the last with constants as balls: for refutations
        if is_piecewise_linear(in_units(case)) and (found := _decide(lifted, case)):
            return found
    return None


def _decide(lifted: Lifted, case: Case) -> Outcome | None:
    try:
        every, wrong = representation(case)
    except CertificateRejected:
        return None
    cuts = []
    for t, vectors in enumerate(wrong):
        for w in vectors:
            e, p, cut = separate(every, w, t)
            if e > 0:
                return _witness(lifted, case, p, w, t)
            cuts.append(cut)
    message = (
        f"Every wrong vertex loses to a right one at every distribution ({len(cuts)} linear programmes over "
        f"{len(every)} vertex vectors), so the loss is calibrated."
    )
    return prove(lifted, PROPERTY, {"rule": "calibrated_polyhedral", "cuts": cuts}, message=message)


def _witness(lifted: Lifted, case: Case, p: list[Fraction], w: Vector, t: int) -> Outcome | None:
    names = case.variables
    losses = in_units(case)
    points = vertices(hyperplanes(losses, names), len(names))
    z = next(v for v in points if is_wrong(v, t) and evaluate(losses, names, v) == w)
    risk = sum(a * b for a, b in zip(p, w, strict=True))
    proof = {"rule": "calibrated_polyhedral", "p": [q(x) for x in p], "z": [q(x) for x in z]}
    at, scores = ", ".join(map(str, p)), ", ".join(map(str, z))
    message = (
        f"At p = ({at}) the scores z = ({scores}) have the least risk {risk}, although class {t} alone is most likely "
        "and does not alone have the largest score."
    )
    if losses != case.roots:
        message += " (Scores and risk in units of the loss's one constant.)"
    return refute(lifted, PROPERTY, proof, message=message, witness={"p": proof["p"], "z": proof["z"]})
