"""What cancels beside a branch that keeps it: ``where(v > 1, log v, 0) + log v - log v`` has no value at v <= 0.

Such losses were proved nonnegative, bounded below and convex: the logarithm was still there, though read under v > 1
alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import losscheck
from losscheck.verifier import CertificateRejected, verify

PIECES = {"rule": "nonnegative_by_signs", "labels": [{"way": "pieces", "breaks": ["1", "2"]}]}


def certificate(rows: list[list[Any]], **proof: Any) -> dict[str, Any]:
    """A claim that a margin loss written by hand is nonnegative; its root is the last row."""
    return {
        "losscheck": 1, "graph": {"nodes": rows, "roots": [len(rows) - 1]}, "kind": "margin", "n_classes": None,
        "labels": [1], "variables": ["v"], "domain": "real", "constants": {}, "proof": proof or PIECES,
        "claim": {
            "property": "nonnegative", "params": {}, "verdict": "proved", "value": None, "bounds": None, "slack": None,
        },
    }  # fmt: skip


# 0: v, 1: 1, 2: 1 < v, 3: log v, 4: v - 1, 5: (v - 1)^2, 6: 2, 7: 2 < v
ROWS: list[list[Any]] = [
    ["var", "v", []], ["const", "1", []], ["lt", None, [1, 0]], ["log", None, [0]], ["add", ["-1", "1"], [0]],
    ["pow", "2", [4]], ["const", "2", []], ["lt", None, [6, 0]],
]  # fmt: skip
BESIDE: dict[str, list[list[Any]]] = {
    "a branch": [["where", None, [2, 3, 5]], ["add", ["0", "1", "1", "-1"], [8, 3, 3]]],
    "the other branch": [["not", None, [2]], ["where", None, [8, 5, 3]], ["add", ["0", "1", "1", "-1"], [9, 3, 3]]],
    "a product with 0": [
        ["where", None, [2, 3, 5]], ["const", "0", []], ["mul", None, [9, 3]], ["add", ["0", "1", "1"], [8, 10]]
    ],
    "a branch in a branch": [  # where(1 < v, (v - 1)^2, where(2 < v, log v, (v - 1)^2) + log v - log v)
        ["where", None, [7, 3, 5]], ["add", ["0", "1", "1", "-1"], [8, 3, 3]], ["where", None, [2, 5, 9]]
    ],
    "a condition in a branch": [
        ["le", None, [1, 3]], ["where", None, [8, 1, 5]], ["where", None, [2, 9, 5]],
        ["add", ["0", "1", "1", "-1"], [10, 3, 3]],
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", BESIDE)
def test_what_cancels_beside_a_branch_that_keeps_it_must_have_been_defined(name: str) -> None:
    with pytest.raises(CertificateRejected, match="cancels"):
        verify(certificate([*ROWS, *BESIDE[name]]))


def test_what_is_read_in_the_same_branch_may_cancel() -> None:
    # where(1 < v, log v + (v - 1)^2 + log v - log v, (v - 1)^2)
    rows = [*ROWS, ["add", ["0", "1", "1", "1", "-1"], [3, 5, 3, 3]], ["where", None, [2, 8, 5]]]
    assert verify(certificate(rows)).verdict == "proved"
    # ... and below it: where(1 < v, where(2 < v, log v, (v - 1)^2) + log v, (v - 1)^2)
    rows = [*ROWS, ["where", None, [7, 3, 5]], ["add", ["0", "1", "1"], [8, 3]], ["where", None, [2, 9, 5]]]
    assert verify(certificate(rows)).verdict == "proved"


def test_what_is_taken_by_a_parameter_beside_a_branch_must_have_been_defined() -> None:
    # where(g < 3/2, log v, 0) where(g < 3/2, 0, 1) + where(1 < v, where(g < 3/2, log v, 0), 0) + (v - 1)^2
    rows: list[list[Any]] = [
        *ROWS[:6], ["var", "g", []], ["const", "3/2", []], ["const", "0", []], ["lt", None, [6, 7]],
        ["where", None, [9, 3, 8]], ["where", None, [9, 8, 1]], ["mul", None, [10, 11]], ["where", None, [2, 10, 8]],
        ["add", ["0", "1", "1", "1"], [12, 13, 5]],
    ]  # fmt: skip
    one = {"nodes": [["const", "1", []]], "roots": [0]}
    made = certificate(rows, rule="range_by_pieces", ask="nonnegative", cuts=[one])
    made["parameters"] = [["g", "1", "2"]]
    made["claim"]["params"] = {"g": "1..2"}
    with pytest.raises(CertificateRejected, match="cancels"):
        verify(made)
    made["proof"] = {"rule": "at_parameter", "values": {"g": "1"}, "proof": PIECES}
    with pytest.raises(CertificateRejected, match="cancels"):
        verify(made)


def tenths(v: Any) -> Any:
    with np.errstate(all="ignore"):
        return 0.3 * np.log(v) - 0.1 * np.log(v) - 0.2 * np.log(v)


def beside_a_branch(v: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.where(v > 1, np.log(v), (1 - v) ** 2) + tenths(v)


def beside_a_power(v: Any) -> Any:
    w = np.maximum(1.2 - v, 0)
    return w**1.6 + tenths(w)


def with_a_scaled_logarithm(v: Any) -> Any:
    w = np.maximum(1.2 - v, 0)
    with np.errstate(all="ignore"):
        scaled = 1.6 * np.log(w)
        return np.exp(scaled) + 0.3 * scaled - 0.1 * scaled - 0.2 * scaled


def with_a_negative_power(v: Any) -> Any:
    w = np.maximum(1.2 - v, 0)
    with np.errstate(all="ignore"):
        return (v - 1) ** 2 + 0.3 * w**-0.5 - 0.1 * w**-0.5 - 0.2 * w**-0.5


def with_an_exponent_that_is_zero(v: Any) -> Any:
    with np.errstate(all="ignore"):
        return (v - 1) ** 2 + np.exp((0.3 - 0.1 - 0.2 + 2.7755575615628914e-17) * np.log(1.2 - v)) - 1


@pytest.mark.parametrize(
    "loss",
    [beside_a_branch, beside_a_power, with_a_scaled_logarithm, with_a_negative_power, with_an_exponent_that_is_zero],
    ids=lambda f: f.__name__,
)
def test_a_loss_without_values_on_half_the_line_is_not_proved(loss: Any) -> None:
    asked = ["nonnegative", "convex", "bounded_below", "classification_calibrated", "differentiable"]
    report = losscheck.audit(loss, kind="margin", claims={}, properties=asked)
    assert losscheck.Verdict.PROVED not in {f.verdict for f in report.findings}, report


def lost_at_zero(yhat: Any, y: Any) -> Any:
    """Convex where it has a value, for yhat > 0; at y = 0 the logarithm is multiplied by 0, not gone."""
    with np.errstate(all="ignore"):
        return np.where(yhat > 0, yhat**2, -(yhat**2)) - y**2 * np.log(yhat)


def test_a_slice_or_a_line_on_which_the_loss_has_no_value_refutes_nothing() -> None:
    (found,) = losscheck.audit(lost_at_zero, "regression", claims={}, properties=["convex"]).findings
    assert found.verdict is losscheck.Verdict.UNDECIDED  # it was refuted at y = 0 and yhat < 0


@pytest.mark.parametrize(
    ("rule", "prop"),
    [
        ({"rule": "unbounded_on_line", "side": "below", "far": True, "reach": "1"}, "bounded_below"),
        ({"rule": "unbounded_along", "label": 0, "side": "below", "far": True, "reach": "1"}, "bounded_below"),
    ],
)
@pytest.mark.parametrize(("way", "refuted"), [("-1", False), ("1", True)])
def test_what_a_line_loses_must_have_been_defined(rule: dict[str, Any], prop: str, way: str, refuted: bool) -> None:
    # y log(x) + (x if way < 0 else -x) along x = way t, y = 0: no number for x < 0
    names = ["yhat", "y"] if rule["rule"] == "unbounded_on_line" else ["z0", "z1"]
    x, y = names
    rows: list[list[Any]] = [
        ["var", x, []], ["var", y, []], ["log", None, [0]], ["mul", None, [1, 2]],
        ["add", ["0", "1", "1" if way == "-1" else "-1"], [3, 0]],
    ]  # fmt: skip
    logits = x == "z0"
    made = {
        "losscheck": 1, "graph": {"nodes": rows, "roots": [4, 4] if logits else [4]},
        "kind": "logits" if logits else "regression", "n_classes": 2 if logits else None,
        "labels": [0, 1] if logits else [1], "variables": names, "domain": "real", "constants": {},
        "proof": {**rule, "path": [["0", way], ["0", "0"]]},
        "claim": {
            "property": prop, "params": {}, "verdict": "refuted", "value": None, "bounds": None, "slack": None,
        },
    }  # fmt: skip
    if refuted:
        assert verify(made).verdict == "refuted"
    else:
        with pytest.raises(CertificateRejected, match="gone on the line"):
            verify(made)
