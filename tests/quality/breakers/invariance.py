"""Breakers of the rules about invariances, gradients and maps onto the simplex."""

from __future__ import annotations

from tests.quality.breakers.surgery import (
    Breaker,
    breaks,
    hole,
    instead,
    jump,
    kink,
    own,
    pole,
    put,
    swapped,
    tilt,
    times,
)  # fmt: skip

BREAKERS: dict[str, tuple[Breaker, ...]] = {
    "derivative_witness": (
        breaks("the form is negative", times("-1")),
        breaks("it is along a vector", put("along", ["0", "0", "0"])),
        breaks("the map is defined near the point", hole("z0")),
    ),
    "gradient_identity": (
        breaks("one map serves all labels", tilt("z0", "1/1000", 0)),
        breaks("it does at every score", own("z0", "1/3", "5", 0)),
        breaks("the losses are defined at every score", hole("z0")),
        breaks("they are at single scores too", pole("z0")),
    ),
    "gradient_pull": (
        breaks("the pull is the formula", tilt("z0", "1/1000", 0)),
        breaks("the losses are smooth", kink("z0", "1/3", "5")),
        breaks("the losses are defined at every score", hole("z0")),
        breaks("the reference is the one named", put("reference", "mae")),
    ),
    "gradient_sums_to_zero": (
        breaks("shifting all scores changes nothing", tilt("z0", "1/1000")),
        breaks("it does at every score", own("z0", "1/3", "5")),
        breaks("the losses are defined at every score", hole("z0")),
    ),
    "invariance_witness": (
        breaks("the values differ", times("0")),
        breaks("the points are moved", put("by", "0")),
        breaks("the losses are defined at both points", hole("z0", "1/2")),
    ),
    "invariant_by_identity": (
        breaks("a positive factor changes nothing", tilt("v", "1/1000")),
        breaks("it does at every score", own("v", "1/3", "5")),
        breaks("the losses are defined at every score", hole("v")),
        breaks("they are at single scores too", pole("v")),
    ),
    "map_jacobian": (
        breaks("the Jacobian is symmetric", tilt("z1", "1", 0)),
        breaks("its signs are those of a Laplacian", times("-1")),
        breaks("the outputs are smooth", kink("z0", "1/3", "5")),
        breaks("the outputs are defined at every score", hole("z0")),
    ),
    "map_on_simplex": (
        breaks("the outputs add up to 1", times("2", 0)),
        breaks("they are nonnegative", tilt("z0", "1", 0), tilt("z0", "-1", 1)),
        breaks("they add up to 1 at every score", own("z0", "1/3", "5", 0)),
        breaks("the outputs are defined at every score", hole("z0")),
    ),
    "map_order": (
        breaks("the outputs rise with their scores", swapped()),
        breaks("one function serves all outputs", tilt("z0", "1/1000", 0)),
        breaks("the outputs are nonnegative", times("-1")),
        breaks("the outputs are defined at every score", hole("z0")),
    ),
    "map_peak": (
        breaks("the outputs rise with their own score", times("-1")),
        breaks("they fall with the others'", tilt("z1", "50", 0)),
        breaks("no output branches", jump("z0", "1/3", "5")),
        breaks("the outputs are defined on the cube", hole("z0")),
        breaks("the cube is that of the question", put("high", "2")),
    ),
    "map_witness": (
        breaks("the outputs do not add up to 1", instead("1/3")),
        breaks("the outputs are defined at the point", hole("z0")),
        breaks("the point has one score per class", put("at", ["0", "0"])),
    ),
    "adversarial_transform": (
        breaks("phi does not increase", tilt("v", "50")),
        breaks(
            "no score has a low value of its own",
            own("v", "1/3", "-100"),
            put("breaks", ["-1", "-1/3", "0", "1/3", "1"]),
            put("slope_breaks", ["-1/3", "0", "1/3", "1"]),
        ),
        breaks("the loss is defined", hole("v", "-1/4")),
        breaks("scores lie in the set", put("infima.points", ["1", "1", "1"])),
    ),
}
