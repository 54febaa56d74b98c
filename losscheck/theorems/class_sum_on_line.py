"""The range of the sum of the losses of both labels, for losses of one score. Rule ``class_sum_on_line``."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import certificate, q
from losscheck.engines.binary_risk import points
from losscheck.engines.breakpoints import Hint, breakpoints
from losscheck.engines.numeric import evaluate
from losscheck.expr.constants import choices, chosen
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.symmetric_by_identity import label_sum
from losscheck.verdict import Outcome
from losscheck.verifier.balls import Undefined
from losscheck.verifier.budget import verification
from losscheck.verifier.certificate import Case, CertificateRejected
from losscheck.verifier.certificate import read as parse
from losscheck.verifier.cover import Exhausted
from losscheck.verifier.curve import Curve, curve
from losscheck.verifier.rules.class_sum_on_line import extremum, limit
from losscheck.verifier.rules.symmetric_by_identity import label_sum as summed

FAILURES = (CertificateRejected, Undefined, Exhausted, ValueError, KeyError, OverflowError, ZeroDivisionError)
CLOSE = Fraction(1, 10**8)


def attempt(lifted: Lifted) -> Outcome | None:
    """Enclose infimum and supremum, or None."""
    total, name = label_sum(lifted), lifted.variables[0]
    hints, own = breakpoints(total, name), [h for r in lifted.roots for h in breakpoints(r, name)]
    try:
        case = parse(certificate(lifted, "class_sum_bounds", "proved", {}, constants=choices(lifted.roots)[0]))
    except CertificateRejected:  # too deep or too large for the verifier
        return None
    proof: dict[str, Any] = {"rule": "class_sum_on_line", "breaks": hints, "own": own}
    with verification():
        node = summed(case)
        try:
            cut = curve(case.pool, node, name, None, None, hints)
        except FAILURES:
            return None
        for key, side in (("low", -1), ("high", 1)):
            for how in ways(lifted, total, hints, cut, side):
                if _holds(case, node, cut, how, side):
                    proof[key] = how
                    break
            else:
                return None
    found = prove(lifted, "class_sum_bounds", proof, message="")
    if found is None:
        return None
    low, high = found.value
    return found.with_(message=f"The losses of both labels add up to between {low:.9g} and {high:.9g}.")


def _holds(case: Case, node: Any, cut: Curve, how: dict[str, Any], side: int) -> bool:
    try:
        extremum(case, node, cut, how, side)
    except FAILURES:
        return False
    return True


def ways(lifted: Lifted, total: Expr, hints: list[Hint], cut: Curve, side: int) -> Iterator[dict[str, Any]]:
    """What to try for one side: infinite ends, limits at the ends, the best score found in floats."""
    name = lifted.variables[0]
    yield from ({"way": "infinite", "end": end} for end in ("low", "high"))
    (read,) = chosen([total], choices(lifted.roots)[0])
    z = points(hints)
    values = side * evaluate([read], {name: z})[0]
    values = np.where(np.isfinite(values), values, -np.inf)
    known = float(values.max())
    tries: list[tuple[str, float]] = []
    for end in ("low", "high"):
        found = limit(cut, end)
        if found is not None and not isinstance(found, int):
            tries.append((end, float(found.mid())))
    for at in dict.fromkeys(_near(read, name, float(z[int(np.argmax(values))]))):
        tries.append((q(at), float(evaluate([read], {name: np.array(float(at))})[0])))
    for place, value in tries:
        for level in _levels(value, side):
            if side * float(level) >= known - 1e-12 * max(1.0, abs(known)):
                yield {"way": "level", "level": q(level), "at": place}


def _levels(value: float, side: int) -> Iterator[Fraction]:
    """The value itself where it looks rational, and a number close to it that is not passed."""
    simple = Fraction(value).limit_denominator(1000)
    if float(simple) == value:
        yield simple
    yield Fraction(value) + side * CLOSE


def _near(total: Expr, name: str, best: float) -> Iterator[Fraction]:
    """A score of a grid, as a simple rational, and refined by Newton's steps."""
    slope = derivative(total, name)
    bend = derivative(slope, name)
    for simple in (1, 12, 1000):
        yield Fraction(best).limit_denominator(simple)
    for _ in range(30):
        at = {name: np.array(best)}
        with np.errstate(all="ignore"):
            step = evaluate([slope], at)[0] / evaluate([bend], at)[0]
        if not np.isfinite(step) or abs(float(step)) > 1:
            break
        best -= float(step)
    yield Fraction(best)
