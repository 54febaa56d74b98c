"""Convexity of a loss of one variable refuted next to a breakpoint: a jump, a value of its own, a concave kink."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from losscheck.certificate import q
from losscheck.engines.breakpoints import breakpoints
from losscheck.engines.numeric import evaluate
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.verdict import Outcome

STEPS = [Fraction(1), Fraction(1, 2**7), Fraction(1, 2**14), Fraction(1, 2**24)]


def chords(c: Fraction, gap: Fraction) -> Iterator[tuple[Fraction, Fraction, Fraction]]:
    """Three points ``a < m < b`` with the middle at, just before or just after the breakpoint."""
    for m in (c, c - 2 * gap, c + 2 * gap) if gap else (c, c - Fraction(1, 2**30), c + Fraction(1, 2**30)):
        for left in STEPS:
            for right in STEPS:
                if left > 4 * gap and right > 4 * gap:
                    yield m - left, m, m + right


def attempt(lifted: Lifted) -> Outcome | None:
    """Three points around a breakpoint that violate convexity, or None."""
    name = lifted.variables[0]
    for label, root in enumerate(lifted.roots):
        for hint in breakpoints(root, name, lifted.domain, balls=True):
            low, high = (Fraction(h) for h in ((hint, hint) if isinstance(hint, str) else hint))
            rows = list(chords((low + high) / 2, (high - low) / 2))
            least, most = -np.inf if lifted.domain == "real" else 0, 1 if lifted.domain == "unit" else np.inf
            rows = [r for r in rows if least < r[0] and r[2] < most]
            if not rows:
                continue
            x = np.array([[float(p) for p in r] for r in rows])
            y = evaluate([root], {name: x})[0]
            weight = (x[:, 2] - x[:, 1]) / (x[:, 2] - x[:, 0])
            excess = y[:, 1] - weight * y[:, 0] - (1 - weight) * y[:, 2]
            size = 1e-13 * (1 + np.abs(y).max(axis=1))
            ratio = np.where(np.isfinite(excess), excess / size, 0)
            for k in np.argsort(-ratio)[:2]:
                if ratio[k] <= 1:
                    break
                a, m, b = rows[int(k)]
                proof = {
                    "rule": "convex_witness", "label": label, "a": [q(a)], "b": [q(b)], "weight": q((m - a) / (b - a)),
                }  # fmt: skip
                message = (
                    f"The loss{lifted.told(label)} at {name} = {float(m):.9g} lies {excess[k]:.3g} above "
                    f"the chord from {float(a):.9g} to {float(b):.9g}."
                )
                witness = {"a": [q(a)], "b": [q(b)], "label": lifted.labels[label], "gap": float(excess[k])}
                found = refute(lifted, "convex", proof, message=message, witness=witness)
                if found:
                    return found
    return None
