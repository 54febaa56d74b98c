"""Terms that a graph writes and a proof does not see: what cancels must have been defined.

``0.3 log(1 + v) - 0.1 log(1 + v) - 0.2 log(1 + v)`` is 0 once the constants are read as 3/10, 1/10 and 1/5, but the
code has no value for v < -1. Such a loss was proved convex, calibrated and smooth.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import losscheck
from losscheck.verifier import CertificateRejected, verify

TENTHS = {"0x1.999999999999ap-4": "1/10", "0x1.999999999999ap-3": "1/5", "0x1.3333333333333p-2": "3/10"}


def certificate(rows: list[list[Any]], root: int, rule: str = "convex_by_curvature", **more: Any) -> dict[str, Any]:
    """A certificate of a margin loss whose graph is written by hand."""
    used = {row[1] for row in rows if row[0] == "float"}
    return {
        "losscheck": 1, "graph": {"nodes": rows, "roots": [root]}, "kind": "margin", "n_classes": None, "labels": [1],
        "variables": ["v"], "domain": "real", "constants": {k: v for k, v in TENTHS.items() if k in used},
        "claim": {
            "property": "convex", "params": {}, "verdict": "proved", "value": None, "bounds": None, "slack": None,
        },
        "proof": {"rule": rule, **more},
    }  # fmt: skip


# 0: v, 1: -v, 2: 0, 3: softplus(-v), 4: 1 + v
SOFT: list[list[Any]] = [
    ["var", "v", []], ["add", ["0", "-1"], [0]], ["const", "0", []], ["lse", None, [1, 2]], ["add", ["1", "1"], [0]],
]  # fmt: skip
LOG, ROOT, POLE = ["log", None, [4]], ["pow", "1/2", [4]], ["pow", "-1", [4]]


def tenths(term: list[Any]) -> list[list[Any]]:
    """``softplus(-v) + 0.3 t - 0.1 t - 0.2 t`` with t as row 5; the root is row 12."""
    floats = [["float", x, []] for x in TENTHS]
    products = [["mul", None, [5, 6]], ["mul", None, [5, 7]], ["mul", None, [5, 8]]]
    return [*SOFT, term, *floats, *products, ["add", ["0", "1", "-1", "-1", "1"], [3, 9, 10, 11]]]


VANISHING: dict[str, tuple[list[list[Any]], int]] = {
    "tenths of a logarithm": (tenths(LOG), 12),
    "tenths of a root": (tenths(ROOT), 12),
    "tenths of a pole": (tenths(POLE), 12),
    "a logarithm less itself": ([*SOFT, LOG, ["add", ["0", "1", "1", "-1"], [3, 5, 5]]], 6),
    "0 times a logarithm": ([*SOFT, LOG, ["mul", None, [2, 5]], ["add", ["0", "1", "1"], [3, 6]]], 7),
    "a coefficient 0": ([*SOFT, ROOT, ["add", ["0", "1", "0"], [3, 5]]], 6),
    "a logarithm to the power 0": ([*SOFT, LOG, ["pow", "0", [5]], ["add", ["-1", "1", "1"], [3, 6]]], 7),
    "exponentials that merge": (
        [*SOFT, LOG, ["add", ["0", "-1"], [5]], ["exp", None, [5]], ["exp", None, [6]], ["mul", None, [3, 7, 8]]],
        9,
    ),
    "a comparison of what cancels": (
        [*SOFT, LOG, ["add", ["0", "1", "-1"], [5, 5]], ["le", None, [2, 6]], ["where", None, [7, 3, 2]]],
        8,
    ),
}


@pytest.mark.parametrize("name", VANISHING)
def test_what_vanishes_must_have_been_defined(name: str) -> None:
    rows, root = VANISHING[name]
    with pytest.raises(CertificateRejected, match="is not defined everywhere cancels"):
        verify(certificate(rows, root))


def test_what_was_defined_may_vanish() -> None:
    # sqrt(1 + exp(v)) and log(1 + exp(v)) are numbers at every score
    positive = [*SOFT[:4], ["exp", None, [0]], ["add", ["1", "1"], [4]]]
    for op, value in (("log", None), ("pow", "1/2"), ("pow", "-1")):
        rows = [*positive, [op, value, [5]], ["add", ["0", "1", "1", "-1"], [3, 6, 6]]]
        assert verify(certificate(rows, 7)).verdict == "proved"


def test_a_logarithm_that_becomes_a_power_is_checked_as_one() -> None:
    # exp(3/2 log max(0, 1 - v)) is max(0, 1 - v) ** (3/2): the logarithm is gone, its base is 0 for v >= 1
    rows = [
        ["const", "0", []], ["var", "v", []], ["add", ["1", "-1"], [1]], ["max", None, [0, 2]],
        ["log", None, [3]], ["add", ["0", "3/2"], [4]], ["exp", None, [5]],
    ]  # fmt: skip
    assert verify(certificate(rows, 6)).verdict == "proved"
    with pytest.raises(CertificateRejected):  # of 1 - v itself there is no such power
        verify(certificate([*rows[:3], ["log", None, [2]], ["add", ["0", "3/2"], [3]], ["exp", None, [4]]], 5))


Loss = Callable[[Any], Any]
LOSSES: list[Loss] = [
    lambda v: 0.3 * np.log(1 + v) - 0.1 * np.log(1 + v) - 0.2 * np.log(1 + v) + np.logaddexp(0, -v),
    lambda v: 0.3 / (v + 2.5) - 0.1 / (v + 2.5) - 0.2 / (v + 2.5) + np.logaddexp(0, -v),
]


@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_without_values_is_not_proved(loss: Loss) -> None:
    asked = ["convex", "nonnegative", "classification_calibrated"]
    report = losscheck.audit(loss, kind="margin", claims={}, properties=asked)
    assert {f.property for f in report.findings if f.verdict == "proved"} == set()
