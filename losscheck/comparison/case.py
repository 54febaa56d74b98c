"""One call to make of both losses: inputs, keywords, how the arrays are stored, and what may be observed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from losscheck.behaviour.formats import Inputs


def contiguous(native: Any) -> Any:
    """Return the array as it is."""
    return native


def strided(native: Any) -> Any:
    """Return the same numbers laid out with the axes in reverse order in memory: not contiguous beyond one axis."""
    if len(native.shape) < 2:
        return native
    if not hasattr(native, "contiguous"):
        return native.T.copy().T
    axes = tuple(range(len(native.shape)))[::-1]
    return native.permute(axes).contiguous().permute(axes)


@dataclass(frozen=True)
class Case:
    """One call.

    ``base`` is the ordinary input a directed one departs from (None: the case is not shrunk); ``stored`` names the
    dtypes of arguments that are not given as usual; ``narrow`` says that the case is tried in every float format.
    """

    name: str
    inputs: Inputs
    base: Inputs | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    stored: Mapping[str, str] = field(default_factory=dict)
    layout: Callable[[Any], Any] = contiguous
    gradient: bool = True
    narrow: bool = True
    recorded: bool = True
    """Whether torch records gradients around the call; False is how a loss runs in evaluation."""
