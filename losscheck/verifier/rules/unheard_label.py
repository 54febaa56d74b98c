r"""Losses of several labels that say nothing about one label vector: neither calibrated nor do they recover.

Let ``l(z, y0)`` be one number for all z, K >= 2. Let mu be any law of the other label vectors and ``mu_t`` that which
takes y0 with probability t and mu else: ``C(z, mu_t) = (1 - t) C(z, mu) + t l(., y0)``, so for t < 1 all ``mu_t`` have
the same minimising sequences, and no others.

1. ``classification_calibrated`` (Hamming loss): let mu be a single vector ``y1 != y0``. For t = 0 the right scores
   have the signs of y1, for t = 3/4 those of y0. If scores with another sign than y1 kept away from the infimum, as
   calibration at t = 0 asks, all minimising sequences would end in signs y1, wrong for some label at t = 3/4.
2. ``recovers_probability``: let mu have the marginals eta in (0, 1), not all equal to those of y0. If mu has a finite
   minimiser, it minimises for the other marginals of mu_t too; if it has none, it does not recover eta.

Hypothesis checked: the formula of one label vector is a number, without variables.

Proof node: ``{"rule": "unheard_label", "label": 0, "shows": "classification_calibrated"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.terms import walk
from losscheck.verifier.verify import Checker, Fact

KINDS = ("multilabel",)
SHOWS: dict[str, dict[str, Any]] = {"classification_calibrated": {}, "recovers_probability": {"link": None}}


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that the loss of one label vector is a number."""
    y = proof["label"]
    expect(type(y) is int and 0 <= y < len(case.roots), "the label is an index into the label vectors")
    expect(not any(n.op == "var" for n in walk(case.roots[y])), "the loss of the label vector depends on the scores")
    expect(all(end.is_finite() for end in Enclosure({})(case.roots[y])), "the loss of the label vector is no number")
    expect(proof["shows"] in SHOWS, "the rule refutes calibration and recovery")
    return Fact(proof["shows"], False, SHOWS[proof["shows"]])
