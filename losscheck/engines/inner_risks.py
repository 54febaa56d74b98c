"""Least conditional risks of many distributions at once, with the data that certificates need, in floats."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from losscheck.certificate import q
from losscheck.engines.swaps import Band, Swaps
from losscheck.engines.water_filling import WaterFilling
from losscheck.verifier.regret_cells import Rest, distribution

Array = NDArray[np.float64]
UNIT = 2**40
COARSE = 6


class Inner(Protocol):
    """What branch and bound asks of a loss."""

    width: float
    """How close the bounds are brought."""

    def wrong(self, p: Array) -> tuple[Array, Array]:
        """Least risks over the scores that predict class 1, and minimisers."""

    def right(self, p: Array) -> tuple[Array, Array]:
        """Least risks over all scores, and minimisers."""

    def losses(self, acts: Array) -> Array:
        """The losses of all classes at minimisers."""

    def exactly(self, act: Array, predicted: bool) -> list[Fraction]:
        """A rational point near a minimiser; predicted: one that predicts class 1."""

    def support(self, act: Array, rest: Rest, t: Fraction, predicted: bool) -> Any:
        """What shows the least risk at a distribution from below, as a certificate holds it."""

    def covered(self, k: int, t: Fraction, low: float) -> tuple[Fraction, list[Band]] | None:
        """From which sum of the two probabilities on swaps show a regret of at least ``low``, and the bands."""


class CompSumInner:
    """Losses phi(s_y) of softmax with convex phi."""

    width = 4e-5

    def __init__(self, fill: WaterFilling) -> None:
        self.fill = fill

    def wrong(self, p: Array) -> tuple[Array, Array]:
        """Class 1 pools with the rivals above it."""
        return self.right(self.fill.pooled(p))

    def right(self, p: Array) -> tuple[Array, Array]:
        """Water filling."""
        s = self.fill.minimise(p)
        return self.fill.risk(p, s), s

    def losses(self, acts: Array) -> Array:
        """The profile, kept off 0 as the certificate's points are."""
        return self.fill.phi(np.maximum(acts, 2.0**-40))

    def exactly(self, act: Array, predicted: bool) -> list[Fraction]:
        """Dyadic, positive, with sum 1; the largest entries take up the rest, equally where class 1 is among them."""
        out = [Fraction(max(round(float(x) * UNIT), 1), UNIT) for x in act]
        share = [i for i, x in enumerate(act) if x >= act[1] * (1 - 1e-9)] if predicted else [int(np.argmax(act))]
        rest = (Fraction(1) - sum(x for i, x in enumerate(out) if i not in share)) / len(share)
        return [rest if i in share else x for i, x in enumerate(out)]

    def support(self, act: Array, rest: Rest, t: Fraction, predicted: bool) -> Any:
        """Where to take tangents."""
        p = distribution(t, rest)
        return [q(min(max(float(x), 2.0**-60), 1.0)) if w > 0 else "1" for x, w in zip(act, p, strict=True)]

    def covered(self, k: int, t: Fraction, low: float) -> tuple[Fraction, list[Band]] | None:
        """Swaps at ties, in bands that are not too narrow."""
        several = k > 3 and low > 0  # in one dimension cells alone are cheap
        return Swaps(self.fill.phi, self.fill.slope, t, k).reach(low, COARSE) if several else None


class VertexInner:
    """Losses whose risks are least at one of finitely many scores."""

    width = 1e-6

    def __init__(self, scores: Sequence[Sequence[Fraction]], losses: Sequence[Sequence[Fraction]]) -> None:
        self.scores = scores
        self.table = np.array([[float(x) for x in v] for v in losses])
        self.predicted = np.array([i for i, z in enumerate(scores) if z[1] == max(z)])

    def wrong(self, p: Array) -> tuple[Array, Array]:
        """The best score that predicts class 1."""
        risks = p @ self.table[self.predicted].T
        at = risks.argmin(axis=1)
        return risks.min(axis=1), self.predicted[at][:, None].astype(float)

    def right(self, p: Array) -> tuple[Array, Array]:
        """The best score."""
        risks = p @ self.table.T
        return risks.min(axis=1), risks.argmin(axis=1)[:, None].astype(float)

    def losses(self, acts: Array) -> Array:
        """Table look-up."""
        return np.asarray(self.table[acts[:, 0].astype(int)])

    def exactly(self, act: Array, predicted: bool) -> list[Fraction]:
        """The scores themselves."""
        return list(self.scores[int(act[0])])

    def support(self, act: Array, rest: Rest, t: Fraction, predicted: bool) -> Any:
        """The verifier finds the minimum itself."""
        return []

    def covered(self, k: int, t: Fraction, low: float) -> tuple[Fraction, list[Band]] | None:
        """Nothing."""
        return None
