"""Laws at which a regression loss prefers another report to a functional (rule ``elicits_witness``)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from losscheck.certificate import q
from losscheck.engines.numeric import evaluate
from losscheck.expr.constants import choices, chosen
from losscheck.expr.derivative import derivative
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.theorems.regression_profile import in_floats, is_count, is_positive, of_domain
from losscheck.verdict import Outcome
from losscheck.verifier.certificate import CertificateRejected
from losscheck.verifier.law import decimal, expectile, law, quantile

Law = tuple[list[Fraction], list[Fraction]]
SIMPLE = [((1, 2), (1, 2)), ((1, 2, 4), (1, 1, 1)), ((1, 2, 10), (3, 1, 1)), ((1, 5, 6), (1, 1, 3)), ((3, 4), (9, 1)),
          ((2,), (1,))]  # fmt: skip
ATTEMPTS = 8


def laws(lifted: Lifted, seed: int = 0) -> Iterator[Law]:
    """Small laws on the domain, simple ones first, then seeded random ones over several scales."""
    yield from (found for found in _laws(lifted, seed) if all(of_domain(lifted, y) for y in found[0]))


def _laws(lifted: Lifted, seed: int) -> Iterator[Law]:
    if is_count(lifted):
        yield from (([Fraction(y - 1) for y in ys], [Fraction(w) for w in ws]) for ys, ws in SIMPLE)
    up = is_positive(lifted, "y")
    for y, w in SIMPLE:
        yield [Fraction(x) for x in y], [Fraction(x) for x in w]
        yield [Fraction(x, 8) for x in y], [Fraction(x) for x in w]
        if not up:
            yield [Fraction(x - 3) for x in y], [Fraction(x) for x in w]
    rng = np.random.default_rng(seed)
    for n in range(150):
        draws = rng.integers(1 if up else -100, 200 if up else 100, int(rng.integers(2, 5)))
        atoms = sorted({Fraction(int(a), 16) * (4, 1, 16, 64)[n % 4] / 4 for a in draws})
        yield atoms, [Fraction(int(w)) for w in rng.integers(1, 12, len(atoms))]


def near_level(t: Fraction) -> Iterator[Law]:
    """Laws whose quantile of level t is barely one of their two atoms: they tell levels apart."""
    for k in (2, 3, 4, 5, 6, 7):
        for gap in (Fraction(1, 10**k), Fraction(-1, 10**k)):
            if 0 < t + gap < 1:
                yield [Fraction(1), Fraction(2)], [t + gap, 1 - t - gap]


def reports(lifted: Lifted, m: float, y: np.ndarray) -> np.ndarray:
    """Reports worth comparing with the functional."""
    steps = np.concatenate([np.geomspace(1e-4, 1, 25) * (1 + abs(m)), [10.0, 100.0, 1000.0]])
    parts = [np.linspace(y.min() - 1, y.max() + 1, 81), y, m + steps, m - steps, m * np.geomspace(0.01, 100, 41)]
    span = np.concatenate(parts)
    return span[span > 0] if is_positive(lifted, "yhat") else span


def expected(lifted: Lifted, rows: list[tuple[Fraction, Fraction]], at: np.ndarray) -> np.ndarray:
    """Expected losses of reports."""
    y, w = (np.array([float(r[i]) for r in rows]) for i in (0, 1))
    values = in_floats(lifted, np.repeat(at[None, :], len(y), 0), np.repeat(y[:, None], len(at), 1))
    return np.asarray(w @ values)


def downhill(lifted: Lifted, rows: list[tuple[Fraction, Fraction]], m: Fraction) -> Fraction | None:
    """A report a Newton step away from m, where the slope of the expected loss at m is not 0."""
    roots = chosen(lifted.roots, choices(lifted.roots)[0])
    first = derivative(roots[0], "yhat")
    y, w = (np.array([float(r[i]) for r in rows]) for i in (0, 1))
    slope, bend = evaluate([first, derivative(first, "yhat")], {"yhat": np.full(y.shape, float(m)), "y": y})
    d, c = float(w @ slope), float(w @ bend)
    if not (np.isfinite(d) and np.isfinite(c)) or abs(d) <= 1e-11 * float(w @ np.abs(slope)):
        return None
    step = d / c if c > 0 else np.sign(d) * 1e-6
    r = m - Fraction(float(step)).limit_denominator(10**12)
    return r if r > 0 or not is_positive(lifted, "yhat") else None


def simpler(r: float, value: float, own: float, lifted: Lifted, rows: list[tuple[Fraction, Fraction]]) -> Fraction:
    """The simplest report near r that keeps half of its advantage."""
    for d in (8, 64, 4096):
        s = Fraction(r).limit_denominator(d)
        if expected(lifted, rows, np.array([float(s)]))[0] < own - 0.5 * (own - value):
            return s
    return Fraction(r)


def candidates(lifted: Lifted, functional: str, t: Fraction) -> Iterator[tuple[Law, Fraction, Fraction]]:
    """``(law, functional, better report)``, as floats have it."""
    smooth = functional in ("mean", "expectile")
    for atoms, weights in [*(() if smooth else near_level(t)), *laws(lifted)]:
        try:
            rows = law(atoms, weights)
            m = expectile(rows, t) if smooth else quantile(rows, t, Fraction(1, 10**9))
        except CertificateRejected:
            continue
        at = reports(lifted, float(m), np.array([float(y) for y, _ in rows]))
        values, own = expected(lifted, rows, at), float(expected(lifted, rows, np.array([float(m)]))[0])
        values = np.where(np.isfinite(values), values, np.inf)
        k = int(np.argmin(values))
        if values[k] < own - 1e-9 * (1 + abs(own)):
            yield (atoms, weights), m, simpler(float(at[k]), float(values[k]), own, lifted, rows)
        elif smooth and (r := downhill(lifted, rows, m)) is not None:
            yield (atoms, weights), m, r


def attempt(lifted: Lifted, functional: str, level: float | None) -> Outcome | None:
    """A law at which another report is better than the functional, or None."""
    t = Fraction(1, 2) if level is None else decimal(level)
    for tried, ((atoms, weights), m, report) in enumerate(candidates(lifted, functional, t)):
        if tried == ATTEMPTS:
            break
        proof = {
            "rule": "elicits_witness", "functional": functional, "asked": level, "y": [q(x) for x in atoms],
            "w": [q(x) for x in weights], "report": q(report),
        }  # fmt: skip
        given = f"Y in {{{', '.join(map(q, atoms))}}} with weights {', '.join(map(q, weights))}"
        message = (
            f"For {given} the report {q(report)} has a smaller expected loss than the {functional} {float(m):.6g}."
        )
        witness = {"y": proof["y"], "w": proof["w"], "report": q(report), "functional": float(m)}
        if found := refute(lifted, "elicits", proof, message=message, witness=witness):
            return found
    return None
