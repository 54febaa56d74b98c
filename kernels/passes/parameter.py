"""A parameter of a loss: its name, its default and the interval it must lie in."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Parameter:
    """A number with a name, such as ``Parameter("gamma", 2.0, "[0, inf)")``.

    >>> Parameter("gamma", 2.0, "[0, inf)").checked(3)
    3.0
    """

    name: str
    default: float
    interval: str

    def checked(self, value: float) -> float:
        """The value as a float.

        Raises
        ------
        ValueError
            When it lies outside the interval.
        """
        low, high = (float(end) for end in self.interval[1:-1].split(","))
        number = float(value)
        above = low <= number if self.interval[0] == "[" else low < number
        below = number <= high if self.interval[-1] == "]" else number < high
        if not (above and below) or math.isnan(number):
            raise ValueError(f"{self.name} is {value}; give a number in {self.interval}")
        return number


def bound(parameters: Sequence[Parameter], given: Sequence[float], named: Mapping[str, float]) -> tuple[float, ...]:
    """The value of every parameter, by place or by name.

    Raises
    ------
    TypeError
        For too many values, and for names that are none.
    ValueError
        For values outside their interval.
    """
    names = [parameter.name for parameter in parameters]
    free = names[len(given) :]
    if len(given) > len(names) or not set(named) <= set(free):
        told = ", ".join(names) or "none"
        raise TypeError(f"parameters given are {list(given)} and {dict(named)}; allowed are {told}, each once")
    values = [*given, *(named.get(p.name, p.default) for p in parameters[len(given) :])]
    return tuple(p.checked(value) for p, value in zip(parameters, values, strict=True))
