"""Equations between flows that make a minorant a tangent at a rational point."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from losscheck.engines.flows import Flows, Linear, combine
from losscheck.verifier.balls import Enclosure, point


def tight(flows: Flows, z: Mapping[str, Fraction]) -> list[Linear] | None:
    """Equations that make the minorant a tangent at a rational point; None where a node has no rational tangent.

    Only the largest arguments of a maximum share its weight, and the slope of a square is ``2 x`` times its own: all
    linear in the flows, also where several arguments tie and the weight of a square depends on how they share.
    """
    value = Enclosure({x: point(c) for x, c in z.items()})
    found: list[Linear] = []
    for n, edges in flows.splits:
        a = [float(value(k)[0].mid()) for k in n.args]
        if n.op in ("max", "min"):
            best = (max if n.op == "max" else min)(a)
            found += [{e: Fraction(1)} for e, x in zip(edges, a, strict=True) if abs(x - best) > 1e-7]
        elif n.op == "abs" or (n.op == "pow" and n.value == 2):
            x = Fraction(a[0]).limit_denominator(10**6)
            share = 2 * x if n.op == "pow" else Fraction((x > 0) - (x < 0))
            if share or n.op == "pow":
                found.append(combine({edges[0]: Fraction(1)}, -share, flows.inflow[n]))
        else:
            return None
    return found
