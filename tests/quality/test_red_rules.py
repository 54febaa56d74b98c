"""Certificates by hand whose rules once believed them: each is rejected."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from losscheck import Verdict
from losscheck.lifting.lifting import lift
from losscheck.theorems import bayes
from losscheck.verifier import CertificateRejected
from losscheck.verifier.verify import derive


def certificate(nodes: list[Any], roots: list[int], proof: dict[str, Any], verdict: str, **more: Any) -> dict[str, Any]:
    claim = {"property": "any", "params": {}, "verdict": verdict, "value": None, "bounds": None, "slack": None}
    base = {"losscheck": 1, "graph": {"nodes": nodes, "roots": roots}, "n_classes": None, "constants": {}}
    return {**base, "claim": claim, "proof": proof, **more}


def rows(*arguments: tuple[str, list[Any], str], variables: list[str], domain: str) -> dict[str, Any]:
    return {
        "kind": "embedding", "labels": [[[], None]], "variables": variables, "domain": domain,
        "arguments": [list(a) for a in arguments],
    }  # fmt: skip


def variable(name: str) -> dict[str, Any]:
    return {"nodes": [["var", name, []]], "roots": [0]}


LOG_AND_BACK = {"nodes": [["var", "u_0", []], ["log", None, [0]], ["exp", None, [1]]], "roots": [2]}
SIGN = {"rule": "nonnegative_by_signs", "labels": [{"way": "sign"}]}


@pytest.mark.parametrize("inner", [{"rule": "rows_sign", "ask": "nonnegative", "at": ["1", "1"]}, SIGN])
def test_a_function_of_parts_has_a_value_at_all_of_them(inner: dict[str, Any]) -> None:
    """``exp(log u)`` is never negative where it has a value, and it is u in normal form: but u is negative."""
    parts = [{"sort": "real", "node": variable(x)} for x in ("a_0_0", "a_0_1")]
    each = [{"parts": parts, "own": LOG_AND_BACK, "proof": inner}]
    proof = {"rule": "through_parts", "ask": "nonnegative", "at": ["1", "1"], "roots": each}
    said = rows(("a", [["N", 1], ["D", 2]], "real"), variables=["a_0_0", "a_0_1"], domain="real")
    with pytest.raises(CertificateRejected):
        derive(certificate([["var", "a_0_0", []]], [0], proof, "proved", **said))


@pytest.mark.parametrize(
    ("ask", "inner"),
    [
        ("convex", {"rule": "convex_witness", "label": 0, "a": ["-2"], "b": ["0"], "weight": "1/2"}),
        ("nonnegative", {"rule": "negative_witness", "label": 0, "at": ["-1"]}),
    ],
)
def test_a_fixed_number_takes_no_logarithm_away(ask: str, inner: dict[str, Any]) -> None:
    """``a^3 - w log a`` has no value at a < 0, where ``a^3`` is negative and not convex; not even for w = 0."""
    nodes = [
        ["var", "a", []], ["pow", "3", [0]], ["log", None, [0]], ["var", "w", []], ["mul", None, [3, 2]],
        ["add", ["0", "1", "-1"], [1, 4]],
    ]  # fmt: skip
    said = rows(("a", [], "real"), ("w", [], "unit"), variables=["a", "w"], domain="a:real w:unit")
    proof = {"rule": "on_entries", "ask": ask, "parts": ["real", {"fixed": "0"}], "proof": inner}
    with pytest.raises(CertificateRejected, match="cancels, or is multiplied by 0"):
        derive(certificate(nodes, [5], proof, "refuted", **said))


def test_a_risk_that_tends_to_the_least_at_the_boundary_has_no_only_best_report() -> None:
    """``exp(-1/q_0) ((q_0 - 1/3)^2 + (q_1 - 1/3)^2)`` is 0 at the centre and tends to 0 at ``q_0 = 0``."""
    nodes = [
        ["var", "p0", []], ["pow", "-1", [0]], ["add", ["0", "-1"], [1]], ["exp", None, [2]],
        ["add", ["-1/3", "1"], [0]], ["pow", "2", [4]], ["var", "p1", []], ["add", ["-1/3", "1"], [6]],
        ["pow", "2", [7]], ["add", ["0", "1", "1"], [5, 8]], ["mul", None, [3, 9]],
    ]  # fmt: skip
    proof = {
        "rule": "risk_by_boxes", "ask": "bayes_act", "params": {"p": [0.25, 0.25, 0.5]}, "radius": "1/1000000000",
        "truths": [["1/4", "1/4", "1/2"]], "centre": ["1/3"] * 3, "reach": "1/100", "curvature": "1/100",
    }  # fmt: skip
    said = {"kind": "simplex", "labels": [0, 1, 2], "variables": ["p0", "p1", "p2"], "domain": "simplex"}
    with pytest.raises(CertificateRejected):
        derive(certificate(nodes, [10, 10, 10], proof, "proved", **{**said, "n_classes": 3}))


def test_an_exchange_of_rows_keeps_the_domain_of_the_row_it_leads_to() -> None:
    """``a_0``, and ``a_1 + (a_0 + 1)/a_0 - 1/a_0 - 1 + ...``: alike where both have a value, at (0, 1) one has none."""
    nodes: list[Any] = [["var", "a_0", []], ["var", "a_1", []]]
    for i in (0, 1):
        k = len(nodes)
        nodes += [["pow", "-1", [i]], ["add", ["1", "1"], [i]], ["mul", None, [k, k + 1]]]
    nodes += [["add", ["-2", "1", "1", "-1", "1", "-1"], [1, 4, 2, 7, 5]]]
    said = rows(("a", [["B", 2]], "real"), variables=["a_0", "a_1"], domain="real")
    proof = {"rule": "rows_invariant", "under": "permutation", "at": ["1", "2"]}
    with pytest.raises(CertificateRejected, match="a value on one side only"):
        derive(certificate(nodes, [0, 8], proof, "proved", **{**said, "labels": [[[], 0], [[], 1]]}))


@pytest.mark.parametrize("end", [0.5, 1.0])
def test_a_least_risk_that_is_a_limit_beside_a_jump_has_no_best_report(end: float) -> None:
    """The risk falls towards a report at which, or beyond which, every loss is 0."""

    def loss(p: Any, y: Any) -> Any:
        own = p[np.arange(len(y)), y]
        return np.where(own < end, -own, 0.0)

    lifted = lift(loss, kind="simplex", n_classes=3)
    assert bayes.answer(lifted, "bayes_act", {"p": [0.7, 0.2, 0.1]}).verdict in (
        Verdict.UNDECIDED, Verdict.NOT_APPLICABLE,
    )  # fmt: skip


def test_a_best_report_on_a_face_stays_supported() -> None:
    def loss(p: Any, y: Any) -> Any:
        return 1 - np.sqrt(p[np.arange(len(y)), y])

    found = bayes.answer(lift(loss, kind="simplex", n_classes=3), "bayes_act", {"p": [0.0, 0.4, 0.6]})
    assert found.verdict is Verdict.SUPPORTED
    assert np.allclose(found.value, [0, 4 / 13, 9 / 13], atol=1e-6)


def test_the_functions_of_single_scores_are_defined_everywhere() -> None:
    """``z_y`` is not ``exp(log z_y)``: the losses add up to any number, not to positive ones alone."""
    formulas = {"a": {"nodes": [["var", "v", []], *LOG_AND_BACK["nodes"][1:]], "roots": [2]}}
    formulas["b"] = {"nodes": [["const", "0", []]], "roots": [0]}
    level = {"way": "level", "level": "0", "at": "0"}
    inner = {"rule": "class_sum_on_line", "breaks": [], "own": [], "low": level, "high": level}
    proof = {"rule": "by_score_parts", "ask": "class_sum_bounds", **formulas, "sum": inner}
    said = {"kind": "logits", "n_classes": 2, "labels": [0, 1], "variables": ["z0", "z1"], "domain": "real"}
    with pytest.raises(CertificateRejected, match="not shown to be defined"):
        derive(certificate([["var", "z0", []], ["var", "z1", []]], [0, 1], proof, "proved", **said))
