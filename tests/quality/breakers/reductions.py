"""Breakers of the rules that reduce losses of several or of soft labels to simpler ones."""

from __future__ import annotations

from tests.quality.breakers.surgery import Breaker, bowl, breaks, hole, plus, pole, put, tilt, times

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
}
