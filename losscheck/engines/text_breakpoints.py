"""Where a formula of the verifier's language switches on an interval: hints for certificates, found in floats."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from losscheck.certificate import q
from losscheck.engines.breakpoints import Hint, around
from losscheck.verifier.balls import Enclosure, Undefined, point
from losscheck.verifier.curve import switch_arguments
from losscheck.verifier.terms import Node, Pool


def text_breakpoints(pool: Pool, root: Node, name: str, grid: Sequence[float]) -> list[Hint]:
    """Hints between neighbouring points of the grid where the argument of a switch changes its sign."""
    found: dict[str, Hint] = {}

    def value(n: Node, x: float) -> float:
        try:
            low, high = Enclosure({name: point(Fraction(x))})(n)
            return (float(low) + float(high)) / 2
        except (Undefined, OverflowError):
            return float("nan")

    for switch in switch_arguments(pool, root):
        values = [value(switch, x) for x in grid]
        for a, b, va, vb in zip(grid, grid[1:], values, values[1:], strict=False):
            if not va * vb < 0:
                if vb == 0:
                    found[q(Fraction(b))] = q(Fraction(b))
                continue
            for _ in range(60):
                m = (a + b) / 2
                if va * value(switch, m) > 0:
                    a = m
                else:
                    b = m
            guess = Fraction(b).limit_denominator(1000)
            exact = abs(value(switch, float(guess))) < 1e-15
            found[f"{b:.9e}"] = q(guess) if exact else around(b)
    return list(found.values())
