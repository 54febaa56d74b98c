"""A regression loss that is least where yhat = y: nonnegative, or bounded below, by its values there.

Lemma. Let ``yhat -> l(yhat, y)`` be continuous, with a slope >= 0 for yhat > y and <= 0 for yhat < y, for every y.
Then ``l(yhat, y) >= l(y, y)``; so l is nonnegative (bounded below) if it is so on the diagonal. A side on which the
loss itself is shown to be >= 0 needs no slope. The sides cover the domain: yhat is positive only where y is. Or: let
the loss elicit a mean, median, quantile or expectile (premise ``elicits``); that of the law that is y for certain is
y, so again ``l(yhat, y) >= l(y, y)``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import Undefined
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import OPPOSITE
from losscheck.verifier.diagonal import Side, reach, side, sides
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

KINDS = ("regression",)


def bounded_below(on: Side, value: Node) -> bool:
    """Whether the range of the values on the diagonal has a finite lower end."""
    try:
        return bool(on.value(on.pool.substitute(value, dict(on.change)))[0].is_finite())
    except Undefined:
        return False


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the signs on both sides and the values on the diagonal."""
    pool, wanted, on = case.pool, proof["of"], side(case, proof["chart"], "on")
    above, below = sides(case, proof["chart"])
    elicited = proof.get("elicits")
    if elicited is not None:
        checker.premise(elicited, "elicits")
    for (region, node), turn in ((above, False), (below, True)) if elicited is None else ():
        s = region.sign(pool.differentiate(node, "yhat"))
        falls = (OPPOSITE[s] if turn else s) in "+p0"
        expect(falls or region.sign(node) in "+p0", "the loss is not shown to rise away from the diagonal")
    value = reach(pool, above[1])
    if wanted == "nonnegative":
        expect(on.sign(value) in "+p0", "the loss is not shown to be >= 0 on the diagonal")
        return Fact("nonnegative")
    expect(wanted == "bounded_below", "the floor speaks of nonnegative or bounded_below")
    expect(on.sign(value) in "+p0" or bounded_below(on, value), "the diagonal is not shown to be bounded below")
    return Fact("bounded_below")
