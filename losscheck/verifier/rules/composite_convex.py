r"""Convexity of a loss of a probability as a function of a score through a link (Reid and Williamson 2010).

Lemma. Let F be increasing and smooth from R (identity: (0, 1)) onto (0, 1), l continuous on (0, 1), and analytic
between finitely many cuts with ``(l o F)'' >= 0`` there (:mod:`losscheck.verifier.links`) and slopes that do not fall
at the cuts. Then z -> l(F(z)) is convex: F is smooth, so slopes of l o F fall where those of l do. It must hold for
both labels. It is refuted by a point of an analytic piece with ``(l o F)'' < 0``, or a cut with a jump or a falling
slope.

Proof node: ``{"rule": "composite_convex", "link": ..., "breaks": [[...], [...]], "where": null | {"label": y,
"index": i, "point": t} | {"label": y, "index": i, "cut": true}}``; t is p, for probit z.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import Enclosure, point
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import sign
from losscheck.verifier.curve import Curve, curve
from losscheck.verifier.links import bend, frame
from losscheck.verifier.verify import Checker, Fact

KINDS = ("probability",)


def convex(case: Case, link: str, c: Curve) -> None:
    """Check one label."""
    for i, piece in enumerate(c.pieces):
        expect(c.on(bend(case, link, piece.node), i) in "+p0", f"the composite is not shown convex on piece {i}")
    for i in range(len(c.cuts)):
        expect(c.step(i) == ("0", "0"), f"continuity is not shown at cut {i}")
        expect(c.bend(i) in "+p0", f"the slopes are not shown to be ordered at cut {i}")


def broken(case: Case, link: str, c: Curve, where: dict[str, Any]) -> bool:
    """Whether one place shows that the composite is not convex."""
    i = where["index"]
    expect(type(i) is int and i >= 0, "malformed place")
    if where.get("cut") is True:
        return bool(set(c.step(i)) & {"+", "-"}) or c.bend(i) == "-"
    t, piece = rational(where["point"]), c.pieces[i]
    expect((piece.a is None or piece.a < t) and (piece.b is None or t < piece.b), "the point is outside its piece")
    expect(all(not cut.low <= t <= cut.high for cut in c.cuts), "the point is on a cut")
    return sign(bend(case, link, piece.node), Enclosure({c.x: point(t)})) == "-"


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check both labels, or one place."""
    link, where, hints = proof["link"], proof["where"], proof["breaks"]
    roots, x, low, high = frame(case, link)
    expect(isinstance(hints, list) and len(hints) == len(roots), "one list of breakpoints per label")

    def of(y: int) -> Curve:
        return curve(case.pool, roots[y], x, low, high, hints[y])

    if where is None:
        for y in range(len(roots)):
            convex(case, link, of(y))
        return Fact("composite_convex", params={"link": link})
    y = where["label"]
    expect(type(y) is int and 0 <= y < len(roots), "the label is an index into the roots")
    expect(broken(case, link, of(y), where), "no violation of convexity is shown")
    return Fact("composite_convex", holds=False, params={"link": link})
