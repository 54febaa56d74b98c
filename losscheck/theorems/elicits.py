"""Functionals that a regression loss elicits, by its slopes on both sides of the diagonal, or not, by a law."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems.regression_profile import in_floats, is_positive
from losscheck.verdict import Outcome
from losscheck.verifier.certificate import CertificateRejected
from losscheck.verifier.law import decimal, expectile, law, quantile

Law = tuple[list[Fraction], list[Fraction]]


def levels(functional: str, level: float | None) -> list[Fraction | None]:
    """Readings of the level that a code's constants may stand for: as it is written, and the double."""
    return [None] if level is None else list(dict.fromkeys([decimal(level), Fraction(level)]))


def attempt(lifted: Lifted, functional: str, level: float | None) -> Outcome | None:
    """Prove that the functional minimises every expected loss, or None."""
    for chart in ("shift", "log") if lifted.domain == "positive" else ("shift",):
        for t in levels(functional, level):
            proof: dict[str, Any] = {
                "rule": "elicits_by_sides", "functional": functional, "asked": level, "chart": chart,
            }  # fmt: skip
            proof |= {} if t is None else {"level": q(t)}
            message = (
                f"For every law of finite support the expected loss falls up to the {functional} and rises from it: "
                "its slope is a nonnegative function of yhat times the functional's own."
            )
            if found := prove(lifted, "elicits", proof, message=message):
                return found
    return None


def laws(lifted: Lifted, seed: int = 0) -> Iterator[Law]:
    """Small laws, simple ones first, then seeded random ones over several scales."""
    up = is_positive(lifted, "y")
    simple = [
        ((1, 2), (1, 2)),
        ((1, 2, 4), (1, 1, 1)),
        ((1, 2, 10), (3, 1, 1)),
        ((1, 5, 6), (1, 1, 3)),
        ((3, 4), (9, 1)),
    ]
    for y, w in simple:
        yield [Fraction(x) for x in y], [Fraction(x) for x in w]
        yield [Fraction(x, 8) for x in y], [Fraction(x) for x in w]
        if not up:
            yield [Fraction(x - 3) for x in y], [Fraction(x) for x in w]
    rng = np.random.default_rng(seed)
    for n in range(150):
        size = int(rng.integers(2, 5))
        scale = (16, 4, 1, 64)[n % 4]
        atoms = {
            Fraction(int(a), 16) * scale / 4
            for a in (rng.integers(1, 200, size) if up else rng.integers(-100, 100, size))
        }
        yield sorted(atoms), [Fraction(int(w)) for w in rng.integers(1, 12, len(atoms))]


def reports(lifted: Lifted, m: float, y: np.ndarray) -> np.ndarray:
    """Reports worth comparing with the functional."""
    near = m + np.concatenate([s * np.geomspace(1e-4, 1, 25) * (1 + abs(m)) for s in (1, -1)])
    span = np.concatenate([np.linspace(y.min() - 1, y.max() + 1, 81), y, near, m * np.geomspace(0.01, 100, 41)])
    return span[span > 0] if is_positive(lifted, "yhat") else span


def refuted(lifted: Lifted, functional: str, level: float | None) -> Outcome | None:
    """A law at which another report is better than the functional, or None."""
    t = Fraction(1, 2) if level is None else decimal(level)
    tried = 0
    for atoms, weights in laws(lifted):
        try:
            rows = law(atoms, weights)
            m = expectile(rows, t) if functional in ("mean", "expectile") else quantile(rows, t, Fraction(1, 10**9))
        except CertificateRejected:
            continue
        y, w = (np.array([float(r[i]) for r in rows]) for i in (0, 1))
        at = reports(lifted, float(m), y)
        risk = (w[:, None] * np.array([in_floats(lifted, at, np.full(at.shape, x)) for x in y])).sum(axis=0)
        own = float(w @ np.array([float(in_floats(lifted, [float(m)], [x])[0]) for x in y]))
        k = int(np.nanargmin(risk)) if np.isfinite(risk).any() else -1
        if k < 0 or not risk[k] < own - 1e-9 * (1 + abs(own)):
            continue
        r = Fraction(float(at[k]))
        r = next(
            (s for s in (r.limit_denominator(64), r.limit_denominator(4096)) if _better(lifted, s, y, w, own, risk[k])),
            r,
        )
        proof = {
            "rule": "elicits_witness", "functional": functional, "asked": level, "y": [q(x) for x in atoms],
            "w": [q(x) for x in weights], "report": q(r),
        }  # fmt: skip
        given = f"Y in {{{', '.join(map(q, atoms))}}} with weights {', '.join(map(q, weights))}"
        message = (
            f"For {given} the report {q(r)} has the expected loss {risk[k]:.6g}, below {own:.6g} of the {functional} "
            f"{float(m):.6g}."
        )
        witness = {"y": proof["y"], "w": proof["w"], "report": q(r), "functional": float(m)}
        if found := refute(lifted, "elicits", proof, message=message, witness=witness):
            return found
        tried += 1
        if tried >= 6:
            return None
    return None


def _better(lifted: Lifted, r: Fraction, y: np.ndarray, w: np.ndarray, own: float, best: float) -> bool:
    value = float(w @ np.array([float(in_floats(lifted, [float(r)], [x])[0]) for x in y]))
    return value < own - 0.5 * (own - best)
