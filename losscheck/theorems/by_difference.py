"""Losses that depend on the difference of their arguments only, in a convex way (rule ``by_difference``)."""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome

MESSAGES = {
    "triangle_inequality": "The loss is a sublinear function of the difference of its arguments.",
    "jointly_convex": "The loss is a convex function of the difference of its arguments.",
    "nonnegative": "The loss is a sum of nonnegative terms in the difference of its arguments.",
    "identity_of_indiscernibles": "The terms of the loss, all nonnegative, vanish together for equal arguments only.",
    "zero_iff_equal": "The terms of the loss, all nonnegative, vanish together for equal arguments only.",
    "min_at_target": "The loss is nowhere below its value for equal arguments.",
    "bounded_above": "A convex function of the difference is largest at a pair of vertices.",
    "supremum": "A convex function of the difference is largest at a pair of vertices.",
}


def attempt(lifted: Lifted, ask: str) -> Outcome | None:
    """Prove ``ask``, or None."""
    return prove(lifted, ask, {"rule": "by_difference", "ask": ask}, message=MESSAGES[ask])
