"""Plain data: what JSON can hold, with infinities and NaN as the strings "inf", "-inf" and "nan"."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum
from fractions import Fraction
from typing import Any

_NAMED = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


def plain(value: Any) -> Any:
    """Return ``value`` as plain data; arrays become lists, fractions and foreign objects become text.

    >>> plain({"at": (1, float("inf"), Fraction(1, 3))})
    {'at': [1, 'inf', '1/3']}
    """
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(float(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, AbstractSet):
        return sorted((plain(item) for item in value), key=repr)
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [plain(item) for item in value]
    if isinstance(value, Fraction):
        return str(value)
    if callable(getattr(value, "tolist", None)):  # NumPy arrays and scalars, torch tensors
        return plain(value.tolist())
    return str(value)


def numbers(value: Any) -> Any:
    """Return a quantity read from plain data: named infinities become floats, lists become tuples.

    >>> numbers([0.5, "inf"])
    (0.5, inf)
    """
    if isinstance(value, str):
        return _NAMED.get(value, value)
    if isinstance(value, list | tuple):
        return tuple(numbers(item) for item in value)
    if isinstance(value, dict):
        return {key: numbers(item) for key, item in value.items()}
    return value


def expect_types(what: str, data: Mapping[str, Any], kinds: Mapping[str, type | tuple[type, ...]]) -> None:
    """Check the fields of data that was read: those that are there have one of their types.

    Raises
    ------
    ValueError
        Naming the field, what it has and what it must be.

    >>> expect_types("a finding", {"id": "convex"}, {"id": str, "dtype": (str, type(None))})
    """
    for name, kind in kinds.items():
        if name in data and not isinstance(data[name], kind):
            several = kind if isinstance(kind, tuple) else (kind,)
            wanted = " or ".join("null" if each is type(None) else each.__name__ for each in several)
            raise ValueError(f"not {what}: {name} is a {type(data[name]).__name__}, and must be {wanted}")


LARGEST = 10**308
"""Below the largest double: an integer beyond it is no number that a report can calculate with."""


def expect_numbers(what: str, data: Any) -> None:
    """Check plain data that was read for integers that no float can hold; deep data is gone through without recursion.

    Raises
    ------
    ValueError
        If there is one.

    >>> expect_numbers("a report", {"seed": 10**400})
    Traceback (most recent call last):
    ...
    ValueError: not a report: it holds an integer beyond 1e308
    """
    waiting = [data]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Mapping):
            waiting += each.values()
        elif isinstance(each, list | tuple):
            waiting += each
        elif isinstance(each, int) and abs(each) > LARGEST:
            raise ValueError(f"not {what}: it holds an integer beyond 1e308")
