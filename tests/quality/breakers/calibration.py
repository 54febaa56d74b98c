"""Breakers of the rules of calibration and of top-k calibration."""

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
    swapped,
    tilt,
    times,
    wave,
    well,
)  # fmt: skip

FAR = ("max", "0", minus("z1", "10"))
ALL = put("classes", "all")
CAPPED = {
    "nodes": [
        ["var", "s", []], ["log", None, [0]], ["add", ["0", "-1"], [1]], ["const", "5", []], ["log", None, [3]],
        ["min", None, [2, 4]],
    ],
    "roots": [5],
}  # fmt: skip
RISING = {"nodes": [["var", "s", []], ["log", None, [0]]], "roots": [1]}


def line(c0: str, c1: str) -> Term:
    """The graph of an affine function of s."""
    return {"nodes": [["var", "s", []], ["add", [c0, c1], [0]]], "roots": [1]}


def dip(s: Term) -> Term:
    """s^2 - s."""
    return ("sum", ("1", ("pow", "2", s)), ("-1", s))


def capped(root: Term) -> Term:
    """A loss that no longer falls where the probability is below 1/5, which three classes cannot all have."""
    return ("min", root, ("log", "5"))


SHARES = ((0, 12), (1, 19), (2, 26))
"""Of an active-passive sum: the labels, and where the graph has their probabilities."""
DIPPED = {
    "nodes": [["var", "s", []], ["pow", "2", [0]], ["add", ["2", "-3", "1"], [0, 1]]],
    "roots": [2],
}
LOWERED = tuple(put(f"losses.{y}.nodes.17.1.0", "-1/10") for y in range(3))
THIRD = {"nodes": [["const", "1/3", []]], "roots": [0]}
EVEN = (*(instead(("sum", ("-2", s), ("7/3", "1")), y) for y, s in SHARES), put("losses", [THIRD] * 3))

BREAKERS: dict[str, tuple[Breaker, ...]] = {
    "balanced_by_shift": (
        breaks("the shifted loss is a log score: it is another function far from the data", bowl("z0", "1")),
        breaks("every loss is defined at every score", hole("z1")),
        breaks("every loss is defined at single scores too", pole("z0")),
        breaks("the shift is that of the prior", put("adjusted", ["2", "2", "1"])),
        breaks("the scale is positive", times("-1"), put("scale", "-1")),
    ),
    "balanced_dual_witness": (
        breaks("the minorant does not change along the diagonal", tilt("z0", "1", 0)),
        breaks("one class alone leads p / prior", put("p", ["2/5", "2/5", "1/5"])),
        breaks("the scores rank another class first", put("z", ["3", "0", "0"])),
    ),
    "by_threshold": (
        breaks("the loss is the potential less a score: another function far out", bowl("z0", "1/1000")),
        breaks("so it is far out too", plus(("max", "0", minus("z1", "1000")))),
        breaks("and it has no value of its own at an edge of the support", own("z0", "1/3", "-1")),
        breaks("it has one offset on all faces", jump("z0", "0", "1/8")),
        breaks("the offsets are large enough", plus("-1/8", label=1)),
        breaks("the loss is defined at every score", hole("z1")),
        breaks("the loss is defined at single scores too", pole("z0")),
        breaks("the scale is that of the threshold", put("a", "1")),
        breaks("the factor is that of the loss", put("c", "1/2")),
        breaks("the power is that of the map", put("q", 1)),
        breaks("the smoothing is that of the labels", put("e", "1/10")),
    ),
    "calibrated_beside_symmetric": (
        breaks("the loss is the sum of its parts", tilt("z0", "1/1000", 0)),
        breaks("phi falls", *(plus(s, "4", y) for y, s in SHARES), put("own", line("2", "2"))),
        breaks("phi is above its chord", *(plus(dip(s), "1", y) for y, s in SHARES), put("own", DIPPED)),
        breaks("the parts are not negative", *LOWERED, put("own", line("21/10", "-2")), put("sum", "7/10")),
        breaks("the parts add up to a constant", put("sum", "2")),
        breaks("the parts vanish on the path", *EVEN),
        breaks("the loss is defined at every score", hole("z0")),
        breaks("alpha is positive", put("alpha", "-1")),
    ),
    "calibrated_bottomless": (
        breaks("the line falls", times("-1"), put("slope", "-1")),
        breaks("the loss less its line is bounded", bowl("v", "50")),
        breaks("the loss is defined at every score", hole("v")),
        breaks("the loss has a finite value at every score", pole("v")),
    ),
    "calibrated_by_comparison": (
        breaks("no wrong score is better: a well far on the wrong side", well("v", "-5", "-100")),
        breaks("the risk falls at 0: its slope there is positive", tilt("v", "50")),
        breaks("the risk has no step at 0", jump("v", "0", "-5")),
        breaks(
            "no wrong score has a low value of its own",
            own("v", "-1/3", "-100"),
            put("sides.0.0.regions.0.breaks", ["-1/3"]),
            put("sides.0.0.breaks", ["-1/3"]),
        ),
        breaks("the cells reach eta = 1", put("sides.0.0.to", "3/4")),
    ),
    "calibrated_by_link": (
        breaks("the link is 0 at 1/2", times("2", 1)),
        breaks("the link rises", swapped(), put("premise.turned", True)),
        breaks("the losses are smooth", kink("z", "0", "5")),
        breaks("the link is monotone", wave("z")),
        breaks("the losses are defined at every score", hole("z")),
        breaks("the losses are defined at single scores too", pole("z")),
        breaks("0 has no value of its own", own("z", "0", "-1")),
    ),
    "calibrated_comp_sum": (
        breaks("the loss is the claimed function of softmax", tilt("z0", "1/1000", 0)),
        breaks("the loss is defined at single scores too", pole("z0")),
        breaks("the profile decreases", times("-1"), put("own", RISING)),
        breaks("alpha is positive", put("alpha", "-1")),
        breaks("whatever the number of classes", onto(capped), put("own", CAPPED), put("breaks", ["1/5"]), ALL),
    ),
    "calibrated_convex": (
        breaks("the loss is convex", bowl("v", "-50")),
        breaks("the slopes at 0 are negative", tilt("v", "50")),
        breaks("the slopes from both sides agree at 0", kink("v", "0", "1")),
        breaks("the loss is defined at every score", hole("v")),
    ),
    "calibrated_dual_witness": (
        breaks("the minorant lies below the risk", bowl("z0", "-50")),
        breaks("p has one top class", put("p", ["1/3", "1/3", "1/3"])),
        breaks("the scores rank another class first, or tie", put("z", ["0", "0", "5"])),
        breaks("the losses are defined at the wrong scores", hole("z0", "10")),
    ),
    "calibrated_gradient_order": (
        breaks("the loss is differentiable", plus(FAR)),
        breaks("the loss is convex", plus(FAR, "-1")),
        breaks("the classes are interchangeable", plus(("pow", "2", FAR))),
        breaks("the loss is flat at the point", put("flat", ["0", "0"])),
    ),
    "calibrated_on_ball": (
        breaks("the loss is the claimed function of softmax", times("2", 0)),
        breaks("it depends on the scaled scores alone", tilt("z0", "1/1000", 0)),
        breaks("phi falls", times("-1"), put("own", RISING)),
        breaks("the length has the guard that is named", put("eps", "1/8")),
        breaks("the length is the one that is named", put("length", "sum")),
        breaks("the loss is defined at every score", hole("z0")),
        breaks("alpha is positive", put("alpha", "-4")),
    ),
    "calibrated_polyhedral": (
        breaks("the loss is piecewise linear", bowl("z0", "1")),
        breaks("no loss falls without bound", tilt("z0", "-50")),
        breaks("the wrong scores have the least risk", put("z", ["0", "9", "0"])),
        breaks("p has one top class", put("p", ["1/2", "1/2", "0"])),
    ),
    "calibrated_ray_witness": (
        breaks("the limit along the ray is the least risk", put("value", "-1")),
        breaks("the ray is one of wrong scores", put("direction", ["1", "0", "0"])),
        breaks("p has one top class", put("p", ["1/2", "1/2", "0"])),
        breaks("the losses are defined on the ray", hole("z0", "1")),
        breaks("the risk is nowhere below the limit", well("z0", "3", "-100")),
    ),
    "calibrated_reflection": (
        breaks("two classes have the same loss", tilt("z0", "1/1000", 0)),
        breaks("both losses are defined at every score", hole("z0")),
        breaks("at single scores too", pole("z0")),
        breaks("the classes are two", put("proof.shared", [1, 1])),
    ),
    "calibrated_swap": (
        breaks("the classes are interchangeable", plus(("atan", "z0"))),
        breaks("the loss has no kink", kink("z0", "1/3", "5")),
        breaks("the loss is bounded below", tilt("z0", "-50")),
        breaks("the odds rise with the score", put("c", "-1")),
        breaks("the curvature is bounded", plus(("pow", "4", "z0"))),
    ),
    "calibrated_symmetric": (
        breaks("the losses add up to a constant", bowl("v", "1")),
        breaks(
            "no wrong score is as good as the point: a value of its own",
            own("v", "-1/3", "-100"),
            own("v", "1/3", "100"),
            put("premise.breaks", ["-1/3", "1/3"]),
            put("right.breaks", ["-1/3"]),
            put("left.breaks", ["1/3"]),
        ),
        breaks("the loss falls", tilt("v", "50")),
        breaks("the point is a right score", put("right.at", "-1024")),
        breaks("the gap is positive", put("right.gap", "0")),
    ),
    "calibrated_tangent_witness": (
        breaks("every loss is the claimed function of softmax", tilt("z0", "1/1000", 0)),
        breaks("the loss is defined at single scores too", pole("z1")),
        breaks("the tangents touch inside (0, 1)", put("tangents.0", "0")),
        breaks("p has one top class", put("p", ["1/3", "1/3", "1/3"])),
    ),
    "topk_by_swap": (
        breaks("the classes are interchangeable", plus(("atan", "z0"))),
        breaks("the loss has no jump", jump("z0", "1/3", "5")),
        breaks("the loss is bounded below", bowl("z0", "-50")),
        breaks("k is below the number of classes", put("k", 4)),
    ),
    "topk_comp_sum": (
        breaks("the loss is the claimed function of softmax", wave("z0")),
        breaks("the loss is defined at single scores too", pole("z0")),
        breaks("phi decreases strictly", times("-1"), put("own.nodes.2", ["add", ["-2", "2"], [1]])),
        breaks("k is below the number of classes", put("k", 3)),
    ),
    "polyhedral_by_symmetry": (
        breaks("the loss is piecewise linear", bowl("z0", "1")),
        breaks("the classes are interchangeable: of one label a little more", kink("z0", "1/3", "1/1000000", 0)),
        breaks("next to ties as well", plus(("max", "0", minus("1/1000000", ("abs", minus("z0", "z1")))), "1", 2)),
        breaks("at ties as well", onto(lambda root: ("where", ("eq", "z0", "z1"), ("sum", ("2", root)), root), 2)),
        breaks("the losses are those of their labels", swapped()),
        breaks("far from the data as well", plus(("max", "0", minus("z1", "1000")))),
        breaks("no loss falls without bound", *(kink(f"z{i}", "0", "-50") for i in range(3))),
        breaks("the multipliers close every wrong vertex", put("cuts.0", [])),
        breaks("they are not negative", put("cuts.0", [[0, "-1"], [0, "3"]])),
        breaks("the top is not all classes", put("k", 3)),
    ),
    "topk_polyhedral": (
        breaks("the loss is piecewise linear", bowl("z0", "1")),
        breaks("the scores have the least risk", put("z", ["7", "0", "0"])),
        breaks("the k-th place of p is not tied", put("p", ["1", "0", "0"])),
        breaks("no loss falls without bound", tilt("z0", "-50")),
    ),
    "topk_ray_witness": (
        breaks("the losses add up to the constant", tilt("z0", "1/1000", 0)),
        breaks("the k-th place of p is not tied", put("p", ["1/4", "1/4", "1/4", "1/4"])),
        breaks("the limit along the ray is the bound", put("value", "1/10")),
        breaks("the rewritten losses are defined", put("losses.0.nodes.0", ["const", "1", []])),
    ),
    "topk_vertex_witness": (
        breaks("the loss is the claimed function of softmax", tilt("z0", "1/1000", 0)),
        breaks("phi lies above the line at 1", put("a", "3")),
        breaks("phi lies above the line at 0", put("b", "1")),
        breaks("the k-th place of p is not tied", put("p", ["1/4", "1/4", "1/4", "1/4"])),
    ),
    "label_dual_witness": (
        breaks("the minorant is one of the loss: another function far from 0", bowl("z0", "1")),
        breaks("and it does not change with the other score", tilt("z1", "1")),
        breaks("the loss is defined at single scores too", pole("z0")),
        breaks("p is a law", put("p", ["1", "1", "1", "1"])),
        breaks("the label is not as probable as not", put("p", ["1/4", "1/4", "1/4", "1/4"])),
        breaks("the scores are wrong for the label", put("z", ["4", "4"])),
        breaks("the risk there is no higher than the bound", put("z", ["-4", "4"])),
        breaks("the label is one of the loss", put("i", 2)),
    ),
    "miscalibrated_by_comparison": (
        breaks("the risk falls without bound at the end named", tilt("v", "-50")),
        breaks("the risk is defined there", hole("v")),
        breaks("eta is above 1/2", put("eta", "1/2")),
        breaks("the end is one of wrong scores", put("unbounded", "0-")),
    ),
    "calibrated_capped": (
        breaks("the loss is the claimed function of softmax", tilt("z0", "1/1000", 0)),
        breaks("the loss is defined at single scores too", pole("z0")),
        breaks(
            "the slope is negative where ties lie",
            put("nodes.9.1", "2/5", "graph"),
            put("own.nodes.0.1", "2/5"),
            put("breaks", ["2/5"]),
            put("flat", 0),
        ),
        breaks("alpha is positive", put("alpha", "-1")),
    ),
    "calibrated_edge_witness": (
        breaks("the loss is the claimed function of softmax", tilt("z0", "1/1000", 0)),
        breaks("the level gives subgradients", put("level", "3/10")),
        breaks("p has one top class", put("p", ["1/3", "1/3", "1/3"])),
        breaks("the scores are wrong", put("c", ["1/4", "1/4", "1/2"])),
        breaks("the loss is defined at single scores too", pole("z0")),
    ),
    "separable_tie_witness": (
        breaks("every loss is a(z_y) + sum of b(z_j)", tilt("z0", "1/1000", 0)),
        breaks("the losses are defined at every score", hole("z0")),
        breaks("they are at single scores too", pole("z0")),
        breaks("the risk of the top class rises too", put("p", ["1/5", "1/5", "3/5"])),
        breaks("the tie is where the risks are least", put("at", "high")),
        breaks("a score is a breakpoint", put("at", "0")),
        breaks("the other class is another one", put("other", 2)),
    ),
    "by_score_parts": (
        breaks("every loss is a(z_y) + sum of b(z_j)", tilt("z0", "1/1000", 0)),
        breaks("the losses are defined at every score", hole("z0")),
        breaks("the constant is that of the part", put("own.upper", "1/2")),
        breaks("the constants are of one norm", put("other.norm", "linf")),
    ),
    "calibrated_separable": (
        breaks("every loss is a(z_y) + sum of b(z_j)", tilt("z0", "1/1000", 0)),
        breaks("the losses are defined at every score", hole("z0")),
        breaks(
            "a falls below b",
            times("-1"),
            put(
                "a",
                {
                    "nodes": [
                        ["var", "v", []],
                        ["add", ["-1", "1"], [0]],
                        ["pow", "2", [1]],
                        ["add", ["0", "-1"], [2]],
                    ],
                    "roots": [3],
                },
            ),
            put("b", {"nodes": [["var", "v", []], ["pow", "2", [0]], ["add", ["0", "-1"], [1]]], "roots": [2]}),
        ),
        breaks("k is below the number of classes", put("k", 3)),
    ),
    "shifted_by_constants": (
        breaks("the losses less the constants have the property", put("constants", ["0", "1", "6"])),
        breaks("what is taken off is constant", tilt("z0", "1/1000", 1)),
        breaks("the premise sees no constants", put("premise", {"rule": "convex_by_curvature"})),
        breaks("the losses are defined at single scores too", pole("z0")),
    ),
    "unheard_label": (
        breaks("the loss of one label vector is a number", tilt("z0", "1", 0)),
        breaks("at single scores too", own("z0", "1/3", "1")),
        breaks("it is that of the label named", put("label", 1)),
        breaks("the rule refutes calibration or recovery", put("shows", "convex")),
    ),
}
