"""Losses of softmax probabilities one at a time are nonnegative where their profiles are.

Lemma. Let ``l_y(z) = a_y(s_y)``, s = softmax(alpha z), alpha > 0, each y with its own profile; s_y has values in (0, 1)
only. If every a_y is >= 0 on (0, 1) (on its pieces, and at the cuts between them) then all losses are nonnegative.

Checked: the identities, the losses defined at every score, and the signs of the profiles.

Proof node: ``{"rule": "nonnegative_comp_sum", "alpha": "1", "own": [graph, ...], "breaks": [[...], ...]}``, one entry
per class, or one for all.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import curve
from losscheck.verifier.identity import vanishes
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.softmax import formula, replace, softmax
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the losses and the signs of the profiles."""
    pool, alpha = case.pool, rational(proof["alpha"])
    expect(alpha > 0 and broken_nowhere(case), "alpha is positive and the losses are defined everywhere")
    own, hints, n = proof["own"], proof["breaks"], len(case.roots)
    expect(len(own) == len(hints) and len(own) in (1, n), "one profile for all classes, or one for each")
    profiles = [formula(case, a, {"s"}) for a in own]
    for a, breaks in zip(profiles, hints, strict=True):
        c = curve(pool, a, "s", Fraction(0), Fraction(1), breaks)
        expect(all(c.on(p.node, i) in "+p0" for i, p in enumerate(c.pieces)), "a profile is not shown nonnegative")
        expect(all(c.sign(v, i) in "+0" for i, v in enumerate(c.values)), "a profile may be negative at a cut")
    for y, (root, s) in enumerate(zip(case.roots, softmax(case, alpha), strict=True)):
        a = profiles[y if len(profiles) > 1 else 0]
        expect(vanishes(pool, pool.sub(root, replace(case, a, {"s": s}))), "a loss is not the claimed function")
    return Fact("nonnegative")
