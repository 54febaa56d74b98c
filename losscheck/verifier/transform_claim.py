"""Claims about transformations: the regrets of the question, and outward doubles around the values derived."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Range
from losscheck.verifier.certificate import expect
from losscheck.verifier.numbers import above, below, fraction
from losscheck.verifier.verify import Fact

NARROW = 1e-7


def asked(given: Any) -> list[Fraction]:
    """The rationals that the doubles of a question stand for: their shortest decimals."""
    numbers = given if isinstance(given, list) else [given]
    expect(0 < len(numbers) <= 400, "the question names between 1 and 400 numbers")
    expect(all(type(t) in (int, float) and 0 <= t <= 1 for t in numbers), "a regret t is a number in [0, 1]")
    return [Fraction(repr(t)) for t in numbers]


def end(low: Any, high: Any) -> list[Any]:
    """An enclosure as doubles; an infinite upper end is text, as JSON has no infinity."""
    top = above(fraction(high)) if high.is_finite() else "inf"
    return [max(0.0, below(fraction(low))) if low.is_finite() else 0.0 if low < 0 else "inf", top]


def transform_fact(prop: str, proof: dict[str, Any], found: Sequence[Range], name: str = "t") -> Fact:
    """The fact that T lies between ``found`` at the points of the question; its value where all are narrow."""
    bounds = [end(low, high) for low, high in found]
    values: list[float | str] | None = []
    for low, high in bounds:
        narrow = "inf" not in (low, high) and high - low <= NARROW * max(1.0, high)
        sure = values is not None and (narrow or low == "inf")
        values = [*(values or []), (low + high) / 2 if narrow else "inf"] if sure else None
    many = isinstance(proof[name], list)
    params = {name: proof[name]} | ({"hypotheses": proof["hypotheses"]} if "hypotheses" in proof else {})
    value: Any = values if many or values is None else values[0]
    return Fact(prop, True, params, value=value, bounds=bounds if many else bounds[0])
