r"""Signs and bounds of a loss with a signature of its own where it has a value, by the ranges of its graph.

Lemma. The enclosure of a node on the whole domain, and the sign that is read off its structure, hold its values at
every point at which the node has one; a pole at an end of a range is the limit there. So a root whose sign is ``>= 0``
is so wherever it has a value, and a finite end of its range is a bound.

Checked: sign or range of every root; and that every root has a value at the rational point ``at``.

Proof node: ``{"rule": "rows_sign", "ask": "nonnegative" | "bounded_below" | "bounded_above", "at": [...]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.points import rational_point, value_range
from losscheck.verifier.unit_vectors import sign_on
from losscheck.verifier.vanished import domain
from losscheck.verifier.verify import Checker, Fact

KINDS = ("embedding",)
ROWS = True


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every root."""
    ask, at, value = proof["ask"], rational_point(case, proof["at"]), domain(case)
    expect(ask in ("nonnegative", "bounded_below", "bounded_above"), "nothing else follows")
    for root in case.roots:
        value_range(case, root, at)
        above_0 = ask != "bounded_above" and sign_on(root, value) in "+p0"
        end = None if above_0 or ask == "nonnegative" else value(root)[0 if ask == "bounded_below" else 1]
        expect(above_0 or (end is not None and end.is_finite()), "the sign or the bound of a root is not shown")
    return Fact(ask)
