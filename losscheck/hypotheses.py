"""Hypothesis sets: which scores the members of a set take, for H-consistency bounds.

>>> str(Linear(W=1.0, B=0.5))
'Linear(1, 1/2)'
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from fractions import Fraction


@dataclass(frozen=True)
class HypothesisSet:
    """A set whose members score each class on their own; its text is what certificates name."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, bool) and not 0 <= value < math.inf and not self.unbounded:
                raise ValueError(f"{field.name}={value!r} of {type(self).__name__} must be a finite number >= 0")

    @property
    def unbounded(self) -> bool:
        """Whether no number of the set is a limit: linear functions of any size."""
        numbers = [getattr(self, field.name) for field in fields(self)]
        return isinstance(self, Linear) and all(x == math.inf for x in numbers)

    def __str__(self) -> str:
        """Return the text that certificates name, numbers as the rationals that their decimals are."""
        if self.unbounded:
            return f"{type(self).__name__}(inf, inf)"
        inside = ", ".join(str(Fraction(repr(float(getattr(self, f.name))))) for f in fields(self))
        return f"{type(self).__name__}({inside})"


@dataclass(frozen=True)
class All(HypothesisSet):
    """All measurable functions; with ``sum_to_zero`` those whose scores add up to 0."""

    sum_to_zero: bool = False

    def __str__(self) -> str:
        """Return the text that certificates name."""
        return "All(sum_to_zero)" if self.sum_to_zero else "All"


@dataclass(frozen=True)
class Linear(HypothesisSet):
    """``x -> w.x + b`` with ``|w| <= W``, ``|b| <= B``, ``|x| <= 1``: scores in ``[-A, A]``, ``A = W |x| + B``.

    ``Linear(inf, inf)``, all linear functions on any x, matters for minimizability gaps.
    """

    W: float
    B: float


@dataclass(frozen=True)
class ReLU(HypothesisSet):
    """``sum u_j max(0, w_j.x + b)``, ``|u|_1 <= Lambda``, ``|w_j| <= W``, ``|b| <= B``: ``A = Lambda (W |x| + B)``."""

    Lambda: float
    W: float
    B: float


@dataclass(frozen=True)
class Bounded(HypothesisSet):
    """Every function whose scores lie in ``[-L, L]``."""

    L: float
