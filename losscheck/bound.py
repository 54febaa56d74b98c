"""``Bound``: the transformation T of a loss and a hypothesis set, enclosed with certificates."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from losscheck.hypotheses import HypothesisSet
from losscheck.lifting.lifted import Lifted
from losscheck.theorems.h_transform import h_transform, joined
from losscheck.verdict import Outcome, Verdict

GRID = tuple(round(0.05 * i, 2) for i in range(1, 21))
SMALL = (1e-3, 2e-3)


class Bound:
    """``T(zero-one regret) <= surrogate regret`` for a hypothesis set, minimizability gaps included on both sides.

    Every number comes with a certificate; `certificate` covers all the regrets asked so far.
    """

    def __init__(
        self, lifted: Lifted, hypotheses: HypothesisSet, claim: str | Callable[[float], float] | None = None
    ) -> None:
        self.lifted, self.hypotheses, self.claim = lifted, hypotheses, claim
        self._found: dict[float, tuple[float, float]] = {}
        self._outcomes: dict[float, Outcome] = {}
        self._covering: tuple[tuple[float, ...], Outcome | None] = (), None

    def bounds(self, t: float) -> tuple[float, float]:
        """Return a rigorous ``(low, high)`` around T(t); ``(0, inf)`` where nothing is known.

        Raises
        ------
        ValueError
            When t is not in [0, 1].
        """
        t = float(t)
        if not 0 <= t <= 1:
            raise ValueError(f"t={t!r} is no zero-one regret; give a number between 0 and 1")
        if t not in self._found:
            with np.errstate(all="ignore"):
                found = h_transform(self.lifted, str(self.hypotheses), [t])
            if found is not None:
                self._outcomes[t] = found
            low, high = (0.0, math.inf) if found is None else found.bounds[0]
            self._found[t] = float(low), float(high)
        return self._found[t]

    def transform(self, t: float) -> float:
        """Return the middle of the enclosure of T(t)."""
        low, high = self.bounds(t)
        return low if low == high else (low + high) / 2

    @property
    def certificate(self) -> dict[str, Any] | None:
        """The certificate of the enclosures at every t asked so far, or None where there is none."""
        if not self._found:
            self.bounds(0.5)
        ts = tuple(sorted(self._outcomes))
        if self._covering[0] != ts:
            self._covering = ts, joined(self.lifted, (self._outcomes[t] for t in ts))
        found = self._covering[1]
        return None if found is None else found.certificate

    @cached_property
    def _hull(self) -> tuple[list[float], list[float]]:
        """The lower convex hull of T on a grid."""
        points = [(0.0, 0.0)] + [(t, y) for t in GRID if math.isfinite(y := self.transform(t))]
        hull: list[tuple[float, float]] = []
        for x, y in points:
            while len(hull) > 1:
                (a, fa), (b, fb) = hull[-2:]
                if (fb - fa) * (x - a) < (y - fa) * (b - a):
                    break
                hull.pop()
            hull.append((x, y))
        return [p[0] for p in hull], [p[1] for p in hull]

    def gamma(self, u: float) -> float:
        """Return about the largest zero-one regret that a surrogate regret u allows: the inverse of T's biconjugate.

        Read off the convex hull of T on a grid of steps 0.05 and bisected between its points, so an estimate.
        """
        ts, values = self._hull
        above = [i for i, y in enumerate(values) if y > u]
        if not above:
            return 1.0
        i = above[0]
        low, high = ts[i - 1], ts[i]
        if high - low > 0.051:  # a chord of the hull
            return low + (high - low) * (u - values[i - 1]) / (values[i] - values[i - 1])
        for _ in range(20):
            middle = (low + high) / 2
            low, high = (middle, high) if self.transform(middle) <= u else (low, middle)
        return low

    @property
    def growth_rate(self) -> float | None:
        """The exponent of T at 0, ``T(t) ~ c t^rate``, estimated at two small regrets; None where T is 0 or unknown."""
        first, second = (self.bounds(t) for t in SMALL)
        if first[0] <= 0 or not math.isfinite(first[1] + second[1]):
            return None
        rate = math.log2(sum(second) / sum(first))
        return round(rate, 2)

    def _gamma(self) -> Callable[[float], float]:
        if callable(self.claim):
            return self.claim
        from sympy import lambdify, sympify

        return lambdify("t", sympify(str(self.claim)), "math")  # type: ignore[no-any-return]

    @cached_property
    def witness(self) -> float | None:
        """A regret t at which the claim fails: ``Gamma(T(t)) < t``, by the upper end of the enclosure of T(t)."""
        if self.claim is None:
            return None
        gamma = self._gamma()
        for t in GRID:
            high = self.bounds(t)[1]
            if math.isfinite(high) and gamma(high) < t * (1 - 1e-12):
                return t
        return None

    @property
    def verdict(self) -> Verdict | None:
        """Whether ``zero-one regret <= claim(surrogate regret)``: refuted by a certified T(t), or supported on a grid.

        The claim is taken to be non-decreasing. None without a claim.
        """
        if self.claim is None:
            return None
        if self.witness is not None:
            return Verdict.REFUTED
        gamma = self._gamma()
        known = all(gamma(self.bounds(t)[0]) >= t * (1 - 1e-6) for t in GRID)
        return Verdict.SUPPORTED if known else Verdict.UNDECIDED

    def __repr__(self) -> str:
        return f"Bound({self.lifted.kind}, {self.hypotheses})"
