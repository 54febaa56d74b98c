"""Claimed H-consistency bounds: refuted where T is too small, proved where T has a formula (rules ``h_bound_...``)."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from losscheck.certificate import q
from losscheck.engines.text_breakpoints import text_breakpoints
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems.h_bound_by_places import h_bound_by_places
from losscheck.theorems.h_transform import h_transform
from losscheck.theorems.h_witness import witness
from losscheck.theorems.transform_formula import transform_formula
from losscheck.verdict import Outcome, supported, undecided
from losscheck.verifier.balls import Enclosure, Undefined, point
from losscheck.verifier.certificate import CertificateRejected
from losscheck.verifier.formula_text import formula_text
from losscheck.verifier.terms import Pool
from losscheck.verifier.transform_formula import spans

GRID = tuple(round(0.05 * i, 2) for i in range(1, 21))
SMALL = tuple(10.0**-k for k in range(2, 8))
"""Regrets near 0, where many claims are tight."""
CLOSE, ROUNDING = 1e-6, 1e-13


def function(text: str) -> Callable[[float], float]:
    """The formula in floats, NaN where it is not defined.

    Raises
    ------
    ValueError
        When the text is no formula.

    >>> function("sqrt(2*u)")(0.125)
    0.5
    """
    try:
        node = formula_text(Pool(), text)
    except CertificateRejected as error:
        raise ValueError(f"gamma={text!r}: {error}; give a formula such as 'sqrt(2*u)'") from None

    def value(u: float) -> float:
        try:
            low, high = Enclosure({"u": point(Fraction(u))})(node)
            return (float(low) + float(high)) / 2
        except Undefined:
            return math.nan

    return value


def h_bound(lifted: Lifted, gamma: str, hypotheses: str) -> Outcome:
    """Try the grid of regrets; the one that exceeds the claim most makes the witness."""
    value = function(gamma)
    params = {"gamma": gamma, "hypotheses": hypotheses}
    known: dict[float, tuple[float, float]] = {}
    for ts in (GRID[1::4], [t for t in GRID if t not in GRID[1::4]]):
        found = h_transform(lifted, hypotheses, ts)
        if found is None:
            return undecided("No bounds of the transformation were found.", params=params)
        known |= dict(zip(found.params["t"], found.bounds, strict=True))
        excess = {t: t - value(known[t][1]) for t in ts if t in known and math.isfinite(known[t][1])}
        for t in sorted(excess, key=lambda t: -excess[t])[:3]:
            if excess[t] > 0 and (shown := _refuted(lifted, params, t)):
                return shown
    if shown := _proved(lifted, params) or h_bound_by_places(lifted, gamma, hypotheses):
        return shown
    below = _below(lifted, hypotheses, value, known)
    if below is not None:
        message = f"By its numbers the claim fails at t = {below:g}; no witness of that was verified."
        return undecided(message, params=params, witness={"zero_one_regret": below})
    if all(t in known and value(max(0.0, known[t][0])) >= t * (1 - CLOSE) for t in GRID):
        return supported("Gamma(T(t)) >= t at t = 0.05, 0.1, ..., 1.", params=params)
    return undecided("The transformation is not known well enough.", params=params)


def _below(
    lifted: Lifted, hypotheses: str, value: Callable[[float], float], known: dict[float, tuple[float, float]]
) -> float | None:
    """A regret t at which Gamma of an upper bound of T(t) is below t by more than rounding; T(0) = 0."""
    if value(0.0) < 0:
        return 0.0
    tops = {t: high for t, (_, high) in known.items()}
    found = h_transform(lifted, hypotheses, SMALL[:2])
    if found is not None:
        tops |= {t: high for t, (_, high) in zip(found.params["t"], found.bounds, strict=True)}
    formula = transform_formula(lifted, hypotheses)
    if formula is not None and formula.certificate is not None:
        for span in spans(Pool(), formula.certificate["claim"]["value"]):
            for t in (t for t in SMALL if span.a < Fraction(t) < span.b):
                tops[t] = float(Enclosure({"t": point(Fraction(t))})(span.formula)[1])
    return next((t for t, top in sorted(tops.items()) if math.isfinite(top) and value(top) < t * (1 - ROUNDING)), None)


def _proved(lifted: Lifted, params: dict[str, str]) -> Outcome | None:
    """By a formula of T."""
    formula = transform_formula(lifted, params["hypotheses"])
    if formula is None or formula.certificate is None:
        return None
    pool = Pool()
    gamma = formula_text(pool, params["gamma"])
    cuts = []
    for span in spans(pool, formula.certificate["claim"]["value"]):
        inside = pool.sub(pool.substitute(gamma, {pool.var("u"): span.formula}), pool.var("t"))
        low, high = float(span.a), float(span.b)
        cuts.append(text_breakpoints(pool, inside, "t", [low + (high - low) * i / 200 for i in range(1, 200)]))
    proof = {
        "rule": "h_bound_by_formula", "gamma": params["gamma"], "formula": formula.certificate["proof"], "cuts": cuts,
        "breaks": text_breakpoints(pool, gamma, "u", [1e-6 * 1.1**i for i in range(300)]),
    }  # fmt: skip
    message = f"Gamma(T(t)) >= t on [0, 1], with T(t) = {formula.value}."
    return prove(lifted, "h_bound", proof, params=params, message=message)


def _refuted(lifted: Lifted, params: dict[str, str], t: float) -> Outcome | None:
    single = h_transform(lifted, params["hypotheses"], [t])
    if single is None or single.certificate is None:
        return None
    transform = single.certificate["proof"]
    parts = transform["parts"] if transform["rule"] == "h_transform_joined" else [transform]
    for part in sorted(parts, key=lambda part: part["rule"] != "h_transform_cells"):
        p = witness(part, Fraction(repr(t)), len(lifted.variables) if lifted.kind == "logits" else 2)
        found = refute(
            lifted,
            "h_bound",
            {"rule": "h_bound_witness", "gamma": params["gamma"], "transform": part},
            message=f"At the distribution of the witness the zero-one regret is {t}, and Gamma of the surrogate "
            "regret is less.",
            witness={"p": [q(x) for x in p], "zero_one_regret": t, "surrogate_regret": single.bounds[0][1]},
        )
        if found:
            return found
    return None
