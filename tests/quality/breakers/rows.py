"""Breakers of the rules about losses of several rows."""

from __future__ import annotations

from tests.quality.breakers.surgery import (
    Breaker,
    bowl,
    breaks,
    hole,
    instead,
    kink,
    own,
    plus,
    pole,
    put,
    tilt,
    times,
    well,
)  # fmt: skip

SHORT = {"nodes": [["const", "1/1000", []]], "roots": [0]}
BRACKETS = {"nodes": [["var", "a_0_0", []], ["pow", "2", [0]], ["pow", "1/2", [1]]], "roots": [2]}

BREAKERS: dict[str, tuple[Breaker, ...]] = {
    "on_entries": (
        breaks("the function of all numbers is convex", bowl("a_0_0", "-3")),
        breaks("it is at single values too", own("a_0_0", "1/3", "5")),
        breaks("it is a number everywhere", hole("a_0_0")),
        breaks("no number is fixed", put("parts.2", {"fixed": "0"})),
        breaks("a chart is that of the domain", put("parts.0", "sine")),
    ),
    "rows_convex": (
        breaks("the first argument is read convexly", bowl("a_0_0", "-1")),
        breaks("whatever the second is", instead(("mul", "b_0_0", ("pow", "2", "a_0_0")))),
        breaks("the loss is a number everywhere", hole("a_0_0")),
        breaks("its constants are, too", pole("b_0_0")),
    ),
    "rows_homogeneous": (
        breaks("a factor comes out", tilt("a_0_0", "1/1000")),
        breaks("to this power", put("degree", "1")),
        breaks("the loss is defined on whole rays", hole("a_0_0")),
        breaks("at every number of them", pole("a_0_0")),
        breaks("it does so at single values", own("a_0_0", "1/3", "5")),
        breaks("it is not 0", instead("0")),
    ),
    "rows_invariant": (
        breaks("a factor changes nothing", tilt("a_0_0", "1/1000")),
        breaks("the loss is defined on whole rays", hole("a_0_0")),
        breaks("at every number of them", pole("a_0_0")),
        breaks("it changes nothing at single values", own("a_0_0", "1/3", "5")),
        breaks("the loss has a value at the point", put("at", ["0", "0", "0", "0"])),
        breaks("it is asked of a factor", put("under", "shift")),
    ),
    "rows_sign": (
        breaks("no part of the loss is negative", times("-1")),
        breaks("none is in a well", well("e_0_0", "1", "-1/1000")),
        breaks("none is at a single value", own("e_0_0", "1/3", "-1000")),
        breaks("the loss has a value at the point", put("at", ["0", "0", "0", "0"])),
        breaks("it has no bound above", put("ask", "bounded_above")),
    ),
    "rows_smoothness": (
        breaks("the loss is quadratic", plus(("pow", "3", "e_0_0"))),
        breaks("no second derivative is larger", bowl("e_0_0", "1000")),
        breaks("the constant is attained", put("constant", "100")),
        breaks("by a vector", put("vector", ["0", "0", "0", "0"])),
        breaks("that belongs to it", put("vector", ["1", "0", "0", "0"])),
        breaks("the loss is smooth", kink("e_0_0", "1/3", "5")),
        breaks("it has no value of its own", own("e_0_0", "1/3", "5")),
    ),
    "rows_witness": (
        breaks("the values differ", times("0")),
        breaks("the point is moved", put("by", "1")),
        breaks("the factor is positive", put("by", "-2")),
        breaks("the loss is defined at the point", hole("a_0_0", "100000")),
    ),
    "through_parts": (
        breaks("the function of the parts is nonnegative", times("-1")),
        breaks("the loss is that function", tilt("a_0_0", "1/1000")),
        breaks("it is, at single values too", own("a_0_0", "1/3", "-5")),
        breaks("it is everywhere", well("a_0_0", "1", "-1/1000")),
        breaks("a vector is over its length", put("roots.0.parts.0.under.0", SHORT)),
        breaks("over all of its length", put("roots.0.parts.0.under.0", BRACKETS)),
        breaks("the loss has a value at the point", put("at", ["0", "0", "0", "0"])),
    ),
}
