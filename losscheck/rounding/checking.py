"""``Oracle.check``: an implementation held to the oracle, in the worker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from losscheck.conversing import converse
from losscheck.loss import as_loss
from losscheck.reporting.report import Report
from losscheck.reporting.reproduce import ORACLE
from losscheck.request import request
from losscheck.rounding.answering import answer_check
from losscheck.rounding.laws import LAWS
from losscheck.rounding.oracle import Oracle


def check(oracle: Oracle, impl: Any, *, dtypes: Sequence[str], max_ulp: float | None, effort: str, seed: int) -> Report:
    """Return the report of `Oracle.check`."""
    if max_ulp is not None and (isinstance(max_ulp, bool) or not max_ulp >= 0):
        raise ValueError(f"max_ulp={max_ulp!r}; give a number that is not negative, or None for half the digits")
    given = as_loss(impl)
    kind, k = oracle.call.kind, oracle.call.n_classes
    asked = request(given, kind, oracle.signature, k or 3, None, None, None, [], dtypes, effort, seed)
    return converse(
        asked,
        f"{given.name}{ORACLE}{oracle.loss.name}",
        {"task": "check", "kind": kind, "classes": k, "max_ulp": max_ulp},
        [(given.function, given.params), (oracle.loss.function, oracle.params)],
        [(law, dtype) for dtype in asked.dtypes for law in LAWS],
        answer_check,
    )
