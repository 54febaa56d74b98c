"""``EnclosedTransform``: T of a loss and a hypothesis set, asked regret by regret, with certificates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from losscheck.hypotheses import HypothesisSet
from losscheck.joined_certificate import joined_certificate
from losscheck.theory_questions import TheoryQuestions

AT_ONCE = 10
"""Regrets per question: a question that is stopped for its time takes these with it."""


class EnclosedTransform:
    """T of one loss and one hypothesis set, at the regrets asked for.

    Every number comes with a certificate; `certificate` covers all the regrets asked so far. The loss runs in a worker
    process with limits on time and memory, as in `losscheck.audit`.
    """

    def __init__(
        self,
        questions: TheoryQuestions,
        hypotheses: HypothesisSet,
        *,
        adversarial: bool = False,
    ) -> None:
        self.questions, self.hypotheses = questions, hypotheses
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
