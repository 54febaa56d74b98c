"""``Bound``: the transformation T of a loss and a hypothesis set, enclosed with certificates."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from losscheck.finding import Finding
from losscheck.hypotheses import HypothesisSet, Linear, ReLU
from losscheck.theorems.h_bound import GRID
from losscheck.theorems.h_transform import proof_of_all
from losscheck.theory_questions import TheoryQuestions
from losscheck.verdict import Verdict

SMALL = (1e-3, 2e-3)
AT_ONCE = 10
"""Regrets per question: a question that is stopped for its time takes these with it."""


class Bound:
    """``T(zero-one regret) <= surrogate regret`` for a hypothesis set, minimizability gaps included on both sides.

    Every number comes with a certificate; `certificate` covers all the regrets asked so far. The loss runs in a worker
    process with limits on time and memory, as in `losscheck.audit`.
    """

    def __init__(
        self,
        questions: TheoryQuestions,
        hypotheses: HypothesisSet,
        claim: str | None = None,
        *,
        adversarial: bool = False,
    ) -> None:
        self.questions, self.hypotheses, self.claim = questions, hypotheses, claim
        self.transformation = "adversarial_transform" if adversarial else "h_transform"
        self._found: dict[float, tuple[float, float]] = {}
        self._certificates: list[dict[str, Any]] = []

    @overload
    def bounds(self, t: float) -> tuple[float, float]: ...

    @overload
    def bounds(self, t: Sequence[float] | NDArray[Any]) -> NDArray[np.float64]: ...

    def bounds(self, t: ArrayLike) -> tuple[float, float] | NDArray[np.float64]:
        """Return a rigorous ``(low, high)`` around T(t); ``(0, inf)`` where nothing is known.

        Many t are asked together: an array of shape (n,) gives one of shape (n, 2).

        Raises
        ------
        ValueError
            When a t is not in [0, 1].
        losscheck.lifting.unsupported.Unsupported
            When the code of the loss cannot be read.
        """
        asked = regrets(t)
        todo = [x for x in dict.fromkeys(asked) if x not in self._found]
        for i in range(0, len(todo), AT_ONCE):
            self._ask(todo[i : i + AT_ONCE])
        pairs = [self._found[x] for x in asked]
        return pairs[0] if np.ndim(t) == 0 else np.array(pairs)

    def _ask(self, ts: list[float]) -> None:
        found = self.questions.ask(self.transformation, t=ts, hypotheses=str(self.hypotheses))
        bounds = [(0.0, math.inf)] * len(ts) if found.bounds is None else found.bounds
        self._found |= {t: (float(low), float(high)) for t, (low, high) in zip(ts, bounds, strict=True)}
        if found.certificate is not None:
            self._certificates.append(found.certificate)

    @overload
    def transform(self, t: float) -> float: ...

    @overload
    def transform(self, t: Sequence[float] | NDArray[Any]) -> NDArray[np.float64]: ...

    def transform(self, t: ArrayLike) -> float | NDArray[np.float64]:
        """Return the middle of the enclosure of T(t), of one t or of many."""
        pairs = np.atleast_2d(self.bounds(np.asarray(t, dtype=float)))
        middles = np.where(pairs[:, 0] == pairs[:, 1], pairs[:, 0], pairs.mean(axis=1))
        return float(middles[0]) if np.ndim(t) == 0 else middles

    @overload
    def estimate(self, t: float) -> float: ...

    @overload
    def estimate(self, t: Sequence[float] | NDArray[Any]) -> NDArray[np.float64]: ...

    def estimate(self, t: ArrayLike) -> float | NDArray[np.float64]:
        """Return T(t) as a search in floats finds it, of one t or of many: quick, without a certificate.

        All t are searched at once; `bounds` encloses T instead. nan where no search fits: more than five classes of a
        loss that is no function of softmax, or worst cases over balls.

        >>> import losscheck, numpy as np
        >>> losscheck.h_consistency(lambda v: np.exp(-v), kind="margin").estimate([0.6, 0.8]).round(6).tolist()
        [0.2, 0.4]
        """
        asked = regrets(t)
        known = None
        if self.transformation == "h_transform":
            found = self.questions.ask("h_transform", t=asked, hypotheses=str(self.hypotheses), certified=False)
            known = found.value
        values = np.full(len(asked), np.nan) if known is None else np.array(known, float)
        return float(values[0]) if np.ndim(t) == 0 else values

    @property
    def certificate(self) -> dict[str, Any] | None:
        """One certificate of the enclosures at every t asked so far, or None where there is none."""
        if not self._found:
            self.bounds(0.5)
        if self.transformation == "h_transform" or len(self._certificates) < 2:
            return joined_certificate(self._certificates)
        ts = sorted({t for made in self._certificates for t in made["claim"]["params"]["t"]})
        return self.questions.ask(self.transformation, t=ts, hypotheses=str(self.hypotheses)).certificate

    @cached_property
    def _hull(self) -> tuple[list[float], list[float]]:
        """The lower convex hull of T on a grid."""
        values = self.transform(GRID)
        points = [(0.0, 0.0)] + [(t, float(y)) for t, y in zip(GRID, values, strict=True) if math.isfinite(y)]
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


def regrets(t: ArrayLike) -> list[float]:
    """The zero-one regrets asked for.

    Raises
    ------
    ValueError
        When one of them is not in [0, 1].
    """
    asked = [float(x) for x in np.atleast_1d(np.asarray(t, dtype=float))]
    for x in asked:
        if not 0 <= x <= 1:
            raise ValueError(f"t={x!r} is no zero-one regret; give a number between 0 and 1")
    return asked


def joined_certificate(certificates: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """One certificate for the regrets of several, checked; None where no choice of constants serves all."""
    from losscheck.verifier import CertificateRejected, verify
    from losscheck.verifier.budget import verification
    from losscheck.verifier.certificate import read
    from losscheck.verifier.verify import Checker

    if len(certificates) < 2:
        return certificates[0] if certificates else None
    ts = sorted({t for made in certificates for t in made["claim"]["params"]["t"]})
    proof = proof_of_all(certificates, ts)
    for made in certificates:
        whole = {**made, "proof": proof}
        try:
            with verification():
                case = read(whole)
                fact = Checker(case).fact(case.proof)
            whole["claim"] = {**made["claim"], "params": fact.params, "value": fact.value, "bounds": fact.bounds}
            verify(whole)
        except CertificateRejected:
            continue
        return whole
    return None
