"""Add to a finding about floats the operation where they first leave the mathematics, and the stable rewrite."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from losscheck.behaviour.witness import read_inputs
from losscheck.hunting.first_operation import Operation, first_operation
from losscheck.hunting.points import points
from losscheck.kinds import kind_of
from losscheck.lifting.calls import Call
from losscheck.signature import parse
from losscheck.verdict import Outcome, Verdict

ABOUT_VALUES = frozenset({"value_finite", "value_accurate", "collapse_free"})


def named(
    outcome: Outcome,
    property: str,
    function: Callable[..., Any],
    *,
    kind: str | None,
    signature: str,
    params: Mapping[str, Any],
    n_classes: int | None,
) -> Outcome:
    """Return a refuted outcome with the operation that goes wrong at its witness; any other as it is."""
    asked = property in ABOUT_VALUES and outcome.verdict is Verdict.REFUTED
    kind = kind or kind_of(signature)
    if not asked or kind is None or not outcome.witness or outcome.dtype is None:
        return outcome
    try:
        inputs = read_inputs(outcome.witness)
        found = _first(
            function, kind, [inputs[a.name] for a in parse(signature).arguments], outcome.dtype, params, n_classes
        )
    except Exception:  # the code cannot be read, or not with these inputs: the finding stands without it
        return outcome
    if found is None:
        return outcome
    return outcome.with_(message=f"{outcome.message}; {found}", witness={**outcome.witness, "operation": found.text})


def _first(
    function: Callable[..., Any],
    kind: str,
    inputs: list[Any],
    dtype: str,
    params: Mapping[str, Any],
    n_classes: int | None,
) -> Operation | None:
    call = Call(kind, n_classes)
    with np.errstate(all="ignore"):
        for label, point in points(call, inputs):
            found = first_operation(function, point, dtype, kind=kind, n_classes=n_classes, label=label, params=params)
            if found is not None:
                return found
    return None
