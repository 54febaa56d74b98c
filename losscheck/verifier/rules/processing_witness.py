r"""A kernel that raises a divergence: ``d(p W, q W) > d(p, q)``.

p and q are rational points of the open simplex and W is a rational row-stochastic matrix with positive output (no
column is zero), as wide as the loss was read for; the values are finite and the inequality holds for every choice of
the float constants within 2 ulp.

Proof node: ``{"rule": "processing_witness", "first": [...], "second": [...], "kernel": [[...], ...]}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.pairs import joined, vector
from losscheck.verifier.points import value_range
from losscheck.verifier.verify import Checker, Fact

KINDS = ("divergence",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that the processed vectors are farther apart."""
    k, rows = case.n_classes or 0, proof["kernel"]
    expect(isinstance(rows, list) and all(isinstance(r, list) for r in rows), "a kernel is a list of rows")
    expect(len(rows) == k and all(len(r) == k for r in rows), f"the kernel is {k} x {k}")
    kernel = [[rational(x) for x in row] for row in rows]
    stochastic = all(sum(row) == 1 and min(row) >= 0 for row in kernel)
    expect(stochastic and all(any(column) for column in zip(*kernel, strict=True)), "the kernel is row-stochastic")
    ends = [vector(case, proof[name], name == "second") for name in ("first", "second")]
    after = [[sum((x * row[j] for x, row in zip(v, kernel, strict=True)), Fraction(0)) for j in range(k)] for v in ends]
    (root,) = case.roots
    before, processed = (value_range(case, root, joined(case, *vs)) for vs in (ends, after))
    expect(processed[0] > before[1], "processing is not shown to raise the divergence")
    return Fact("data_processing", holds=False)
