"""Convexity in one variable, from the second derivative on pieces and the slopes at the cuts."""

from __future__ import annotations

from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.breakpoints import Hint, breakpoints, grid, merge, rational_guess
from losscheck.engines.numeric import evaluate
from losscheck.expr.constants import choices, chosen
from losscheck.expr.derivative import derivative
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome


def touching(lifted: Lifted, i: int, order: int = 2) -> list[Hint]:
    """Rational points where a derivative of a root touches 0: a cut there makes its sign strict."""
    name = lifted.variables[0]
    (root,) = chosen([lifted.roots[i]], choices([lifted.roots[i]])[0])
    n = root
    for _ in range(order):
        n = derivative(n, name)
    x = grid(lifted.domain)
    y = np.abs(evaluate([n], {name: x})[0])
    low = np.flatnonzero((y[1:-1] <= y[:-2]) & (y[1:-1] <= y[2:]) & (y[1:-1] < 1e-3) & (y[:-2] > 0) & (y[2:] > 0)) + 1
    guesses = [rational_guess(n, name, float(x[k])) for k in low[:20]]
    return [q(g) for g in guesses if g is not None]


def proof(lifted: Lifted, *, balls: bool = False, fine: bool = False) -> dict[str, Any]:
    """The proof node, also used as a premise; ``fine`` adds touching points of the second derivative."""
    name = lifted.variables[0]
    hints = [breakpoints(r, name, lifted.domain, balls=balls) for r in lifted.roots]
    if fine:
        hints = [merge([*h, *touching(lifted, i)]) for i, h in enumerate(hints)]
    return {"rule": "convex_by_pieces", "breaks": hints}


def attempt(lifted: Lifted) -> Outcome | None:
    """Prove convexity of every label's loss in one variable, or None."""
    cuts = sum(map(len, proof(lifted)["breaks"]))
    where = f" between {cuts} breakpoints, with ordered slopes at them" if cuts else ""
    message = f"The second derivative is nowhere negative{where}."
    for fine in (False, True):
        found = prove(lifted, "convex", proof(lifted, fine=fine), message=message)
        if found:
            return found
    return None
