r"""Small boxes on which a combination of derivatives has the wrong sign, for every choice of the float constants.

Almost every point of a box lies off all switches, where every graph is differentiable with the derivative that the
pool writes down (an undecided branch counts with both). So a strict sign on the whole box holds at a point where the
functions are differentiable. All of them are defined and finite on the box. By ``what``:

- ``asymmetric`` (map): ``ds_i/dz_j - ds_j/dz_i`` is not 0: not ``jacobian_symmetric_psd``;
- ``negative`` (map): ``sum v_i v_j ds_i/dz_j < 0``: not ``jacobian_symmetric_psd``;
- ``sum`` (logits): ``sum_k dl_i/dz_k`` is not 0: not ``gradient_sums_to_zero``;
- ``rows`` (embedding): the j-th entries of the gradients of all rows do not add up to 0: not ``gradient_sums_to_zero``;
- ``common`` (logits): ``d(l_i - l_0)/dz_j`` is not ``[j = 0] - [j = i]``: no ``gradient_identity`` with any map;
- ``softmax`` (logits): ``dl_i/dz_j`` is not ``softmax_j - [j = i]``;
- ``pull`` (logits): ``-dl_i/dz_i`` is less than that of the reference: not ``gradient_lower_bound``.

Proof node: ``{"rule": "derivative_witness", "what": "asymmetric", "at": [...], "radius": "1/1024", "i": 0, "j": 1,
"along": null}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import ranges, sign
from losscheck.verifier.points import rational_point
from losscheck.verifier.row_points import askable, rows_of
from losscheck.verifier.rules.gradient_pull import excess
from losscheck.verifier.softmax import softmax
from losscheck.verifier.terms import F1, Node
from losscheck.verifier.verify import Checker, Fact

KINDS = ("map", "logits", "embedding")
ROWS = True
ASKED = {
    "asymmetric": ("map", "jacobian_symmetric_psd"),
    "negative": ("map", "jacobian_symmetric_psd"),
    "sum": ("logits", "gradient_sums_to_zero"),
    "rows": ("embedding", "gradient_sums_to_zero"),
    "common": ("logits", "gradient_identity"),
    "softmax": ("logits", "gradient_identity"),
    "pull": ("logits", "gradient_lower_bound"),
}


def combination(case: Case, proof: dict[str, Any]) -> Node:
    """What must not have a strict sign (``negative``, ``pull``: not be negative)."""
    pool, roots, names, what = case.pool, case.roots, case.variables, proof["what"]
    if what == "negative":
        v = [rational(x) for x in proof["along"]]
        expect(len(v) == len(names), "a direction has one number per score")
        parts = [
            (v[i] * v[j], pool.differentiate(r, x)) for i, r in enumerate(roots) for j, x in enumerate(names) if v[i]
        ]
        return pool.linear(*parts)
    i = proof["i"]
    expect(type(i) is int and 0 <= i < len(roots), "a root is named by its index")
    if what == "pull":
        return excess(case, i, proof["reference"])
    if what == "sum":
        return pool.add(*(pool.differentiate(roots[i], x) for x in names))
    j = proof["j"]
    if what == "rows":
        expect(askable(rows_of(case), "shift"), "no one vector is added to all rows")
        vectors = rows_of(case).vectors()
        expect(type(j) is int and 0 <= j < len(vectors[0]), "an entry of a row is named by its index")
        return pool.add(*(pool.differentiate(roots[i], v[j]) for v in vectors))
    expect(type(j) is int and 0 <= j < len(names), "a score is named by its index")
    own = pool.differentiate(roots[i], names[j])
    if what == "asymmetric":
        return pool.sub(own, pool.differentiate(roots[j], names[i]))
    meant = Fraction(-(j == i))
    if what == "softmax":
        return pool.linear((F1, own), (-F1, softmax(case, F1)[j]), (-meant, pool.one))
    other = pool.differentiate(roots[0], names[j])
    return pool.linear((F1, own), (-F1, other), (-meant - (j == 0), pool.one))


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the sign on the box."""
    what = proof["what"]
    kind, name = ASKED[what]
    expect(case.kind == kind, f"{name} is not asked of kind {case.kind}")
    at, radius = rational_point(case, proof["at"]), rational(proof["radius"])
    expect(radius > 0, "the box is not open")
    box = Enclosure(ranges({x: (q - radius, q + radius) for x, q in at.items()}))
    for root in case.roots:
        low, high = box(root)
        expect(low.is_finite() and high.is_finite(), "a function is not finite on the box")
    n = combination(case, proof)
    low, high = box(n)
    expect(low.is_finite() and high.is_finite(), "a derivative is not finite on the box")
    expect(sign(n, box) in ("-" if what in ("negative", "pull") else "+-"), "the sign is not shown on the box")
    params: dict[str, Any] = {"map": "softmax" if what == "softmax" else None} if name == "gradient_identity" else {}
    if what == "pull":
        params = {"reference": proof["reference"]}
    return Fact(name, holds=False, params=params)
