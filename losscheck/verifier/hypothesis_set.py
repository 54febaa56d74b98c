"""The texts that name a hypothesis set in a claim, and which scores its members take at a point x.

``All``, ``All(sum_to_zero)``: every vector of scores (that adds up to 0). ``Bounded(L)``: every score in [-L, L].
``Linear(W, B)``: ``x -> w.x + b`` with ``|w| <= W`` in the dual norm, ``|b| <= B``, x in the unit ball: a score fills
``[-A, A]`` at x, with ``A = W |x| + B``. ``ReLU(Lambda, W, B)``: ``sum u_j max(0, w_j.x + b_j)``, ``|u|_1 <= Lambda``:
``A = Lambda (W |x| + B)``. Each class has parameters of its own, so vectors of scores fill the cube.
``Linear(inf, inf)`` takes every vector of scores at each x.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from losscheck.verifier.certificate import expect, rational

NUMBERS = {"Bounded": 1, "Linear": 2, "ReLU": 3}


@dataclass(frozen=True)
class Hypotheses:
    """Scores fill ``[-A, A]`` for every A in [least, most] (one A per point x), or all reals (both None)."""

    least: Fraction | None
    most: Fraction | None
    sum_to_zero: bool = False

    @property
    def everything(self) -> bool:
        """Whether every vector of scores is taken (that adds up to 0)."""
        return self.most is None


def hypotheses(text: object) -> Hypotheses:
    """Read a hypothesis set, such as ``Linear(1, 1/2)``."""
    expect(isinstance(text, str) and len(str(text)) < 400, "a hypothesis set is a text")
    if text in ("All", "All(sum_to_zero)", "Linear(inf, inf)"):
        return Hypotheses(None, None, text == "All(sum_to_zero)")
    name, _, inside = str(text).partition("(")
    expect(name in NUMBERS and inside.endswith(")"), f"{str(text)[:60]!r} is no hypothesis set")
    numbers = [rational(x) for x in inside[:-1].split(", ")]
    expect(len(numbers) == NUMBERS[name] and min(numbers) >= 0, f"{name} takes {NUMBERS[name]} numbers >= 0")
    if name == "Bounded":
        return Hypotheses(numbers[0], numbers[0])
    scale, w, b = (Fraction(1), *numbers) if name == "Linear" else numbers
    return Hypotheses(scale * b, scale * (w + b))
