"""The floats of a format as a line of integers, so that bisection and steps of one float are arithmetic."""

from __future__ import annotations

import struct
from types import MappingProxyType

from losscheck.behaviour.formats import LARGEST

# How a number is stored: struct's letter, and how many trailing bits the format leaves out.
_STORED = MappingProxyType({"float64": ("d", "q", 0), "float32": ("f", "i", 0), "float16": ("e", "h", 0),
                            "bfloat16": ("f", "i", 16)})  # fmt: skip


def place(value: float, dtype: str) -> int:
    """Return the place of a float of the format: 0 for 0, the next float one more, negative below.

    >>> place(1.0, "float16"), place(-(2.0**-24), "float16"), place(2.0**-133, "bfloat16")
    (15360, -1, 1)
    """
    letter, integer, dropped = _STORED[dtype]
    bits: int = struct.unpack(integer, struct.pack(letter, abs(value)))[0]
    return (bits >> dropped) * (-1 if value < 0 else 1)


def at(place: int, dtype: str) -> float:
    """Return the float at a place, infinite beyond the largest.

    >>> at(15361, "float16") == 1.0 + 2.0**-10, at(place(65504.0, "float16") + 1, "float16")
    (True, inf)
    """
    letter, integer, dropped = _STORED[dtype]
    bits = min(abs(place), _place_of_infinity(dtype)) << dropped
    value: float = struct.unpack(letter, struct.pack(integer, bits))[0]
    return -value if place < 0 else value


def _place_of_infinity(dtype: str) -> int:
    return place(LARGEST[dtype], dtype) + 1


def neighbour(value: float, steps: int, dtype: str) -> float:
    """Return the float so many steps away."""
    return at(place(value, dtype) + steps, dtype)
