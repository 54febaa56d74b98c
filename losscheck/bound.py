"""``Bound``: what the transformation T of a loss and a hypothesis set says about the zero-one regret."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from losscheck.enclosed_transform import EnclosedTransform
from losscheck.finding import Finding
from losscheck.hypotheses import HypothesisSet, Linear, ReLU
from losscheck.lower_hull import lower_hull
from losscheck.theorems.h_bound import GRID
from losscheck.theory_questions import TheoryQuestions
from losscheck.verdict import Verdict

SMALL = (1e-3, 2e-3)


class Bound(EnclosedTransform):
    """``T(zero-one regret) <= surrogate regret`` for a hypothesis set, minimizability gaps included on both sides."""

    def __init__(
        self,
        questions: TheoryQuestions,
        hypotheses: HypothesisSet,
        claim: str | None = None,
        *,
        adversarial: bool = False,
    ) -> None:
        super().__init__(questions, hypotheses, adversarial=adversarial)
        self.claim = claim

    @cached_property
    def _hull(self) -> tuple[list[float], list[float]]:
        """The lower convex hull of T on a grid."""
        values = self.transform(GRID)
        points = [(0.0, 0.0)] + [(t, float(y)) for t, y in zip(GRID, values, strict=True) if math.isfinite(y)]
        hull = lower_hull(points)
        return [p[0] for p in hull], [p[1] for p in hull]

    def gamma(self, u: float) -> float:
        """Return about the largest zero-one regret that a surrogate regret u allows: the inverse of T's biconjugate.

        Read off the convex hull of T on a grid of steps 0.05 and bisected between its points, so an estimate.
        """
        if math.isinf(self.bounds(1.0)[0]) and math.isinf(self.bounds(SMALL[0])[0]):
            return 0.0
        ts, values = self._hull
        above = [i for i, y in enumerate(values) if y > u]
        if not above:
            return 1.0
        i = above[0]
        low, high = ts[i - 1], ts[i]
        if high - low > 0.051:  # a chord of the hull
            return low + (high - low) * (u - values[i - 1]) / (values[i] - values[i - 1])
        for _ in range(3):  # eight cuts at once
            grid = np.linspace(low, high, 9)
            last = int(np.flatnonzero(self.transform(grid[1:-1]) <= u).max(initial=-1)) + 1
            low, high = float(grid[last]), float(grid[last + 1])
        return low

    def gamma_bounds(self, u: float) -> tuple[float, float]:
        """Return a rigorous ``(low, high)`` around Gamma(u); high is 1 where T is not shown to be convex.

        Raises
        ------
        ValueError
            When u is negative or not finite, or for worst cases over balls.
        """
        if not 0 <= u < math.inf or self.transformation != "h_transform":
            raise ValueError(
                f"u={u!r} is no surrogate regret (a number >= 0), or the losses are worst cases over balls"
            )
        found = self.questions.ask("h_gamma", u=float(u), hypotheses=str(self.hypotheses))
        low, high = (0.0, 1.0) if found.bounds is None else found.bounds
        return float(low), float(high)

    @cached_property
    def convexity(self) -> Finding | None:
        """The finding about whether T is convex, with its certificate; None for worst cases over balls."""
        if self.transformation != "h_transform":
            return None
        return self.questions.ask("transform_convex", hypotheses=str(self.hypotheses))

    @cached_property
    def tight(self) -> bool | None:
        """Whether T is convex: then T, and not only its biconjugate, is a bound, the best one.

        True and False are certified where `convexity` is proved or refuted. Otherwise True says that no three
        enclosures on a grid of steps 0.05 contradict convexity. None where T is not known.
        """
        if self.convexity is not None and self.convexity.verdict in (Verdict.PROVED, Verdict.REFUTED):
            return self.convexity.verdict is Verdict.PROVED
        pairs = np.vstack([[0.0, 0.0], self.bounds(GRID)])
        if not np.isfinite(pairs).all():
            return None
        ts, low, high = np.array([0.0, *GRID]), pairs[:, 0], pairs[:, 1]
        for i in range(1, len(ts) - 1):
            left, right = np.meshgrid(np.arange(i), np.arange(i + 1, len(ts)), indexing="ij")
            share = (ts[i] - ts[left]) / (ts[right] - ts[left])
            if (low[i] > (1 - share) * high[left] + share * high[right]).any():
                return False
        return True

    @cached_property
    def closed_form(self) -> str | None:
        """T as a formula of t, such as ``t**2 if t <= 1/2 else t - 1/4``, proved by exact algebra; None without one.

        >>> import losscheck
        >>> losscheck.h_consistency(lambda v: (1 - v) ** 2, kind="margin").closed_form
        't**2'
        """
        found = self._formula
        return None if found is None else str(found.value)

    @cached_property
    def _formula(self) -> Finding | None:
        """The finding about the formula."""
        if self.transformation != "h_transform":
            return None
        found = self.questions.ask("transform_formula", hypotheses=str(self.hypotheses))
        return found if found.verdict is Verdict.PROVED else None

    @cached_property
    def growth_rate(self) -> float | None:
        """The exponent of T at 0, ``T(t) ~ c t^rate``; None where T is 0 or unknown.

        Proved where the property `growth_rate` decides it, else estimated at two small regrets.
        """
        if self.transformation == "h_transform":
            found = self.questions.ask("growth_rate", hypotheses=str(self.hypotheses))
            if found.verdict is Verdict.PROVED:
                return float(found.value)
        first, second = (self.bounds(t) for t in SMALL)
        if first[0] <= 0 or not math.isfinite(first[1] + second[1]):
            return None
        return round(math.log2(sum(second) / sum(first)), 2)

    def minimizability_gap(self, distribution: Mapping[str, Any]) -> tuple[float, float]:
        """Return rigorous bounds of the minimizability gap of the surrogate for a law of finite support.

        Parameters
        ----------
        distribution
            ``{"x": points, "px": their weights, "p": rows of conditional probabilities}``, shapes (n, d), (n,), (n, K);
            the columns of p in the order of the labels (of a margin loss: negative, positive).

        Raises
        ------
        ValueError
            When an entry is missing, or for hypothesis sets whose gap is not covered: all but ``Linear(inf, inf)`` and
            the sets that choose their scores at every point alone.
        """
        if missing := {"x", "px", "p"} - distribution.keys():
            raise ValueError(f"the distribution has no {', '.join(sorted(missing))}; give x, px and p")
        if isinstance(self.hypotheses, Linear | ReLU) and not self.hypotheses.unbounded:
            raise ValueError(f"gaps of {self.hypotheses} are not covered; give All(), Bounded(L) or Linear(inf, inf)")
        given = {name: np.asarray(distribution[name], dtype=float).tolist() for name in ("x", "px", "p")}
        found = self.questions.ask("minimizability_gap", **given, hypotheses=str(self.hypotheses))
        low, high = (0.0, math.inf) if found.bounds is None else found.bounds
        return float(low), float(high)

    @cached_property
    def claimed(self) -> Finding | None:
        """The finding about the claim, with its certificate and witness; None without a claim."""
        if self.claim is None:
            return None
        return self.questions.ask("h_bound", gamma=self.claim, hypotheses=str(self.hypotheses))

    @property
    def witness(self) -> dict[str, Any] | None:
        """Where the claim fails: a distribution p, its zero-one regret and a bound of its surrogate regret."""
        return None if self.claimed is None else self.claimed.witness

    @property
    def verdict(self) -> Verdict | None:
        """Whether ``zero-one regret <= claim(surrogate regret)``: refuted, supported or undecided; None without one."""
        return None if self.claimed is None else self.claimed.verdict

    def __repr__(self) -> str:
        return f"Bound({self.questions.kind}, {self.hypotheses})"
