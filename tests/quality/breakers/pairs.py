"""Breakers of the rules about pairs of vectors: divergences and set losses."""

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
    onto,
    own,
    plus,
    pole,
    put,
    tilt,
    times,
    wave,
)  # fmt: skip

SPIKED = (
    "sum", ("1", ("where", ("eq", minus("x0", "y0"), "1/3"), "-5", ("pow", "1/2", ("abs", minus("x0", "y0"))))),
    ("1", ("pow", "1/2", ("abs", minus("x1", "y1")))),
)  # fmt: skip
"""A sum of roots of differences, with a low value of its own where one of them is 1/3."""

BREAKERS: dict[str, tuple[Breaker, ...]] = {
    "binary_chord_witness": (
        breaks("the chord is below the middle", times("0")),
        breaks("the target is binary", put("target", ["1/2", "0"])),
        breaks("the loss is defined at the points", hole("x0", "1/4")),
        breaks("the weight lies inside (0, 1)", put("weight", "0")),
    ),
    "by_csiszar": (
        breaks("one function serves all entries", bowl("p0", "1")),
        breaks("f is convex", times("-1")),
        breaks("no entry branches", jump("p0", "1/3", "5")),
        breaks("the loss is defined", hole("p0")),
    ),
    "by_difference": (
        breaks("the loss depends on the difference alone", bowl("x0", "1")),
        breaks("the function is convex", times("-1")),
        breaks("the loss is defined", hole("x0")),
        breaks("it is at single points too", pole("x0")),
        breaks("it is at single targets too", pole("y0")),
    ),
    "by_parts": (
        breaks("every part has the property", times("-1")),
        breaks("every term belongs to a part", bowl("p0", "1")),
        breaks("a part is 0 for equal arguments alone", put("parts.0", [0, 0, 0, 0])),
        breaks(
            "a part has the proof of the property", put("proofs.1", [{"rule": "by_difference", "ask": "nonnegative"}])
        ),
        breaks(
            "no part is negative",
            put("proofs.1", [{"rule": "by_difference", "ask": "identity_of_indiscernibles"}]),
        ),
        breaks("the loss is defined", hole("p0")),
        breaks("it is at single points too", pole("p0")),
    ),
    "by_outer": (
        breaks("the outer function is not negative at 0", plus("1", "-5")),
        breaks("the outer function rises", times("-1")),
        breaks(
            "the inner loss has the property", put("premises", [{"rule": "by_difference", "ask": "zero_iff_equal"}])
        ),
        breaks("the question follows", put("ask", "jointly_convex")),
    ),
    "convex_binary_slices": (
        breaks("every slice is convex", bowl("x0", "-50")),
        breaks("no slice jumps", jump("x0", "1/3", "-5")),
        breaks("no slice has a concave kink", kink("x0", "1/3", "-5")),
        breaks("the loss is defined", hole("x0")),
    ),
    "exchange_by_identity": (
        breaks("exchanging the arguments changes nothing", tilt("x0", "1/1000")),
        breaks("it does at every point", own("x0", "1/3", "5")),
        breaks("the loss is defined the other way round too", hole("x0")),
        breaks("it is at single points too", pole("x0")),
    ),
    "exchange_witness": (
        breaks("the values differ", times("0")),
        breaks("the loss is defined at both", hole("x0", "1/2")),
        breaks("the vectors lie in the domain", put("first", ["2", "1"])),
    ),
    "indiscernible_witness": (
        breaks("different arguments have the value 0", plus("1", "7")),
        breaks("the loss is defined at the pair", hole("x0", "3/2")),
        breaks("the pair is one of the domain", put("first", ["3"])),
    ),
    "joint_chord_witness": (
        breaks("the chord is below the middle", times("0")),
        breaks("the points are distributions", put("start.0.0", "1/2")),
        breaks("the weight lies inside (0, 1)", put("weight", "1")),
        breaks("the loss is defined there", hole("p0", "1/2")),
    ),
    "metric_by_power": (
        breaks("the power is one of a sum of f", wave("p0")),
        breaks("the exponent is at most the power", put("degree", "3/4")),
        breaks("the quotient falls", put("power", "1")),
        breaks("the loss is defined", hole("p0")),
    ),
    "metric_by_steinhaus": (
        breaks("the loss is the transform", tilt("x0", "1/1000")),
        breaks("the weights are positive", put("weights", ["1", "1", "0"])),
        breaks("the scale is that of the loss", put("scale", "1")),
        breaks("the loss is defined off the origin", hole("x0")),
    ),
    "metric_by_telescoping": (
        breaks("the parts telescope", bowl("p0", "1")),
        breaks("the function is convex", times("-1")),
        breaks("it is homogeneous", onto(lambda root: ("pow", "2", root))),
        breaks("the loss is defined", hole("p0")),
    ),
    "processing_witness": (
        breaks("the value rises", times("0")),
        breaks(
            "the rows of the kernel are distributions",
            put("kernel", [["0", "0", "2"], ["1", "0", "0"], ["0", "1", "0"]]),
        ),
        breaks("the loss is defined at both pairs", hole("p0", "1/2")),
    ),
    "set_function": (
        breaks("the values differ from the set function", put("which", "other")),
        breaks("the sets are binary", put("at", [["0", "0", "1/2"], ["0", "0", "1"]])),
        breaks("the loss is defined there", hole("x0", "1/2")),
    ),
    "target_witness": (
        breaks("the value is below that at the target", times("0")),
        breaks("the points lie in the domain", put("first", ["2", "0"])),
        breaks("the loss is defined there", hole("x0", "1/2")),
    ),
    "triangle_witness": (
        breaks("the way round is shorter", times("0")),
        breaks("the vectors lie in the domain", put("b", ["2", "0"])),
        breaks("the loss is defined there", hole("x0", "1/2")),
    ),
    "zero_by_patterns": (
        breaks("equal arguments have the value 0", tilt("x0", "1/1000")),
        breaks("others have a positive one", times("-1")),
        breaks("no pair has a value of its own", own("x0", "1/3", "-100")),
        breaks("the loss is defined off the origin", hole("x0")),
    ),
    "by_entries": (
        breaks("the loss depends on the difference alone", tilt("x0", "1/1000")),
        breaks("no term is negative", times("-1")),
        breaks(
            "the terms are concave on [0, 1]",
            onto(lambda root: ("sum", ("1", ("pow", "2", minus("x0", "y0"))), ("1", ("pow", "2", minus("x1", "y1"))))),
        ),
        breaks("the loss is defined at single targets too", pole("y0")),
        breaks("the loss is defined", hole("x0")),
        breaks("no difference has a value of its own", instead(SPIKED), put("breaks", [["1/3"], []])),
    ),
    "by_homogeneous": (
        breaks("one function serves all entries", tilt("p0", "1/1000")),
        breaks("h is positive off 1", times("-1")),
        breaks("the degree is that of the entries", put("degree", "1")),
        breaks("a slope needs degree 1", put("slope", "1")),
        breaks("the loss is defined", hole("p0")),
    ),
    "by_cosine": (
        breaks("the core is a power of the cosine", put("power", "2")),
        breaks("Phi is nonnegative, where that is asked", times("-1"), put("ask", "nonnegative")),
        breaks("Phi does not rise", times("-1")),
        breaks("Phi is not higher at 1", onto(lambda root: ("where", ("eq", root, "0"), "5", root))),
    ),
}
