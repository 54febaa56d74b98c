"""Breakers of the rules about probabilities: properness, risks, links."""

from __future__ import annotations

from tests.quality.breakers.surgery import (
    Breaker,
    bowl,
    breaks,
    hole,
    instead,
    jump,
    kink,
    minus,
    own,
    plus,
    pole,
    put,
    tilt,
    times,
    wave,
)  # fmt: skip

MISSING = ("sum", ("1", ("pow", "2", ("pow", "1/2", minus("p0", "1/3")))), ("-1", minus("p0", "1/3")))

BREAKERS: dict[str, tuple[Breaker, ...]] = {
    "act_by_curvature": (
        breaks("the losses are convex", bowl("p0", "-50")),
        breaks("the losses do not jump", jump("p0", "1/3", "-5")),
        breaks("the gradient is small at the centre", tilt("p0", "50", 0)),
        breaks("the curvature is as large as said", put("curvature", "1000000")),
        breaks("the truth is that of the question", put("truths", [["1/3", "1/3", "1/3"]])),
    ),
    "composite_convex": (
        breaks("every composite is convex", bowl("p", "-50")),
        breaks("it has no concave kink", kink("p", "1/3", "-5"), put("breaks", [["1/3"], ["1/3"]])),
        breaks("it does not jump", jump("p", "1/3", "5"), put("breaks", [["1/3"], ["1/3"]])),
        breaks("it is defined inside", hole("p")),
    ),
    "exp_concavity": (
        breaks("the ratio stays above the bound", tilt("p", "50")),
        breaks("it does on the other side of a kink", kink("p", "1/3", "-5"), put("breaks", [["1/3"], ["1/3"]])),
        breaks("the bound is the one that is reached", put("lower", "1")),
        breaks("the loss is defined inside", hole("p")),
    ),
    "generator_by_risk": (
        breaks("the witness is one against properness", put("proper.q", ["1/6", "1/6", "2/3"])),
        breaks("the losses are defined at the report", hole("p0")),
        breaks("the report is better", bowl("p2", "50")),
    ),
    "link_at": (
        breaks("the losses are convex", bowl("v", "-50")),
        breaks("they have slopes at the score", kink("v", "3", "5")),
        breaks("the losses are defined at every score", hole("v")),
        breaks("the point is that of the question", put("points", ["2"])),
    ),
    "mixability": (
        breaks("the loss is proper", tilt("p", "50")),
        breaks("the weight gives the constant", put("upper", "1/4")),
        breaks("the losses are defined inside", hole("p")),
        breaks("no label has another loss", tilt("p", "1/1000", 0)),
    ),
    "proper_by_cells": (
        breaks("the losses are piecewise constant", tilt("p0", "1/1000")),
        breaks("no cell has a better report: one jump more", jump("p0", "1/3", "5")),
        breaks("a thin cell has a fair value", own("p0", "1/3", "-100")),
        breaks("the labels are in order", times("2", 0)),
    ),
    "proper_by_pieces": (
        breaks("both losses fit one weight", tilt("p", "1/1000", 0)),
        breaks("the weight is nonnegative", times("-1")),
        breaks("a jump is fair", jump("p", "1/3", "5"), put("breaks", ["1/3"])),
        breaks("a value of its own is fair", own("p", "1/3", "-100"), put("breaks", ["1/3"])),
        breaks("the losses are defined inside", hole("p")),
    ),
    "proper_by_stationarity": (
        breaks("truth is stationary", tilt("p0", "1/1000", 0)),
        breaks("the losses do not jump", jump("p0", "1/3", "5")),
        breaks("the Bayes risk is concave", times("-1"), put("matrix", [["8", "4"], ["4", "2"]])),
        breaks("the losses are defined on the open simplex", pole("p0")),
        breaks("the matrix is the curvature", put("matrix", [["-8", "-4"], ["-4", "-8"]])),
    ),
    "proper_composite": (
        breaks("two risks share the minimiser", tilt("v", "50")),
        breaks("the losses are defined at every score", hole("v")),
        breaks("no score beats the one named", own("v", "1/3", "-100"), put("premise.breaks", ["-1", "1/3", "1"])),
        breaks("the way is for losses of one score", put("way", "shifted")),
    ),
    "proper_through_softmax": (
        breaks("every loss is its score of softmax", tilt("z0", "1/1000", 0)),
        breaks("at every score", own("z0", "1/3", "-100")),
        breaks("the losses are defined at single scores too", pole("z0")),
        breaks(
            "the score is stationary at the truth",
            times("2", 0),
            put("scores.0.nodes.7", ["add", ["0", "2", "2", "2"], [1, 3, 6]]),
        ),
    ),
    "proper_witness": (
        breaks("the report is better", bowl("p", "50")),
        breaks("truth and report differ", put("q", ["3/20"])),
        breaks("the losses are defined at the report", hole("p")),
        breaks("the report is a probability", put("q", ["2"])),
    ),
    "recovers_by_link": (
        breaks("the sides have no kink", kink("v", "1/3", "5"), put("breaks", ["-1/3", "0", "1/3"])),
        breaks("the sides have no jump", jump("v", "1/3", "-5"), put("breaks", ["-1/3", "0", "1/3"])),
        breaks("f1' stays below f0'", tilt("v", "50")),
        breaks("the link is monotone", wave("v")),
        breaks("the losses are defined at every score", hole("v")),
    ),
    "recovers_softmax_by_stationarity": (
        breaks("softmax is stationary", times("2", 0)),
        breaks("the losses are smooth", kink("z0", "1/3", "5")),
        breaks("shifting all scores changes nothing", bowl("z0", "1")),
        breaks("the losses diverge", put("flows.0", [["1/3", "1/3", "1/3"]])),
        breaks("the losses are defined at single scores too", pole("z0")),
    ),
    "does_not_recover_softmax": (
        breaks("the point has a risk below that near p", put("z", ["-673/1000", "-301/125", "-229/250"])),
        breaks("p is interior", put("p", ["1/2", "1/2", "0"])),
        breaks("shifting all scores changes nothing", tilt("z0", "50")),
        breaks("the losses are defined at the point", hole("z0", "10")),
    ),
    "risk_at_truth": (
        breaks("the loss is strictly proper", tilt("p", "50")),
        breaks("no value of its own is better", own("p", "1/3", "-100"), put("premise.breaks", ["1/3"])),
        breaks("the truth is that of the question", put("truths", [["1/2", "1/2"]])),
    ),
    "risk_by_cells": (
        breaks("no cell has a better report: a jump", jump("p1", "1/3", "-5")),
        breaks("a thin cell has a fair value", own("p1", "1/3", "-100")),
        breaks("the least risk is reached", put("least", "1/4")),
        breaks("no other report is as good", instead("0")),
        breaks("the risk is affine on the cells", bowl("p0", "1")),
        breaks("the losses are defined everywhere", pole("p0")),
        breaks("also where the weighted sum cancels them", hole("p0", label=0), plus(MISSING, "-5/3", 1)),
        breaks("the truth is that of the question", put("truths", [["1/3", "1/3", "1/3"]])),
    ),
    "risk_by_slopes": (
        breaks("the risk rises right of the bracket", tilt("p", "-50")),
        breaks("the risk falls left of it", tilt("p", "50")),
        breaks("the risk does not jump down", jump("p", "1/3", "-500"), put("breaks", ["1/3"])),
        breaks("the truth is that of the question", put("truths.0", ["1/2", "1/2"])),
        breaks("the risk is defined inside", hole("p")),
    ),
    "risk_by_tangent": (
        breaks("the losses are convex", bowl("p0", "-50")),
        breaks("they do not jump", jump("p0", "1/3", "5")),
        breaks("the tangent touches inside", put("inner", ["1", "0", "0"])),
        breaks("the losses are defined on the open simplex", pole("p0")),
    ),
    "unrecoverable_by_minimisers": (
        breaks("no score beats the one named", own("v", "1/3", "-100"), put("breaks", ["-1", "1/3", "1"])),
        breaks("it is a minimiser of both", tilt("v", "50")),
        breaks("two eta are named", put("etas", ["1/20", "1/20"])),
        breaks("the losses are defined at every score", hole("v")),
    ),
    "unrecoverable_by_symmetry": (
        breaks("the sides add up to a constant", bowl("v", "1/1000")),
        breaks("they do at every score", own("v", "1/3", "1"), put("breaks", ["-1/3", "1/3"])),
        breaks("both are defined", hole("v")),
        breaks("the sides are equal", put("even", True)),
    ),
    "weight_at": (
        breaks("the loss is proper", tilt("p", "50")),
        breaks("it has no jump", jump("p", "1/3", "5"), put("premise.breaks", ["1/3"])),
        breaks("the points are those of the question", put("points", ["1/4", "9/10"])),
    ),
    "distance_by_slopes": (
        breaks("mass farther off costs more", tilt("p0", "-50")),
        breaks("the loss does not jump", jump("p0", "1/3", "-5")),
        breaks("no value of its own is lower", own("p0", "1/3", "-100")),
        breaks("the losses are defined", hole("p0")),
    ),
    "distance_witness": (
        breaks("mass goes farther off", put("to", 1)),
        breaks("the reports are distributions", put("q", ["1/10", "1/10", "9/10"])),
        breaks("the losses are defined at both reports", hole("p0")),
    ),
    "local_by_derivatives": (
        breaks("the loss ignores the split of the rest", bowl("p1", "1", 0)),
        breaks("the loss does not jump", jump("p0", "1/3", "5")),
        breaks("the losses are defined on the open simplex", pole("p0")),
    ),
    "local_witness": (
        breaks("the losses differ", times("0")),
        breaks("the reports agree at the label", put("q", ["1/5", "1/5", "3/5"])),
        breaks("the losses are defined at both reports", hole("p0", "1/2")),
    ),
    "does_not_recover_on_ray": (
        breaks("the limit along the ray is the least risk", put("value", "2")),
        breaks("softmax tends to something else than p", put("p", ["1/3", "1/3", "1/3"])),
        breaks("p is interior", put("p", ["1/2", "1/2", "0"])),
        breaks("the losses are defined on the ray", hole("z0", "10")),
    ),
    "proper_by_minors": (
        breaks("truth is stationary", tilt("p0", "1/1000", 0)),
        breaks("the Bayes risk is concave", times("-1")),
        breaks("the losses are finite on the closed simplex", hole("p0")),
        breaks("no loss branches", jump("p0", "1/3", "5")),
    ),
    "recovers_by_stationarity": (
        breaks("both sides fall left of L", put("low", "0"), put("breaks", ["0", "1"])),
        breaks("no score is stationary for both sides", instead(("pow", "2", "v"))),
        breaks("the sides have no kink", kink("v", "1/3", "5"), put("breaks", ["-1", "-1/3", "1/3", "1"])),
        breaks("the losses are defined at every score", hole("v")),
    ),
}
