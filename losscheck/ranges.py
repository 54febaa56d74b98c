"""Ranges of parameters: ``params={"gamma": (0, 5)}`` asks for every value from 0 to 5, ends included.

>>> fixed, ranges = split({"gamma": (0, 5), "reduction": "sum"})
>>> fixed, ranges
({'reduction': 'sum'}, {'gamma': (Fraction(0, 1), Fraction(5, 1))})
>>> shown({"gamma": (0, 0.1)}), read("0..0.1"), read("sum")
({'gamma': '0..0.1'}, (0, 0.1), None)
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_TEXT = re.compile(rf"({_NUMBER})\.\.({_NUMBER})")
Range = tuple[Fraction, Fraction]


def is_range(value: Any) -> bool:
    """Whether a parameter is a pair of numbers, hence a range; a list of two numbers is a value."""
    return (
        isinstance(value, tuple)
        and len(value) == 2
        and all(isinstance(x, int | float) and not isinstance(x, bool) for x in value)
    )


def exact(name: str, value: tuple[float, float]) -> Range:
    """Return the ends as the rationals that their decimals are.

    Raises
    ------
    ValueError
        When an end is not finite, or the first is not below the second.
    """
    low, high = value
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"params[{name!r}]={value!r} is no range; give two finite numbers, the smaller one first")
    return Fraction(repr(low)), Fraction(repr(high))


def split(params: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Range]]:
    """Return the parameters that are values, and the ranges."""
    ranges = {name: exact(name, value) for name, value in params.items() if is_range(value)}
    return {name: value for name, value in params.items() if name not in ranges}, ranges


def sample(ranges: Mapping[str, Range]) -> dict[str, float]:
    """Return one value inside each range: a whole number next to the middle where there is one."""
    found = {}
    for name, (low, high) in ranges.items():
        middle = (low + high) / 2
        found[name] = float(round(middle)) if low < round(middle) < high else float(middle)
    return found


def shown(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters with ranges as text: ``0..5``."""
    return {name: f"{x[0]}..{x[1]}" if is_range(x) else x for name, x in params.items()}


def read(text: str) -> tuple[float, float] | None:
    """Read ``low..high``; None for any other text."""
    found = _TEXT.fullmatch(text)
    if found is None:
        return None
    low, high = (float(x) if set(x) & set(".eE") else int(x) for x in found.groups())
    return low, high
