"""Breakers of the rules about losses of a prediction and a truth."""

from __future__ import annotations

from tests.quality.breakers.surgery import (
    Breaker,
    bowl,
    breaks,
    hole,
    instead,
    jump,
    minus,
    onto,
    own,
    plus,
    pole,
    put,
    tilt,
    times,
    well,
)  # fmt: skip

GAP = minus("yhat", "y")

BREAKERS: dict[str, tuple[Breaker, ...]] = {
    "apart_from_labels": (
        breaks("the rest is convex", bowl("yhat", "-50")),
        breaks("what is left out has no other variable", plus(("pow", "2", ("mul", "y", "yhat")), "-1")),
        breaks("what is left out is a number", plus(("log", minus("y", "1")))),
        breaks("it is at single observations too", hole("y", "3/2")),
        breaks("it is smooth between the breakpoints", plus(("abs", ("sum", ("1", "y"), ("-1", "7/2"))))),
    ),
    "act_of_law": (
        breaks("no report elsewhere is better", well("yhat", "9", "-100")),
        breaks("the expected loss falls up to the act", tilt("yhat", "50")),
        breaks("it does not jump", jump("yhat", "3", "-50"), put("breaks", ["2", "3", "8"])),
        breaks("no report has a low value of its own", own("yhat", "3", "-100"), put("breaks", ["2", "3", "8"])),
        breaks("the loss is defined", hole("yhat")),
    ),
    "by_counts": (
        breaks(
            "every positive observation is fine",
            onto(lambda root: ("where", ("lt", "y", "1"), root, ("sum", ("1", root), ("-50", ("pow", "2", "yhat"))))),
        ),
        breaks("so is the observation 0", onto(lambda root: ("where", ("eq", "y", "0"), ("pow", "1/2", "yhat"), root))),
        breaks("the loss is defined at 0", plus(("log", "y"))),
        breaks("it is at 0 before 0 is put in", plus(("mul", "y", ("log", "y")))),
        breaks("the loss keeps off negative numbers at 0", plus(("pow", "1/2", minus("yhat", "1")))),
    ),
    "by_profile": (
        breaks("the loss is one function of the difference", bowl("yhat", "1")),
        breaks("it is on the diagonal too", own("yhat", "1/3", "5")),
        breaks("the loss is defined", hole("yhat")),
        breaks("it is at single points too", pole("yhat")),
    ),
    "by_slice": (
        breaks("the slice has a kink", times("0")),
        breaks("it has it there", put("proof.cut", "1/2")),
        breaks("the loss is defined", hole("yhat", "3/2")),
        breaks("the label is one of the domain", put("y", "x")),
    ),
    "convex_by_sides": (
        breaks("both sides are convex", bowl("yhat", "-50")),
        breaks(
            "they meet on the diagonal",
            onto(lambda root: ("where", ("lt", "0", GAP), ("sum", ("1", root), ("5", "1")), root)),
        ),
        breaks("the slopes are in order there", plus(("abs", GAP), "-5")),
        breaks("the loss is defined", hole("yhat")),
    ),
    "differentiable_by_sides": (
        breaks("the slopes agree on the diagonal", plus(("abs", GAP), "5")),
        breaks(
            "the sides meet", onto(lambda root: ("where", ("lt", "0", GAP), ("sum", ("1", root), ("5", "1")), root))
        ),
        breaks("the diagonal has no value of its own", onto(lambda root: ("where", ("eq", "yhat", "y"), "7", root))),
        breaks("the loss is defined", hole("yhat")),
    ),
    "elicits_by_sides": (
        breaks("the weight does not depend on y", plus(("pow", "4", GAP))),
        breaks("the weight is nonnegative", times("-1")),
        breaks("the diagonal has no value of its own", onto(lambda root: ("where", ("eq", "yhat", "y"), "-7", root))),
        breaks("the slopes are those of the mean", tilt("yhat", "1/1000")),
        breaks("the loss is defined", hole("yhat")),
    ),
    "elicits_witness": (
        breaks("the report is better", bowl("yhat", "50")),
        breaks("the report is another number", put("report", "5/3")),
        breaks("the weights are not negative", put("w", ["-1", "2"])),
        breaks("the loss is defined at the report", hole("yhat", "10")),
    ),
    "floor_on_diagonal": (
        breaks("the loss rises away from the diagonal", tilt("yhat", "50")),
        breaks("it is nonnegative there", plus("1", "-1000")),
        breaks("the diagonal has no value of its own", onto(lambda root: ("where", ("eq", "yhat", "y"), "-7", root))),
        breaks("the loss is defined", hole("yhat")),
    ),
    "homogeneous_by_identity": (
        breaks("the degree is that of the loss", put("degree", "3")),
        breaks("the loss has one", tilt("yhat", "1/1000")),
        breaks("it has one everywhere", own("yhat", "1/3", "5")),
        breaks("the loss is not 0 at the point", put("at", ["1", "1"])),
    ),
    "homogeneous_of_no_degree": (
        breaks("three values of no power", instead(("pow", "2", GAP))),
        breaks("the loss is defined at the points", hole("yhat", "1000")),
        breaks("the loss is not 0 there", times("0")),
    ),
    "influence_by_lipschitz": (
        breaks("the constant is finite", bowl("yhat", "50")),
        breaks(
            "the loss does not jump",
            onto(lambda root: ("where", ("lt", "0", GAP), ("sum", ("1", root), ("5", "1")), root)),
        ),
        breaks("the loss is defined", hole("yhat")),
    ),
    "lipschitz_by_sides": (
        breaks("the bound holds on both sides", tilt("yhat", "50")),
        breaks("the bound is reached", put("upper", "2")),
        breaks(
            "the sides meet", onto(lambda root: ("where", ("lt", "0", GAP), ("sum", ("1", root), ("5", "1")), root))
        ),
        breaks("the loss is defined", hole("yhat")),
    ),
    "steep_along": (
        breaks("the slope is infinite along the line", times("0")),
        breaks("the loss is defined far out", plus(("pow", "1/2", ("sum", ("-1", "yhat"))))),
        breaks("the line moves", put("path", [["0", "0"], ["1", "0"]])),
    ),
    "unbounded_on_line": (
        breaks("the limit is infinite", times("0")),
        breaks("it has the sign asked", put("side", "below")),
        breaks("the loss is defined far out", plus(("pow", "1/2", ("sum", ("-1", "y"))))),
    ),
}
