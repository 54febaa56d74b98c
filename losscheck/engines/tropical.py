"""Multipliers for affine minorants by the largest argument: ``lse(x) >= x_i`` and ``max(x) >= x_i`` at a far point.

Losses such as ``lse(z) - z_y`` approach their infimum only at infinity, where one argument of every log-sum-exp
carries all the weight; arguments that tie share it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from losscheck.certificate import q
from losscheck.engines.flows import Flows
from losscheck.verifier.balls import Enclosure, Undefined, point
from losscheck.verifier.certificate import Case
from losscheck.verifier.minorant import branches, constants
from losscheck.verifier.terms import Node, walk


def tropical_flows(case: Case, y: int) -> Iterator[list[Any]]:
    """Multipliers for the minorant of the loss of label number y, one list per direction tried."""
    root, names = case.roots[y], case.variables
    for own, others in ((1000, 0), (0, 0), (0, 1000), (1, 0)):
        at = {x: Fraction(own if i == min(y, len(names) - 1) else others) for i, x in enumerate(names)}
        try:
            yield _flows(root, Enclosure({x: point(v) for x, v in at.items()}))
        except Undefined:
            continue
    try:
        system = Flows({root: Fraction(1)}, names)
    except Undefined:
        return
    level = list(system.slopes.values())
    for guess in (system.programme(level), system.at(dict.fromkeys(names, 0.0))):
        exact = None if guess is None else system.solve(guess, level)
        if exact is not None:
            yield system.hints(exact)


def _flows(root: Node, value: Enclosure) -> list[Any]:
    inflow = {root: Fraction(1)}
    out: list[Any] = []
    free = constants([root])
    for n in reversed(walk(root)):
        w = inflow.get(n, Fraction(0))
        if not w or n in free or n.op in ("var", "const"):
            continue
        if n.op == "add":
            for c, a in zip(n.value[1:], n.args, strict=True):
                inflow[a] = inflow.get(a, Fraction(0)) + c * w
        elif branches(n):
            parts = _parts(n, w, value)
            out.append(None if parts is None else [q(m) for m in parts])
            for m, a in zip(parts or (), n.args, strict=False):
                inflow[a] = inflow.get(a, Fraction(0)) + m
    return out


def _parts(n: Node, w: Fraction, value: Enclosure) -> list[Fraction] | None:
    xs = [float(value(a)[0]) for a in n.args]
    if n.op in ("lse", "max", "min") and (w > 0) == (n.op != "min"):
        best = min(xs) if n.op == "min" else max(xs)
        ties = [x == best for x in xs]
        return [w / sum(ties) if t else Fraction(0) for t in ties]
    if w > 0 and n.op in ("abs", "exp", "pow"):
        return [w * ((xs[0] > 0) - (xs[0] < 0)) if n.op == "abs" else Fraction(0)]
    return None
