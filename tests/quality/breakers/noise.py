"""Breakers of the rules about label noise."""

from __future__ import annotations

from tests.quality.breakers.surgery import (
    Breaker,
    bowl,
    breaks,
    hole,
    jump,
    kink,
    own,
    pole,
    put,
    tilt,
    times,
    wave,
    well,
)  # fmt: skip

BREAKERS: dict[str, tuple[Breaker, ...]] = {
    "backward_correction": (
        breaks("the inverse is that of the transition", put("inverse", [["-5", "6"], ["5", "-5"]])),
        breaks("a row of the transition is a distribution", put("transition", [["2/5", "1/2"], ["1/2", "1/2"]])),
        breaks("the transition is that of the question", put("transition", [["1/2", "1/2"], ["1/2", "1/2"]])),
    ),
    "forward_correction": (
        breaks("the loss is strictly proper", bowl("p0", "50")),
        breaks("the loss is defined on the open simplex", hole("p0")),
        breaks("no loss has a jump", jump("p0", "1/3", "5")),
        breaks("the inverse is that of the transition", put("inverse.0.0", "1")),
    ),
    "linear_noise_by_lines": (
        breaks("the losses are convex", bowl("v", "-50")),
        breaks("the losses are nonnegative", tilt("v", "-50")),
        breaks("the losses are defined at every score", hole("v")),
        breaks("the rate lies below 1/2", put("rate", "1/2")),
    ),
    "linear_noise_by_scaling": (
        breaks("the loss is the quadratic function named", kink("v", "1/3", "5")),
        breaks("it is one at every score", own("v", "1/3", "100")),
        breaks("it is defined at every score", hole("v")),
        breaks("the risk has minimisers", put("a", "-1")),
    ),
    "linear_noise_exactly": (
        breaks("the loss is the quadratic function named", wave("v")),
        breaks("it is one at every score", own("v", "1/3", "-100")),
        breaks("it is defined at single scores too", pole("v")),
        breaks("gamma is that of the question", put("gamma", "1/5")),
    ),
    "linear_noise_on_line": (
        breaks("the clean minimiser stays on its side", put("clean.at", "-1"), put("clean.gap", "1/1000")),
        breaks("the risk is larger on the other side: a well there", well("v", "-3", "-50")),
        breaks("it is at every score there", own("v", "-1/2", "-50")),
        breaks("the risk is larger at 0", own("v", "0", "-50")),
        breaks("the gap is positive", put("clean.gap", "0")),
        breaks("noise moves the minimiser", put("rate", "1/1000")),
        breaks("the weights add up to 1", put("atoms.0.1", "9/10")),
        breaks("the errors differ", put("atoms", [["1", "1/2", 1], ["1/10", "1/2", 0]])),
        breaks("the loss is defined at every score", hole("v")),
    ),
    "noise_by_calibration": (
        breaks("the loss is calibrated", tilt("v", "50")),
        breaks("calibration needs the values at every score", own("v", "-1/3", "-100")),
        breaks(
            "every row has one largest entry",
            put("transition", [["1/2", "1/2"], ["1/10", "9/10"]]),
            put("params.transition", [[0.5, 0.5], [0.1, 0.9]]),
        ),
        breaks("the transition is that of the question", put("transition", [["9/10", "1/10"], ["1/10", "9/10"]])),
    ),
    "noise_by_relations": (
        breaks("the relation holds for every label", tilt("z0", "1/1000", 0)),
        breaks("it holds at every score", own("z0", "1/3", "100", 0)),
        breaks("the losses are defined at every score", hole("z0")),
        breaks("the factor is positive", put("factor", "-1/2")),
        breaks("the factor is that of the relation", put("factor", "1/3")),
    ),
    "noise_by_symmetry": (
        breaks("the losses add up to a constant", bowl("v", "1")),
        breaks("they do at every score", own("v", "1/3", "100")),
        breaks("the losses are defined at every score", hole("v")),
        breaks("the loss varies", put("points", [["3"], ["3"]])),
    ),
    "noise_excess_risk": (
        breaks("the premise bounds the sum", bowl("v", "50")),
        breaks(
            "it does at every score",
            own("v", "1/3", "100"),
            put("premise.breaks", ["-1/3", "1/3"]),
            put("premise.own", ["1/3"]),
        ),
        breaks("the rate lies below 1 - 1/K", put("rate", "1/2")),
        breaks("a bound comes close to the sum", put("premise.low.level", "1/4")),
    ),
    "noise_witness": (
        breaks("f is worse than g", put("atoms.0.f", ["3"])),
        breaks("the noisy risk of f is not larger", tilt("v", "-50")),
        breaks("the losses are defined at the scores", hole("v", "10")),
        breaks("the weights are a distribution", put("atoms.0.weight", "1/2")),
    ),
    "class_sum_on_line": (
        breaks("the sum does not fall below its level", well("v", "5", "-100")),
        breaks(
            "it does not at a single score",
            own("v", "1/3", "-100"),
            put("breaks", ["-1", "-1/3", "1/3", "1"]),
            put("own", ["1/3", "1"]),
        ),
        breaks("the losses themselves are defined", hole("v")),
        breaks("the level is reached", put("low.level", "1")),
    ),
    "class_sum_bounds": (
        breaks("the sum is the function of softmax named", bowl("z0", "1")),
        breaks("it is one at every score", own("z0", "1/3", "100")),
        breaks("the losses are defined at every score", hole("z0")),
        breaks("the point of the other side is stationary", put("low.at", ["1/2", "1/4", "1/4"])),
    ),
    "class_sum_clipped": (
        breaks("the sum is one of cross-entropies of clipped scores", bowl("z0", "1")),
        breaks("the losses are defined but for the origin of the clipping", hole("z0")),
        breaks("they are at single scores too", pole("z0")),
        breaks("the radius is that of the code", put("radius", "1")),
    ),
    "label_sum_witness": (
        breaks("the sums differ", put("other", ["0"])),
        breaks("the losses are defined at both points", hole("v", "10")),
        breaks("the losses have a constant sum: nothing to witness", times("0")),
    ),
    "symmetric_by_identity": (
        breaks("the sum is constant", bowl("v", "1/1000")),
        breaks("it is at every score", own("v", "1/3", "1"), put("breaks", ["-1/3", "1/3"])),
        breaks("the losses are defined at every score", hole("v")),
        breaks("they are at single scores too", pole("v")),
    ),
}
