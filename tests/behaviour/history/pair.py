"""A loss that is wrong, the same loss repaired, and the property that tells them apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Pair(NamedTuple):
    """One pair, and where a defect like it was described."""

    property: str
    signature: str
    wrong: Callable[..., Any]
    repaired: Callable[..., Any]
    source: str
