"""Breakers of the rules about transformations of regret."""

from __future__ import annotations

from tests.quality.breakers.surgery import (
    Breaker,
    bowl,
    breaks,
    hole,
    kink,
    own,
    pole,
    put,
    tilt,
    times,
    wave,
    well,
)  # fmt: skip

CONCAVE = {"nodes": [["var", "s", []], ["log", None, [0]]], "roots": [1]}

BREAKERS: dict[str, tuple[Breaker, ...]] = {
    "growth_rate_comp_sum": (
        breaks("the loss is the claimed function of softmax", tilt("z0", "1/1000", 0)),
        breaks("the loss is defined at single scores too", pole("z0")),
        breaks("phi is convex", times("-1"), put("premise.own", CONCAVE)),
        breaks("all scores are asked", put("premise.hypotheses", "Bounded(1)")),
    ),
    "growth_rate_two_sided": (
        breaks("phi is convex on the set", bowl("v", "-50")),
        breaks("0 is no kink", kink("v", "0", "5")),
        breaks("the slope at 0 is negative", tilt("v", "50")),
        breaks("the loss is defined on the set", hole("v", "1/8")),
    ),
    "h_bound_witness": (
        breaks("the transformation is that small", times("2")),
        breaks("the bound is exceeded", put("gamma", "2*u")),
        breaks("the premise is about one regret", put("transform.t", [0.8, 0.9])),
        breaks("the loss is defined at every score", hole("v")),
    ),
    "h_consistent_by_calibration": (
        breaks("the loss is not calibrated", tilt("v", "-50")),
        breaks("the premise decides it", put("premise.holds", True)),
        breaks("the loss is convex", bowl("v", "-50")),
    ),
    "h_consistent_by_rate": (
        breaks("the loss is convex", bowl("v", "-50")),
        breaks("0 is no kink", kink("v", "0", "5")),
        breaks("the slope at 0 is negative", tilt("v", "50")),
        breaks("the loss is defined on the set", hole("v", "1/8")),
    ),
    "h_transform_cells": (
        breaks("the loss is the claimed function of softmax", tilt("z0", "1/1000", 0)),
        breaks("the loss is defined at single scores too", pole("z0")),
        breaks("the cells cover the distributions", put("parts.0.tree", -1)),
        breaks("phi does not increase", times("-1"), put("own.nodes.1", ["add", ["-1", "1"], [0]])),
    ),
    "h_transform_comp_sum": (
        breaks("the loss is the claimed function of softmax", wave("z0")),
        breaks("the loss is defined at every score", hole("z0")),
        breaks("all scores are asked", put("hypotheses", "Bounded(1)")),
        breaks("the swaps reach the bound", put("swaps.0.low", "1/2")),
    ),
    "h_transform_joined": (
        breaks("every part is about the loss", tilt("z0", "1/1000", 0)),
        breaks("every part is about one hypothesis set", put("parts.0.hypotheses", "Bounded(1)")),
        breaks("the loss is defined at single scores too", pole("z0")),
    ),
    "h_transform_max": (
        breaks("the loss is one of the largest rival", tilt("z0", "1/1000", 0)),
        breaks("it is at every score", own("z0", "1/3", "100", 0)),
        breaks("the loss is defined at single scores too", pole("z0")),
    ),
    "h_transform_two_sided": (
        breaks("no score is better than the points", well("v", "5", "-100")),
        breaks(
            "none has a low value of its own",
            own("v", "1/3", "-100"),
            put("transform.breaks", ["-1", "-1/3", "1/3", "1"]),
        ),
        breaks("the loss is defined at every score", hole("v")),
        breaks("the points are right scores", put("transform.sets.0.points", ["-1", "0"])),
    ),
    "minimizability_gap": (
        breaks("the minorant lies below the risk", bowl("v", "-50")),
        breaks("the losses are defined at the scores", hole("v")),
        breaks("the minorant does not fall", put("best.parts.0.floor", [["0", "0"], ["0", "1/2"]])),
    ),
    "h_bound_by_formula": (
        breaks("Gamma(T(t)) is at least t", put("gamma", "u/2")),
        breaks("Gamma does not fall", put("gamma", "2*u - u**2")),
        breaks("the formula is that of T", well("v", "5", "-100")),
        breaks("the loss is convex at every score", own("v", "1/3", "-100")),
    ),
    "h_bound_by_places": (
        breaks("Gamma(L(t)) is at least t", put("gamma", "u/2")),
        breaks("Gamma does not fall", put("gamma", "2*sqrt(u) - u")),
        breaks("the places are among the scores", put("places", "2*t if t <= 3/16 else 3/4")),
        breaks("the loss is convex", well("v", "1/4", "-100")),
        breaks("the slope at 0 is at most 0", tilt("v", "50")),
        breaks("the loss is defined on the set", hole("v", "1/8")),
    ),
    "h_formula_comp_sum": (
        breaks("the loss is the claimed function of softmax", tilt("z0", "1/1000", 0)),
        breaks("the formula is that of T", put("formula", "t**2/2")),
        breaks("the place is one of least risk", put("acts", ["t/3 + 1/2"])),
        breaks("all scores are asked", put("hypotheses", "Bounded(1)")),
        breaks("the losses are defined at single scores too", pole("z0")),
    ),
    "h_formula_concave": (
        breaks("the loss is the claimed function of softmax", tilt("z0", "1/1000", 0)),
        breaks("the formula is that of T", put("formula", "t/3 if t <= 1/2 else t - 1/4 if t <= 2/3 else t/2")),
        breaks("the affine function is the least of the largest", put("lines", [[1, 0], [3, 0], [2, 1]])),
        breaks("all scores are asked", put("hypotheses", "Bounded(1)")),
    ),
    "h_formula_ends": (
        breaks("the sum of both sides is constant", bowl("v", "1")),
        breaks("the right side falls", tilt("v", "50")),
        breaks("the limits are those of the loss", put("limits", ["0", "2"])),
        breaks("the formula is that of T", put("formula", "t")),
        breaks("the losses are defined at every score", hole("v")),
    ),
    "h_formula_two_sided": (
        breaks("the loss is convex", well("v", "5", "-100")),
        breaks("no score has a value of its own", own("v", "1/3", "-100"), put("breaks", ["1/3", "1"])),
        breaks("the slope at 0 is at most 0", tilt("v", "50")),
        breaks("the place is one of least risk", put("acts", ["2"])),
        breaks("the formula is that of T", put("formula", "t**2")),
        breaks("the loss is defined at every score", hole("v")),
    ),
    "h_transform_concave": (
        breaks("the loss is the claimed function of softmax", tilt("z0", "1/1000", 0)),
        breaks("phi does not increase", times("-1"), put("own.nodes.1", ["add", ["-1", "1"], [0]])),
        breaks("all scores are asked", put("hypotheses", "Bounded(1)")),
        breaks("the losses are defined at single scores too", pole("z0")),
    ),
    "psi_transform_infinite": (
        breaks("the risk of the right side falls without bound", bowl("v", "1")),
        breaks("that of the wrong side does not", times("-1")),
        breaks("every theta is beyond the place", put("theta", [0.25, 0.1])),
        breaks("T is infinite at 1 too", put("transform.t.1", 0.9)),
        breaks("all scores are asked", put("transform.hypotheses", "Bounded(1)")),
        breaks("the loss is defined at every score", hole("v")),
    ),
    "psi_transform_two_sided": (
        breaks("no score is better than the points", well("v", "5", "-100")),
        breaks("none has a low value of its own", own("v", "1/3", "-100"), put("breaks", ["-3", "-1/3", "1/3", "3"])),
        breaks("the cells run from 0 to 1", put("ends", ["0", "1/2"])),
        breaks("the points are right scores", put("infima.points.0", "-3")),
        breaks("the loss is defined at every score", hole("v")),
    ),
    "h_transform_bottomless": (
        breaks("the risk of the right side falls without bound", bowl("v", "1")),
        breaks("that of the wrong side does not", times("-1")),
        breaks("the level is below the wrong risk", put("levels.0", "1000")),
        breaks("all scores are asked", put("hypotheses", "Bounded(1)")),
        breaks("the loss is defined at every score", hole("v")),
    ),
    "h_gamma": (
        breaks("T is enclosed for the loss", well("v", "5", "-100")),
        breaks("the regret is not negative", put("u", -0.1)),
        breaks("the loss is defined at every score", hole("v")),
        breaks("the loss is convex at every score", own("v", "1/3", "-100")),
    ),
    "transform_convex_by_formula": (
        breaks("the formula is that of T", put("formula.formula", "t**2")),
        breaks("the right side falls", tilt("v", "50")),
        breaks("the losses are defined at every score", hole("v")),
        breaks("the sum of both sides is constant", bowl("v", "1")),
    ),
    "transform_convex_comp_sum": (
        breaks("the loss is the claimed function of softmax", tilt("z0", "1/1000", 0)),
        breaks("phi is convex", times("-1"), put("own.nodes.2", ["add", ["0", "1"], [1]])),
        breaks("all scores are asked", put("hypotheses", "Bounded(1)")),
        breaks("the losses are defined at single scores too", pole("z0")),
    ),
    "transform_convex_two_sided": (
        breaks("the loss is convex", well("v", "3/2", "-100")),
        breaks("the slope at 0 is at most 0", tilt("v", "50")),
        breaks("no score has a value of its own", own("v", "1/3", "-100"), put("breaks", ["1/3", "1"])),
        breaks("the loss is defined on the set", hole("v")),
    ),
    "transform_not_convex": (
        breaks("the loss is the claimed function of softmax", tilt("z0", "1/1000", 0)),
        breaks("three regrets contradict convexity", put("transform.t", [0.05, 0.1])),
        breaks("the losses are defined at single scores too", pole("z0")),
    ),
}
