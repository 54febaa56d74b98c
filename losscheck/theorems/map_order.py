"""Order-preserving maps, or a point where an order is turned round. Rules ``map_order`` and ``map_witness``."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import numpy as np

from losscheck.certificate import q
from losscheck.engines.breakpoints import breakpoints, merge
from losscheck.engines.numeric import evaluate
from losscheck.engines.points import at, points
from losscheck.expr.build import ZERO, const, div, sub, substitute, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems.map_on_simplex import signed
from losscheck.verdict import Outcome

NAME = "order_preserving"


@np.errstate(all="ignore")
def refuted(lifted: Lifted) -> Outcome | None:
    """Scores ``z_i >= z_j`` with outputs ``s_i < s_j``, or None."""
    sample = points(lifted)
    values, z = np.array(evaluate(lifted.roots, sample)), np.array(list(sample.values()))
    for i, j in permutations(range(len(values)), 2):
        gap = values[j] - values[i]
        gap = np.where((z[i] >= z[j]) & np.isfinite(gap), gap, -np.inf)
        for k in (int(np.argmax(gap)), int(np.argmax(gap > 1e-9))):
            if gap[k] > 1e-12:
                place = at(sample, k)
                message = (
                    f"At ({', '.join(place)}) score {i} is at least score {j}, but output {i} is "
                    f"{float(values[i][k]):.6g} and output {j} is {float(values[j][k]):.6g}."
                )
                proof = {"rule": "map_witness", "what": "order", "at": place, "i": i, "j": j}
                if found := refute(lifted, NAME, proof, message=message, witness={"at": place, "outputs": [i, j]}):
                    return found
    return None


def attempt(lifted: Lifted) -> Outcome | None:
    """Prove that larger scores have larger outputs, or None."""
    roots = chosen(lifted.roots, choices(lifted.roots)[0])
    offsets = {root.value[0] if root.op == "add" and len(root.args) == 1 else Fraction(0) for root in roots}
    if len(offsets) == 1:
        (offset,) = offsets
        rest = replace(lifted, roots=tuple(sub(root, const(offset)) for root in roots))
        ratio = _profile(rest)
        signs, hints = (signed(rest), breakpoints(ratio, "x")) if ratio is not None else (None, [])
        message = "Every output is one increasing function of its score, times a common factor."
        proof = {"rule": "map_order", "way": "profile", "offset": q(offset), "signs": signs}
        for breaks in (hints, merge([*hints, q(0)])) if signs else ():
            if found := prove(lifted, NAME, {**proof, "breaks": breaks}, message=message):
                return found
    message = "The classes are interchangeable, and every output rises with its own score and falls with the others'."
    if found := prove(lifted, NAME, {"rule": "map_order", "way": "monotone"}, message=message):
        return found
    message = "On every polyhedral cell the outputs are affine, in the order of their scores."
    return prove(lifted, NAME, {"rule": "map_order", "way": "cells"}, message=message)


def _profile(lifted: Lifted) -> Expr | None:
    """The ratio of the first two outputs as a function of the first score, ``x``; None where it is not defined."""
    change = {var(name): var("x") if i == 0 else ZERO for i, name in enumerate(lifted.variables)}
    try:
        one, two = substitute(list(lifted.roots[:2]), change)
        return div(one, two)
    except ZeroDivisionError:
        return None
