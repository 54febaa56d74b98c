"""Breakers of the rules about convexity, smoothness, slopes and bounds."""

from __future__ import annotations

from tests.quality.breakers.surgery import (
    Breaker,
    Term,
    bowl,
    breaks,
    hole,
    instead,
    jump,
    kink,
    minus,
    onto,
    own,
    plus,
    pole,
    put,
    tilt,
    times,
)  # fmt: skip

GAP = minus("yhat", "y")


def spiked(root: int) -> Term:
    """A loss with a low value of its own where yhat - y = 1/3 alone."""
    return ("where", ("eq", GAP, "1/3"), "-100", root)


BREAKERS: dict[str, tuple[Breaker, ...]] = {
    "by_columns": (
        breaks("every term has one variable", plus(("mul", "z0", "z1"), "1/1000")),
        breaks("every function is convex", bowl("z0", "-1")),
        breaks("the loss is defined", hole("z0")),
        breaks("it is at single points too", own("z1", "1/3", "5")),
        breaks("there is a proof for every variable", put("proofs.0", [{"rule": "convex_by_curvature"}])),
    ),
    "bounded_by_limits": (
        breaks("the loss has no pole", plus(("pow", "-2", "v"), "1"), put("breaks", [["0"]])),
        breaks("no end rises without bound", bowl("v", "50")),
        breaks("the loss is defined", hole("v")),
        breaks("the loss has a value at every cut", pole("v"), put("breaks", [["1/3"]])),
    ),
    "bounded_by_range": (
        breaks("the range is bounded on that side", bowl("v", "50")),
        breaks("it is on the other side too, where that is asked", put("side", "below"), bowl("v", "-1")),
        breaks("the loss is defined at every score", hole("v")),
        breaks("it is at single scores too", pole("v")),
    ),
    "bounded_on_region": (
        breaks("the parts are nonnegative", bowl("yhat", "-50")),
        breaks("no value of its own is negative", own("yhat", "1/3", "-100")),
        breaks("the loss is defined", hole("yhat")),
    ),
    "convex_by_cells": (
        breaks("no cell is concave", plus(("max", "0", ("sum", ("1", "z1"), ("-10", "1"))), "-1")),
        breaks("cells join without a jump", jump("z0", "30", "-5")),
        breaks("no wall has a value of its own", own("z0", "30", "-100")),
    ),
    "convex_by_curvature": (
        breaks("the parts are convex", bowl("v", "-50")),
        breaks("no kink is concave", kink("v", "1/3", "-5")),
        breaks("branches may jump", jump("v", "1/3", "-5")),
        breaks("the loss is defined at every score", hole("v")),
        breaks("it is at single scores too", pole("v")),
    ),
    "convex_by_pieces": (
        breaks("no piece is concave", bowl("v", "-50")),
        breaks("no kink is concave", kink("v", "1/3", "-5"), put("breaks", [["0", "1/3"]])),
        breaks("the loss does not jump", jump("v", "1/3", "5"), put("breaks", [["0", "1/3"]])),
        breaks("no cut has a value of its own", own("v", "1/3", "100"), put("breaks", [["0", "1/3"]])),
        breaks("the pieces are defined", hole("v"), put("breaks", [["0", "1/3"]])),
    ),
    "convex_witness": (
        breaks("the chord is below the middle", bowl("v", "50")),
        breaks("the weight lies inside (0, 1)", put("weight", "1")),
        breaks("the loss is defined at the points", hole("v")),
        breaks("the points are different", put("b", ["-16"])),
    ),
    "differentiable_by_cells": (
        breaks("cells join with equal slopes", kink("z0", "1/3", "5")),
        breaks("cells join without a jump", jump("z0", "1/3", "5")),
        breaks("no wall has a value of its own", own("z0", "1/3", "5")),
    ),
    "differentiable_by_pieces": (
        breaks("slopes agree at a cut", kink("v", "1/3", "5"), put("breaks", [["1/3", "1"]])),
        breaks("the loss does not jump at a cut", jump("v", "1/3", "5"), put("breaks", [["1/3", "1"]])),
        breaks("no cut has a value of its own", own("v", "1/3", "5"), put("breaks", [["1/3", "1"]])),
        breaks("the pieces are defined", hole("v"), put("breaks", [["1/3", "1"]])),
    ),
    "differentiable_everywhere": (
        breaks("the loss has no kink", kink("v", "1/3", "5")),
        breaks("the loss does not jump", jump("v", "1/3", "5")),
        breaks("the loss is defined at every score", hole("v")),
        breaks("it is at single scores too", pole("v")),
    ),
    "kink": (
        breaks("the slopes differ", times("0")),
        breaks("the loss is defined on the line", hole("v", "1/2")),
        breaks("the line is cut at the kink", put("cut", "1/2")),
    ),
    "lipschitz_by_cells": (
        breaks("the loss is affine on its cells", bowl("z0", "1")),
        breaks("it has no step", jump("z0", "1/3", "1")),
        breaks("nor a value of its own on a line", own("z0", "1/3", "1")),
        breaks("the loss is defined at every score", hole("z0")),
        breaks("the norm is one that is known", put("norm", "l1")),
    ),
    "lipschitz_by_hull": (
        breaks("the gradients are bounded", bowl("z0", "50")),
        breaks("the loss is defined", hole("z0")),
        breaks("the slope between the points comes near the bound", put("b", ["0", "0", "601"])),
    ),
    "lipschitz_comp_sum": (
        breaks("the loss is phi of softmax", tilt("z0", "1/1000", 0)),
        breaks("the bound holds on every piece", put("upper", "1/4")),
        breaks("the loss is defined at single scores too", pole("z0")),
        breaks("the bound is reached", put("where.point", "1/100")),
    ),
    "lipschitz_infinite": (
        breaks("the slope grows without bound", times("0")),
        breaks("the loss is defined far out", plus(("pow", "1/2", ("sum", ("-1", "z0"))))),
        breaks("the line moves", put("path", [["0", "0"], ["0", "0"], ["0", "0"]])),
    ),
    "nonincreasing_by_pieces": (
        breaks("no piece rises", tilt("v", "50")),
        breaks("no cut steps up", jump("v", "1/3", "5"), put("breaks", [["1/3"]])),
        breaks("no cut has a value of its own", own("v", "1/3", "-100"), put("breaks", [["1/3"]])),
        breaks("the pieces are defined", hole("v"), put("breaks", [["1/3"]])),
    ),
    "nonnegative_by_signs": (
        breaks("no part is negative", bowl("v", "-50")),
        breaks("no value of its own is negative", own("v", "1/3", "-100")),
        breaks("the loss is defined at every score", hole("v")),
        breaks("it is at single scores too", pole("v")),
    ),
    "nonnegative_on_pieces": (
        breaks("no piece is negative", plus("1", "-1000")),
        breaks("no cut has a negative value", onto(spiked), put("proof.breaks", [["0", "1/3"]])),
        breaks("the loss is one function of the difference", tilt("yhat", "1/1000")),
    ),
    "slope_by_convexity": (
        breaks("the function is convex", instead(("sum", ("-1", ("abs", GAP))))),
        breaks("the loss is one function of the difference", bowl("yhat", "50")),
        breaks("the pieces are defined", hole("yhat")),
    ),
    "slope_by_pieces": (
        breaks("the bound holds on every piece", bowl("v", "50")),
        breaks("the slopes agree at a cut", kink("v", "1/3", "5"), put("breaks", [["1/3"]])),
        breaks("the loss does not jump", jump("v", "1/3", "5"), put("breaks", [["1/3"]])),
        breaks("the bound is reached", put("upper", "3")),
    ),
    "slopes_bounded_on_pieces": (
        breaks("the slopes are bounded", bowl("v", "50")),
        breaks("the loss does not jump", jump("v", "1/3", "5"), put("breaks", [["1/3"]])),
        breaks("the pieces are defined", hole("v"), put("breaks", [["1/3"]])),
    ),
    "unbounded_along": (
        breaks("the limit is infinite on that side", bowl("v", "-50")),
        breaks("the loss rises along the line", times("-1")),
        breaks("the loss is defined far out", plus(("pow", "1/2", ("sum", ("-1", "v"))))),
    ),
    "increase_witness": (
        breaks("the loss is larger at the larger score", times("0")),
        breaks("the points are in order", times("-1")),
        breaks("the loss is defined at the points", hole("v", "100")),
    ),
    "negative_witness": (
        breaks("the loss is negative", plus("1", "1000")),
        breaks("it is at the point", put("at", ["0", "0"])),
        breaks("the loss is defined at the point", hole("z0", "10")),
    ),
    "implication": (
        breaks("the premise holds", bowl("v", "-50")),
        breaks("the premise is that of the theorem", put("theorem", "strictly_proper_is_proper")),
        breaks("the loss is defined", hole("v")),
    ),
    "nonnegative_comp_sum": (
        breaks("every loss is the claimed function of softmax", tilt("z0", "1/1000", 0)),
        breaks("the profile is nonnegative", times("-1"), put("own.0.nodes.2", ["add", ["0", "1"], [1]])),
        breaks("the losses are defined at single scores too", pole("z0")),
        breaks("alpha is positive", put("alpha", "-1")),
    ),
    "unbounded_by_convexity": (
        breaks("the loss is convex", bowl("v", "-50")),
        breaks("it takes two values", put("points", [["1"], ["1"]])),
        breaks("it is defined at every score", hole("v")),
    ),
    "convex_comp_sum": (
        breaks("every loss is the claimed function of softmax", bowl("z0", "1")),
        breaks("the profile falls and bends", times("-1"), put("own.0.nodes.2", ["add", ["0", "1"], [1]])),
        breaks("the losses are defined at single scores too", pole("z0")),
        breaks("alpha is positive", put("alpha", "-1")),
    ),
}
