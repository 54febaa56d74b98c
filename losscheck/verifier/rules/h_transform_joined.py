"""Enclosures of T from several proofs: at every t the largest lower and the smallest upper bound of them."""

from __future__ import annotations

import math
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.transform_claim import NARROW
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed", "logits")


def middle(low: float, high: float) -> float | str | None:
    """The value that a narrow enclosure shows, infinite ones included."""
    if math.isinf(low):
        return "inf"
    return (low + high) / 2 if math.isfinite(high) and high - low <= NARROW * max(1.0, high) else None


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every part; all are about one hypothesis set."""
    found: dict[float, tuple[float, float]] = {}
    texts = set()
    for part in proof["parts"]:
        fact = checker.premise(part, "h_transform")
        many = isinstance(fact.params["t"], list)
        texts.add(fact.params["hypotheses"])
        ts, bounds = (fact.params["t"], fact.bounds) if many else ([fact.params["t"]], [fact.bounds])
        for t, (low, high) in zip(ts, bounds, strict=True):
            before = found.get(t, (0.0, math.inf))
            found[t] = max(before[0], float(low)), min(before[1], float(high))
    expect(len(texts) == 1, "the parts are about several hypothesis sets")
    expect(all(low <= high for low, high in found.values()), "the parts contradict each other")
    ts = proof["t"] if isinstance(proof["t"], list) else [proof["t"]]
    value = [middle(*found[t]) for t in ts]
    known = None not in value
    bounds = [[str(x) if math.isinf(x) else x for x in found[t]] for t in ts]
    params = {"t": proof["t"], "hypotheses": texts.pop()}
    if isinstance(proof["t"], list):
        return Fact("h_transform", True, params, value=value if known else None, bounds=bounds)
    return Fact("h_transform", True, params, value=value[0], bounds=bounds[0])
