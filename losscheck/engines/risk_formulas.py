"""Formulas of where a conditional risk is least, and of T, by SymPy: proposals for certificates.

The risk is ``(1 + t)/2 f(x) + (1 - t)/2 f(-x)`` on [0, A]. Where it is least is found in floats at many t; runs of t
with the same place (an end, a breakpoint, the inside of one piece) become pieces of the formula.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any

import numpy as np

from losscheck.engines.branch_at import branch_at
from losscheck.engines.breakpoints import Hint
from losscheck.engines.one_score import minimisers
from losscheck.engines.slope_zeros import slope_zeros, tidy, written
from losscheck.expr.build import neg, substitute, var
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr
from losscheck.expr.sympy_reading import to_sympy

TS = tuple(Fraction(2 * i + 1, 96) for i in range(48))
NEAR = 1e-6


@dataclass(frozen=True)
class Run:
    """From the t numbered ``first`` to ``last`` the risk is least at the number ``at``, or inside if that is None."""

    at: Fraction | None
    first: int
    last: int
    around: float

    @property
    def middle(self) -> int:
        """The number of the t at which the place is ``around``."""
        return (self.first + self.last) // 2


class RiskFormulas:
    """Proposals for one loss f, right at x and wrong at -x."""

    def __init__(self, f: Expr, cap: Fraction | None, hints: Sequence[Hint]) -> None:
        import sympy

        self.f, self.cap = f, cap
        self.t, self.x = sympy.Symbol("t", positive=True), sympy.Symbol("x", real=True)
        exact = {abs(Fraction(h)) for h in hints if isinstance(h, str)}
        self.breaks = sorted(b for b in {Fraction(0), *exact} if cap is None or b < cap)
        self.hints = hints

    def side(self, at: float) -> Any:
        """The branch of f around a point, as SymPy reads it."""
        return self._read(branch_at(self.f, "x", at))

    def slope(self, at: float) -> Any:
        """The derivative of that branch."""
        return self._read(derivative(branch_at(self.f, "x", at), "x"))

    def _read(self, root: Expr) -> Any:
        found = to_sympy(root)
        return found.subs({s: self.x for s in found.free_symbols})

    def runs(self) -> list[Run]:
        """Where the risk is least, from small t to large."""
        g = substitute([self.f], {var("x"): neg(var("x"))})[0]
        found = minimisers(self.f, g, "x", [(1 + t) / 2 for t in TS], self.cap, list(self.hints))
        places = [float(x) for x in found]
        marks = [*self.breaks, *([] if self.cap is None else [self.cap])]

        def place(i: int) -> tuple[Fraction | None, int]:
            near = [m for m in marks if abs(places[i] - float(m)) <= NEAR * max(1.0, float(m))]
            return (near[0] if near else None), int(np.searchsorted([float(m) for m in marks], places[i]))

        made = []
        for (at, _), numbers in groupby(range(len(TS)), key=place):
            run = list(numbers)
            made.append(Run(at, run[0], run[-1], places[(run[0] + run[-1]) // 2]))
        inner = [r.first != r.last or r.at is None or i in (0, len(made) - 1) for i, r in enumerate(made)]
        return [r for r, keep in zip(made, inner, strict=True) if keep]

    def crossing(self, a: Run, b: Run) -> Any:
        """The t between two runs at which the slope of the risk vanishes at the place they share."""
        if b.at is not None:
            at, below = b.at, True
        elif a.at is not None:
            at, below = a.at, False
        else:
            at, below = next(m for m in self.breaks if a.around < m < b.around), True
        step = NEAR * max(1.0, float(at)) * (-1 if below else 1)
        own, other = (self.slope(s * (float(at) + step)).subs(self.x, s * at) for s in (1, -1))
        return tidy((other - own) / (other + own), self.t)

    def least(self, run: Run) -> list[tuple[str, Any, Any]]:
        """``(text of the place, its formula, the risk there)``, several where the equation has several solutions."""
        import sympy

        t, x = self.t, self.x
        if run.at is not None:
            at = sympy.Rational(run.at.numerator, run.at.denominator)
            step = NEAR * max(1.0, float(at)) * (1 if run.at == 0 else -1)
            own, other = (self.side(s * (float(at) + step)).subs(x, s * at) for s in (1, -1))
            return [(str(run.at), at, (1 + t) / 2 * own + (1 - t) / 2 * other)]
        own, other = self.side(run.around), self.side(-run.around)
        slopes = self.slope(run.around), self.slope(-run.around).subs(x, -x)
        middle = float(TS[run.middle])
        found = []
        for place in slope_zeros(*slopes, x, t):
            value = complex(place.subs(t, middle).evalf())
            if abs(value - run.around) < 1e-4 * max(1.0, abs(run.around)):
                risk = (1 + t) / 2 * own.subs(x, place) + (1 - t) / 2 * other.subs(x, -place)
                found.append((written(tidy(place, t)), place, risk))
        return found[:1]

    def proposals(self) -> Iterator[tuple[str, list[Any]]]:
        """``(formula of T, places)``, simplified and not."""
        runs = self.runs()
        if not 0 < len(runs) <= 6:
            return
        parts = [self.least(run) for run in runs]
        if not all(parts):
            return
        start = self.side(NEAR).subs(self.x, 0)
        ends = [written(self.crossing(a, b)) for a, b in pairwise(runs)]
        for simplify in (tidy, lambda e, _: e):
            formulas = [written(simplify(start - part[0][2], self.t)) for part in parts]
            text = " else ".join([f"{f} if t <= {c}" for f, c in zip(formulas, ends, strict=False)] + [formulas[-1]])
            yield text, [part[0] for part in parts]
