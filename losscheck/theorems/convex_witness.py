"""Convexity refuted by an exact chord whose middle lies below the graph (rule ``convex_witness``)."""

from __future__ import annotations

from itertools import islice

from losscheck.certificate import q
from losscheck.engines.convexity import violations
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.verdict import Outcome


def attempt(lifted: Lifted) -> Outcome | None:
    """Refute convexity by three points, or None."""
    for chord in islice(violations(lifted), 8):
        a, b = [q(x) for x in chord.a], [q(x) for x in chord.b]
        if lifted.domain == "simplex":  # the last coordinate makes the sum exact
            from fractions import Fraction

            a, b = ([*p[:-1], str(1 - sum(map(Fraction, p[:-1])))] for p in (a, b))
        proof = {"rule": "convex_witness", "label": chord.label, "a": a, "b": b, "weight": "1/2"}
        message = (
            f"The loss{lifted.told(chord.label)} lies above the chord from ({', '.join(a)}) to "
            f"({', '.join(b)}): by {chord.gap:.3g} in the middle."
        )
        witness = {"a": a, "b": b, "label": lifted.labels[chord.label], "gap": chord.gap}
        found = refute(lifted, "convex", proof, message=message, witness=witness)
        if found:
            return found
    return None
