"""Claims: what a loss declares about itself, and whether a finding meets it.

========================  =========================================================================================
claim                     met when
========================  =========================================================================================
``True``                  the property is proved (a behaviour: proved or supported)
``False``                 the property is refuted
``{"slack": s}``          it is proved, or refuted with a certified slack of at most ``s``
a number ``c``            the rigorous bounds lie within ``1e-7 max(1, |c|)`` of ``c``, the width of a proved value
``(low, high)``           the rigorous bounds lie inside; for several numbers: a list with one claim for each
========================  =========================================================================================

A claim is violated when the property is decided the other way, or ends not_applicable, unsupported or error; else it
stays open.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from losscheck.plain import numbers
from losscheck.verdict import Outcome, Verdict

ALLOWED = 'True, False, {"slack": s} with s >= 0, a number, a range (low, high), or a list of numbers and ranges'
_LOST = frozenset({Verdict.NOT_APPLICABLE, Verdict.UNSUPPORTED, Verdict.ERROR})


class Standing(StrEnum):
    """How a claim stands after the audit."""

    MET = "met"
    VIOLATED = "violated"
    OPEN = "open"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def parse_claim(name: str, claim: Any) -> Any:
    """Return the claim in its normal form (tuples for lists, floats for "inf").

    Raises
    ------
    ValueError
        If ``claim`` is none of the forms in the module's table.

    >>> parse_claim("lipschitz[norm=l2]", [0, 1.5])
    (0, 1.5)
    """
    claim = numbers(claim)
    if isinstance(claim, bool) or _is_number(claim):
        return claim
    if isinstance(claim, Mapping) and set(claim) == {"slack"} and _is_number(claim["slack"]) and claim["slack"] >= 0:
        return dict(claim)
    if isinstance(claim, Sequence) and not isinstance(claim, str) and claim:
        if len(claim) == 2 and all(map(_is_number, claim)) and claim[0] <= claim[1]:
            return claim
        if all(_is_number(part) or _is_range(part) for part in claim):
            return claim
    raise ValueError(f"claims[{name!r}] = {claim!r} is not a claim; allowed: {ALLOWED}")


def _is_range(part: Any) -> bool:
    return isinstance(part, tuple) and len(part) == 2 and all(map(_is_number, part)) and part[0] <= part[1]


def _range(claim: Any) -> tuple[float, float]:
    if isinstance(claim, tuple):
        return claim[0], claim[1]
    # A number stands for what a proved enclosure of it may be: an interval no wider than 1e-7 max(1, |c|).
    room = 1e-7 * max(1.0, abs(claim)) if math.isfinite(claim) else 0.0
    return claim - room, claim + room


def _compare(claim: Any, bounds: Any) -> Standing:
    low, high = _range(claim)
    if low <= bounds[0] and bounds[1] <= high:
        return Standing.MET
    return Standing.VIOLATED if bounds[1] < low or high < bounds[0] else Standing.OPEN


def _judge_number(claim: Any, outcome: Outcome) -> Standing:
    bounds = numbers(outcome.bounds)
    if outcome.verdict is Verdict.SUPPORTED:  # its numbers are not rigorous
        return Standing.OPEN
    if not bounds:  # refuted, or proved that no number exists, or nothing known
        return Standing.OPEN if outcome.verdict is Verdict.UNDECIDED else Standing.VIOLATED
    if not isinstance(bounds[0], tuple):
        several = isinstance(claim, tuple) and not _is_range(claim)
        return Standing.VIOLATED if several else _compare(claim, bounds)
    if not isinstance(claim, tuple) or len(claim) != len(bounds):
        return Standing.VIOLATED
    parts = {_compare(part, each) for part, each in zip(claim, bounds, strict=True)}
    return next(standing for standing in (Standing.VIOLATED, Standing.OPEN, Standing.MET) if standing in parts)


def judge(claim: Any, outcome: Outcome, layer: str) -> Standing:
    """Return how the parsed ``claim`` stands against ``outcome`` of a property of ``layer`` theory or behaviour.

    >>> from losscheck.verdict import refuted, supported
    >>> judge(False, refuted("f(0) + f(1) < 2 f(1/2)", witness={"v": "1/2"}), "theory").value
    'met'
    >>> judge(True, supported("400 rows agree"), "theory").value
    'open'
    """
    verdict = outcome.verdict
    if verdict in _LOST:
        return Standing.VIOLATED
    if not isinstance(claim, bool | dict):
        return _judge_number(claim, outcome)
    holds = verdict is Verdict.PROVED or (verdict is Verdict.SUPPORTED and layer == "behaviour")
    if not holds and verdict is not Verdict.REFUTED:
        return Standing.OPEN
    if isinstance(claim, dict):
        small = outcome.slack is not None and outcome.slack <= claim["slack"]
        return Standing.MET if holds or small else Standing.VIOLATED
    return Standing.MET if claim == holds else Standing.VIOLATED
