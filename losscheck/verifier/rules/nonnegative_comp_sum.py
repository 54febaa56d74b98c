"""Losses of softmax probabilities one at a time are nonnegative where their profiles are.

Lemma. Let ``l_y(z) = a_y(s_y)``, s = softmax(alpha z), alpha > 0, each y with its own profile; s_y has values in (0, 1)
only. If every a_y is >= 0 on (0, 1) (on its pieces, and at the cuts between them) then all losses are nonnegative.

Checked: the identities, the losses defined at every score, and the signs of the profiles.

Proof node: ``{"rule": "nonnegative_comp_sum", "alpha": "1", "own": [graph, ...], "breaks": [[...], ...]}``, one entry
per class, or one for all.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.curve import curve
from losscheck.verifier.profile import F0, F1, profiles
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the losses and the signs of the profiles."""
    for a, breaks in profiles(case, proof):
        c = curve(case.pool, a, "s", F0, F1, breaks)
        expect(all(c.on(p.node, i) in "+p0" for i, p in enumerate(c.pieces)), "a profile is not shown nonnegative")
        expect(all(c.sign(v, i) in "+0" for i, v in enumerate(c.values)), "a profile may be negative at a cut")
    return Fact("nonnegative")
