"""The Bayes act of a finite law under a regression loss: the only minimiser of ``R(a) = sum_i w_i l(a, y_i)``.

Lemma. Let R be continuous on its interval, and ``A <= low <= high <= B`` such that R is above ``R(point)`` on every
piece and at every cut outside [A, B], R' < 0 on the pieces in (A, low) and R' > 0 on those in (high, B). Then all
minimisers lie in [low, high]; for low = high there is exactly one. Where low < high, R'' > 0 on the pieces between
them, with no decreasing slope at a cut, shows that there is one. A and B may be left out (the ends of the domain).
Atoms and weights are read as their decimals say; a common factor of the weights changes nothing.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import curve
from losscheck.verifier.defined import exactly
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.law import decimal, law
from losscheck.verifier.numbers import enclosed
from losscheck.verifier.points import positives, rational_point
from losscheck.verifier.verify import Checker, Fact
from losscheck.verifier.weighted import weighted

KINDS = ("regression",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the pieces of the expected loss."""
    pool, (root,) = case.pool, case.roots
    params = {"y": proof["y"], "w": proof["w"]}
    rows = law([decimal(y) for y in proof["y"]], [decimal(w) for w in proof["w"]])
    low, high, least = (rational(proof[name]) for name in ("low", "high", "point"))
    left, right = (None if proof.get(name) is None else rational(proof[name]) for name in ("left", "right"))
    expect((left is None or left <= low) and low <= high and (right is None or high <= right), "the ends are crossed")
    parts = []
    for y, w in rows:
        for report in (low, least):
            exactly(pool, root, rational_point(case, [str(report), str(y)]))
        parts.append((w, pool.substitute(root, {pool.var("y"): pool.const(y)})))
    end = Fraction(0) if positives(case)["yhat"] else None
    risk = weighted(case, parts, lambda n: interval_sign(pool, n, "yhat", end, None))
    marks = {str(c) for c in (left, low, high, right) if c is not None}
    c = curve(pool, risk, "yhat", end, None, [*proof["breaks"], *sorted(marks)])
    above = pool.scale(-1, exactly(pool, risk, {"yhat": least}))

    def far(a: Fraction | None, b: Fraction | None) -> bool:
        below = left is not None and b is not None and b <= left
        return below or (right is not None and a is not None and a >= right)

    for i, piece in enumerate(c.pieces):
        a, b = piece.a, piece.b
        if far(a, b):
            expect(c.on(pool.add(piece.node, above), i) == "+", f"a far piece {i} is not shown to be worse")
        elif b is not None and b <= low:
            expect(c.on(c.derivative(i), i) == "-", f"the expected loss is not shown to fall on piece {i}")
        elif a is not None and a >= high:
            expect(c.on(c.derivative(i), i) == "+", f"the expected loss is not shown to rise on piece {i}")
        else:
            expect(a is not None and low <= a and b is not None and b <= high, "a piece reaches across the bounds")
            expect(c.on(c.derivative(i, 2), i) == "+", "the expected loss is not shown to be convex between the bounds")
    for i, spot in enumerate(c.cuts):
        expect(c.step(i) == ("0", "0"), f"the expected loss is not shown to be continuous at cut {i}")
        if low < spot.low and spot.high < high:
            expect(c.bend(i) in "+p0", f"the expected loss is not shown to be convex at cut {i}")
        if far(spot.low, spot.high) and not (spot.low == spot.high and spot.low in (left, right)):
            expect(c.sign(pool.add(c.values[i], above), i) == "+", f"a far cut {i} is not shown to be worse")
    value, bounds = enclosed(low, high)
    return Fact("bayes_act", params=params, value=value, bounds=bounds)
