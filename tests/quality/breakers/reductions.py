"""Breakers of the rules that reduce losses of several or of soft labels to simpler ones."""

from __future__ import annotations

from collections.abc import Callable

from tests.quality.breakers.surgery import (
    Breaker,
    Certificate,
    Change,
    Term,
    bowl,
    breaks,
    hole,
    instead,
    minus,
    own,
    planted,
    plus,
    pole,
    put,
    tilt,
    times,
)


def through(g: Callable[[Term], Term]) -> Change:
    """Put the cross-entropy of ``g(z0), g(z1)`` in the loss's place, and g into the proof."""

    def change(c: Certificate) -> Certificate:
        for y in (0, 1):
            c = instead(("lse", "0", minus(g(f"z{1 - y}"), g(f"z{y}"))), y)(c)
        made: Certificate = {"graph": {"nodes": [], "roots": []}}
        made["graph"]["roots"] = [planted(made, g("v"))]
        return put("g", made["graph"])(c)

    return change


ABOVE = {"rule": "bounded_by_range", "side": "above"}

BREAKERS: dict[str, tuple[Breaker, ...]] = {
    "by_hard_labels": (
        breaks("the loss is linear in the label", plus(("mul", ("pow", "2", "q0"), ("pow", "2", "z0")))),
        breaks("it has no term of the label alone", plus(("pow", "2", "q0"), "-1"), plus("q0", "1")),
        breaks("the loss is defined at all scores", hole("z0")),
        breaks("the loss is defined at single scores too", pole("z0")),
        breaks("the losses of hard labels are nonnegative", times("-1")),
    ),
    "by_label_parts": (
        breaks("the loss is a sum over the labels", plus(("mul", "z0", "z1"))),
        breaks("one label vector's loss is that sum too", bowl("z0", "1", 3)),
        breaks("every part is calibrated", tilt("z0", "50")),
        breaks("every part is bounded below", put("bounded.0", ABOVE)),
        breaks("the losses are defined at all scores", hole("z1")),
    ),
    "by_monotone_scores": (
        breaks("g does not decrease", through(lambda v: ("sum", ("-1", v)))),
        breaks("g does not decrease anywhere", through(lambda v: ("sum", ("1", v), ("2", ("sin", v))))),
        breaks("g has an infinite end", through(lambda v: ("atan", v))),
        breaks("g has no step", through(lambda v: ("sum", ("1", v), ("1", ("where", ("lt", "0", v), "1", "0"))))),
        breaks(
            "g has two infinite ends, where the loss behind it is not known to be shift invariant",
            through(lambda v: ("lse", "0", v)),
            put("shift", None),
        ),
        breaks("the losses see the scores through g alone", tilt("z0", "1/1000", 0)),
        breaks("the losses are defined at every score", hole("z0")),
    ),
    "nonnegative_by_gibbs": (
        breaks("the term of the label is its entropy", plus(("mul", "q0", "q1"), "-1")),
        breaks("the scores enter by softmax alone", tilt("z0", "1/1000")),
        breaks("it has no value of its own on a face", own("q0", "0", "-1")),
        breaks("the factor is not negative", times("-1"), put("c", "-1")),
        breaks("the scale is that of the scores", put("alpha", "2")),
        breaks("the loss is defined at all scores", hole("z0")),
    ),
}
