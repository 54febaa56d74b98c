"""The Bayes risk and act of a proper loss: the truth itself attains the minimum.

If the loss is proper (premise), ``min over q of L(p, q) = L(p, p)``; if it is strictly proper, q = p is the only
minimiser. A truth given as a double stands for a rational within 2 ulp of it (0.1 for 1/10), named in the proof.

Proof node: ``{"rule": "risk_at_truth", "ask": "bayes_risk" or "bayes_act", "params": {"eta": ...} or {"p": [...]},
"truths": [[p_0, ..., p_{K-1}], ...], "premise": proof}``.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.numbers import above, below, enclosed, fraction
from losscheck.verifier.rules.proper_witness import risk
from losscheck.verifier.verify import Checker, Fact

SHORT = 12
"""Bits of a double that is meant exactly, as in the graph of a certificate."""


def nominal(given: Any, q: Fraction) -> bool:
    """Whether a number of a question means the rational q: the same up to 2 ulp, exactly where it is short (1/2)."""
    if not isinstance(given, int | float) or isinstance(given, bool) or not math.isfinite(given):
        return False
    own = Fraction(given)
    if own == q or len(f"{abs(own.numerator):b}".rstrip("0")) <= SHORT:
        return own == q
    return abs(own - q) <= 2 * Fraction(math.ulp(given))


def truths(case: Case, proof: dict[str, Any]) -> list[list[Fraction]]:
    """The truths of the question, one probability per class each, checked against its parameters."""
    found = [[rational(x) for x in row] for row in proof["truths"]]
    expect(all(min(p) >= 0 and sum(p) == 1 and len(p) == len(case.roots) for p in found), "a truth sums to 1")
    (name, given), *rest = proof["params"].items()
    expect(not rest and name in ("eta", "p"), "the question names eta or p")
    if name == "p":
        asked, row = given, found[0]
        expect(len(found) == 1 and len(asked) == len(row), "p has one number per class")
    else:
        expect(len(case.roots) == 2, "eta is the probability of the second of two classes")
        asked, row = (given if isinstance(given, list) else [given]), [p[1] for p in found]
        expect(len(asked) == len(row), "one truth per eta")
    expect(all(nominal(x, q) for x, q in zip(asked, row, strict=True)), "a truth is not the number of the question")
    return found


def shaped(proof: dict[str, Any], parts: list[Any]) -> Any:
    """The answers in the shape of the question: a list for a list of etas."""
    return parts if isinstance(proof["params"].get("eta"), list) else parts[0]


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise and evaluate."""
    expect(case.kind in ("probability", "simplex"), "the rule speaks of probabilities")
    ask, params = proof["ask"], dict(proof["params"])
    expect(ask in ("bayes_risk", "bayes_act"), "nothing else follows")
    checker.premise(proof["premise"], "proper" if ask == "bayes_risk" else "strictly_proper")
    values: list[Any] = []
    bounds: list[Any] = []
    for p in truths(case, proof):
        if ask == "bayes_act":
            act = p[1:] if "eta" in params else p
            numbers = [float(x) for x in act]
            values.append(numbers[0] if "eta" in params else numbers)
            rounded = [[below(x), above(x)] for x in act]
            bounds.append(rounded[0] if "eta" in params else rounded)
        else:
            report = {"p": p[1]} if case.kind == "probability" else dict(zip(case.variables, p, strict=True))
            low, high = Enclosure({})(risk(case, p, report))
            value, ends = enclosed(fraction(low), fraction(high))
            values.append(value)
            bounds.append(ends)
    return Fact(ask, params=params, value=shaped(proof, values), bounds=shaped(proof, bounds))
