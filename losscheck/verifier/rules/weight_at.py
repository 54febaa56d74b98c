"""The weight of a proper binary loss, ``w(c) = -H''(c) = l0'(c) / c``, and its canonical link ``-H'(p) = l0 - l1``.

If the loss is proper (premise) and l0, l1 are analytic on an open interval around c, then there
``c l1'(c) + (1 - c) l0'(c) = 0`` (c minimises its own risk), hence ``H' = l1 - l0`` and ``H'' = l1' - l0' = -l0'/c``
(Shuford, Albert & Massengill 1966; Savage 1971; Buja, Stuetzle & Shen 2005).

Proof node: ``{"rule": "weight_at", "ask": "weight_function" or "canonical_link", "params": {"c": ...} or {"p": ...},
"points": ["1/10", ...], "breaks": [...], "premise": proof}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.defined import analytic_on, exactly
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.pieces import resolve
from losscheck.verifier.rules.proper_by_pieces import binary
from losscheck.verifier.rules.risk_at_truth import nominal
from losscheck.verifier.verify import Checker, Fact


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise and evaluate the weight at every point."""
    pool, ask, params = case.pool, proof["ask"], dict(proof["params"])
    expect((ask, list(params)) in (("weight_function", ["c"]), ("canonical_link", ["p"])), "nothing else follows")
    (given,) = params.values()
    checker.premise(proof["premise"], "proper")
    asked = given if isinstance(given, list) else [given]
    points = [rational(x) for x in proof["points"]]
    expect(len(points) == len(asked) and all(map(nominal, asked, points)), "a point is not the number of the question")
    marks = sorted({Fraction(0), *(rational(x) for x in proof["breaks"]), Fraction(1)})
    values, bounds = [], []
    for c in points:
        expect(0 < c < 1 and c not in marks, "weight and link are asked inside a piece of (0, 1)")
        a, b = max(m for m in marks if m < c), min(m for m in marks if m > c)
        loss = [resolve(pool, r, "p", a, b) for r in binary(case)]
        expect(all(analytic_on(pool, n, "p", a, b) for n in loss), "a loss is not shown to be analytic around c")
        weight = pool.scale(1 / c, pool.differentiate(loss[0], "p"))
        n = weight if ask == "weight_function" else pool.sub(*loss)
        low, high = Enclosure({})(exactly(pool, n, {"p": c}))
        value, ends = enclosed(fraction(low), fraction(high))
        values.append(value)
        bounds.append(ends)
    listed = isinstance(given, list)
    return Fact(
        ask, params=params, value=values if listed else values[0],
        bounds=bounds if listed else bounds[0],
    )  # fmt: skip
