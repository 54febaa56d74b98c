"""Losses in which parameters only set the scale of the scores and of the loss. Rule ``range_by_scale``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product

import numpy as np

from losscheck.certificate import graph_json, q
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import mul, power, substitute, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome, Verdict
from losscheck.verifier.rules.range_by_scale import KEPT

Ask = Callable[[dict[str, Fraction]], Outcome]
UNITS, FACTORS = (-1, 0, 1), (0, 1, -1, 2, -2)
"""Exponents of a parameter in the scale of the scores, and in that of the loss."""


def monomials(names: list[str], exponents: tuple[int, ...]) -> Iterator[Expr]:
    """Products of powers of the parameters."""
    for powers in product(exponents, repeat=len(names)):
        yield mul(*(power(var(x), Fraction(e)) for x, e in zip(names, powers, strict=True)))


def scales(lifted: Lifted, values: dict[str, Fraction]) -> Iterator[tuple[Expr, Expr]]:
    """Scales of scores and of the loss that fit at a few points in floats."""
    names, rng = list(values), np.random.default_rng(0)
    at = {x: np.array(float(h)) for x, h in values.items()}
    drawn = {x: rng.uniform(float(Fraction(low)), float(Fraction(high)), 40) for x, low, high in lifted.parameters}
    scores = {x: rng.normal(0, 2, 40) for x in lifted.variables}
    roots = list(chosen(lifted.roots, choices(lifted.roots)[0]))
    for scale in monomials(names, UNITS):
        wide = substitute(roots, {var(x): mul(scale, var(x)) for x in lifted.variables})
        with np.errstate(all="ignore"):
            here, there = evaluate(wide, {**drawn, **scores}), evaluate(wide, {**at, **scores})
            for factor in monomials(names, FACTORS):
                a, h = (np.broadcast_to(evaluate([factor], {**side, **scores})[0], 40) for side in (drawn, at))
                if all(np.allclose(h * x, a * y, rtol=1e-9, atol=1e-12) for x, y in zip(here, there, strict=True)):
                    yield scale, factor


def attempt(lifted: Lifted, name: str, ask: Ask) -> Outcome | None:
    """Prove a property for every value from its proof at one value, or None."""
    intervals = {x: (Fraction(low), Fraction(high)) for x, low, high in lifted.parameters}
    if lifted.domain != "real" or len(intervals) > 2 or any(low <= 0 for low, _ in intervals.values()):
        return None
    if name not in KEPT | {"recovers_probability"}:
        return None
    values = {x: Fraction(1) if low <= 1 <= high else high for x, (low, high) in intervals.items()}
    for scale, factor in scales(lifted, values):
        outcome = ask(values)
        if outcome.verdict is not Verdict.PROVED or outcome.certificate is None:
            return None
        proof = {
            "rule": "range_by_scale", "scale": graph_json([scale]), "factor": graph_json([factor]),
            "values": {x: q(h) for x, h in values.items()}, "proof": outcome.certificate["proof"],
        }  # fmt: skip
        ranges = " and ".join(f"every {x} in [{low}, {high}]" for x, (low, high) in intervals.items())
        told = f"The parameter sets a scale: scores in units of {scale}, the loss in units of {factor}"
        found = prove(lifted, name, proof, message=f"{told}. What holds at one value holds for {ranges}.")
        if found:
            return found
    return None
