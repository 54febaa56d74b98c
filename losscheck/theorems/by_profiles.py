"""What the profiles of ``l_y = a_y(softmax(alpha z)_y)`` show: ``nonnegative_comp_sum``, ``convex_comp_sum``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from losscheck.certificate import graph_json, q
from losscheck.engines.breakpoints import breakpoints
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.calibrated_comp_sum import matches, scales
from losscheck.theorems.in_probabilities import on_curve, read
from losscheck.verdict import Outcome


def readings(lifted: Lifted) -> Iterator[tuple[dict[str, Any], Expr]]:
    """Proof nodes without their rule, and the first profile."""
    for choice in choices(lifted.roots):
        roots = chosen(lifted.roots, choice)
        for alpha in scales(roots):
            found = [read(on_curve(lifted.variables, y, alpha), root, ["s"]) for y, root in enumerate(roots)]
            own = [a for a in found if a is not None]
            each = zip(roots, own, strict=False)
            if len(own) < len(found) or not all(
                matches(root, _first(lifted.variables, y), alpha, [a]) for y, (root, a) in enumerate(each)
            ):
                continue
            own = own[:1] if len(set(own)) == 1 else own
            hints = [breakpoints(a, "s", "unit") for a in own]
            yield {"alpha": q(alpha), "own": [graph_json([a]) for a in own], "breaks": hints}, own[0]


def _first(names: tuple[str, ...], y: int) -> tuple[str, ...]:
    """The scores with that of class y in front."""
    return (names[y], *names[:y], *names[y + 1 :])


def nonnegative(lifted: Lifted) -> Outcome | None:
    """Prove that the losses are nonnegative, or return None."""
    for form, first in readings(lifted):
        message = f"Each loss is a function of one probability, which is nowhere negative: {first}."
        if found := prove(lifted, "nonnegative", {"rule": "nonnegative_comp_sum", **form}, message=message):
            return found
    return None


def convex(lifted: Lifted) -> Outcome | None:
    """Prove that the losses are convex, or return None."""
    for form, first in readings(lifted):
        message = f"Each loss is a function of one probability that bends as much as two classes ask: {first}."
        if found := prove(lifted, "convex", {"rule": "convex_comp_sum", **form}, message=message):
            return found
    return None
