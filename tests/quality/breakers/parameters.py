"""Breakers of the rules about every value of a parameter."""

from __future__ import annotations

from tests.quality.breakers.surgery import (
    Breaker,
    bowl,
    breaks,
    hole,
    jump,
    kink,
    minus,
    own,
    plus,
    pole,
    put,
    ranged,
    tilt,
    times,
)  # fmt: skip

EMPTY = ("sum", ("1", ("mul", minus("g", "1"), ("pow", "-1", minus("g", "1")))), ("-1", "1"))
"""Nothing, but not defined for g = 1."""
BENT = ("mul", ("max", "0", minus("g", "1")), ("pow", "2", "v"))
"""Nothing up to g = 1, a growing square beyond."""

BREAKERS: dict[str, tuple[Breaker, ...]] = {
    "at_parameter": (
        breaks("the value lies in the interval", put("values.g", "9")),
        breaks("the property fails there", times("0")),
        breaks("the inner proof is of a refutation", put("proof", {"rule": "convex_by_curvature"})),
        breaks("the loss is defined there", hole("v", "10")),
    ),
    "parameter_cells": (
        breaks("every cell has the property", plus(BENT, "-50")),
        breaks("the cuts increase", put("cuts", ["2", "1"])),
        breaks("every cell has a proof", put("proofs", [{"rule": "range_convex"}])),
        breaks("the loss is defined for every value", plus(EMPTY)),
    ),
    "range_by_ends": (
        breaks("the loss is affine in the parameter", plus(("mul", "g", "g", "v"), "-1/10")),
        breaks("no branch is on the parameter", plus(("where", ("lt", "g", "1/2"), "v", "0"))),
        breaks("every corner has the property", kink("v", "1/3", "5")),
        breaks("there is a proof for every corner", put("proofs", [])),
        breaks("the loss is defined at every score", hole("v")),
        breaks("the loss is defined at single scores too", pole("v")),
    ),
    "range_by_scale": (
        breaks("the parameter only sets a scale", tilt("v", "-1")),
        breaks("the parameter only sets the given scale", put("scale", {"nodes": [["const", "1", []]], "roots": [0]})),
        breaks("the scale is positive", ranged("g", "-2", "2")),
        breaks("the loss's scale is positive", put("factor", {"nodes": [["const", "-1", []]], "roots": [0]})),
        breaks("the value lies in the range", put("values", {"g": "3"})),
        breaks("the loss is defined at every score", hole("v", "0")),
    ),
    "range_by_pieces": (
        breaks("the cuts keep their order for every value", ranged("g", "-1", "2")),
        breaks("the loss is convex for every value", plus(BENT, "-50")),
        breaks("it has the value of its limits at a cut", own("v", "1", "1")),
        breaks("it has no step at a cut", jump("v", "1", "1/1000")),
        breaks("every switch is at a cut", kink("v", "3", "1")),
        breaks("the slope at 0 is negative for every value", plus(("mul", "g", "v"), "50")),
        breaks("slopes agree at a cut that may be 0", plus(("max", "0", minus("v", minus("1", "g"))))),
        breaks("the loss is defined at every score", hole("v")),
        breaks("the loss is defined for every value", plus(EMPTY)),
    ),
    "range_calibrated": (
        breaks("the loss is convex for every value", plus(BENT, "-50")),
        breaks("the slope at 0 is negative for every value", plus(("mul", "g", "v"), "50")),
        breaks("no value gives a kink at 0", plus(("mul", ("max", "0", minus("g", "1")), ("abs", "v")))),
        breaks("the loss is defined for every value", plus(EMPTY)),
    ),
    "range_calibrated_comp_sum": (
        breaks("the loss is the function of softmax for every value", tilt("z0", "1/1000", 0)),
        breaks("phi falls for every value: the range reaches below 0", ranged("g", "-1", "2")),
        breaks("the loss is defined at single scores too", pole("z0")),
        breaks("the loss is defined for every value", plus(EMPTY)),
    ),
    "range_convex": (
        breaks("the loss is convex for every value", plus(BENT, "-50")),
        breaks("no value gives a concave kink", plus(("mul", "g", ("abs", "v")), "-5")),
        breaks("the loss is defined at every score", hole("v")),
        breaks("the loss is defined for every value", plus(EMPTY)),
    ),
    "range_nonincreasing": (
        breaks("the loss falls for every value", plus(("mul", ("max", "0", minus("g", "1")), "v"), "50")),
        breaks("it falls at every score", bowl("v", "1")),
        breaks("the loss is defined at every score", hole("v")),
        breaks("the loss is defined for every value", plus(EMPTY)),
    ),
    "range_nonnegative": (
        breaks("the loss is nonnegative for every value", plus(("max", "0", minus("g", "1")), "-50")),
        breaks("it is at every score", own("v", "1/3", "-100")),
        breaks("the loss is defined at every score", hole("v")),
        breaks("no value makes the claim empty", plus(EMPTY)),
    ),
    "range_symmetric": (
        breaks("the sum is constant for every value", plus(("mul", "g", "z0"), "1/1000", 0)),
        breaks("it is at every score", own("z0", "1/3", "5")),
        breaks("the losses are defined at every score", hole("z0")),
        breaks("the losses are defined for every value", plus(EMPTY)),
    ),
}
