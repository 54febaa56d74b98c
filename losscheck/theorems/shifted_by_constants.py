"""Losses with a constant added for each class: what is shown without the constants holds with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from losscheck.certificate import q
from losscheck.engines.risk import Risk
from losscheck.expr.build import const, sub
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.verdict import Outcome, Verdict


def constants(lifted: Lifted) -> list[Fraction] | None:
    """What the classes' losses at z = 0 exceed that of class 0 by, when these are simple rationals and not all 0."""
    import numpy as np

    values = Risk(lifted).losses(np.zeros(len(lifted.variables)))
    if not np.all(np.isfinite(values)):
        return None
    found = [Fraction(float(x - values[0])).limit_denominator(1000) for x in values]
    close = all(abs(float(c) - float(x - values[0])) < 1e-12 for c, x in zip(found, values, strict=True))
    return found if close and any(found) else None


def shifted_by_constants(lifted: Lifted, decide: Callable[[Lifted], Outcome]) -> Outcome | None:
    """Decide the loss without its constants and carry the answer over, or return None."""
    shifts = constants(lifted)
    if shifts is None:
        return None
    roots = tuple(sub(n, const(c)) for n, c in zip(lifted.roots, shifts, strict=True))
    inner = decide(replace(lifted, roots=roots))
    if inner.certificate is None:
        return None
    proof = {
        "rule": "shifted_by_constants", "constants": [q(c) for c in shifts], "premise": inner.certificate["proof"],
    }  # fmt: skip
    name = inner.certificate["claim"]["property"]
    added = ", ".join(map(str, shifts))
    message = f"{inner.message} (Of the loss without the constants {added} of its classes, which change no minimiser.)"
    if inner.verdict is Verdict.PROVED:
        return prove(lifted, name, proof, message=message)
    return refute(lifted, name, proof, message=message, witness=inner.witness)
