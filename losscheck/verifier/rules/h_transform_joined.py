"""Enclosures of T from several proofs: at every t the largest lower and the smallest upper bound of them."""

from __future__ import annotations

import math
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.transform_claim import NARROW
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed", "logits")


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
    narrow = all(math.isfinite(found[t][1]) and found[t][1] - found[t][0] <= NARROW * max(1.0, found[t][1]) for t in ts)
    value = [sum(found[t]) / 2 for t in ts] if narrow else None
    bounds = [[str(x) if math.isinf(x) else x for x in found[t]] for t in ts]
    params = {"t": proof["t"], "hypotheses": texts.pop()}
    if isinstance(proof["t"], list):
        return Fact("h_transform", True, params, value=value, bounds=bounds)
    return Fact("h_transform", True, params, value=value[0] if value else None, bounds=bounds[0])
