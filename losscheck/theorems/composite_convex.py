"""Convexity of a binary loss through a link: on every piece, or refuted at one point (rule ``composite_convex``)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.breakpoints import Hint, breakpoints, grid, merge, middle, rational_guess
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import ONE, add, cos, exp, log, log_ndtr, mul, neg, scale, sin, sub, substitute, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.verdict import Outcome

P, Z = var("p", "unit"), var("z")
INSIDE = np.linspace(-8, 8, 1601)
"""Scores to look for a negative curvature at, where probabilities are not yet extreme."""


def frame(root: Expr, link: str) -> tuple[Expr, str, str]:
    """The loss in the variable that its curvature is read in, and that variable with its domain."""
    if link != "probit":
        return root, "p", "unit"
    down = neg(Z)
    changes = {P: exp(log_ndtr(Z)), sub(ONE, P): exp(log_ndtr(down)), log(P): log_ndtr(Z)}
    changes[log(sub(ONE, P))] = log_ndtr(down)
    return substitute([root], changes)[0], "z", "real"


def bend(root: Expr, link: str) -> Expr:
    """The curvature along the score up to a positive factor, for the search."""
    name = "z" if link == "probit" else "p"
    slope = derivative(root, name)
    curvature, rest = derivative(slope, name), sub(ONE, P)
    if link in ("probit", "identity"):
        return curvature
    if link == "logit":
        return add(mul(curvature, P, rest), mul(slope, sub(rest, P)))
    if link == "cloglog":
        s = neg(log(rest))
        return add(mul(curvature, rest, s), mul(slope, sub(ONE, s)))
    pi = Fraction(math.pi)
    turn = scale(pi, P)
    return add(mul(curvature, sin(turn)), scale(2 * pi, mul(slope, cos(turn))))


def violations(n: Expr, name: str, hints: list[Hint]) -> Iterator[dict[str, Any]]:
    """Points of negative curvature, the clearest first, then the cuts."""
    x = INSIDE if name == "z" else np.unique(np.concatenate([grid("unit"), 1 / (1 + np.exp(-INSIDE))]))
    y = evaluate([n], {name: x})[0]
    cuts = np.array([middle(h) for h in hints])
    y = np.where(np.isfinite(y), y, 0.0)
    plain = np.abs(x) <= 3 if name == "z" else (0.01 <= x) & (x <= 0.99)
    worst = [int(np.argmin(values)) for values in (np.where(plain, y, 0.0), y)]
    for k in dict.fromkeys(worst):
        if y[k] < 0:
            yield {"index": int((cuts < x[k]).sum()), "point": q(Fraction(float(x[k])))}
    yield from ({"index": i, "cut": True} for i in range(len(hints)))


def touching(n: Expr, name: str) -> list[Hint]:
    """Simple rational points where the curvature touches 0: a cut there makes its sign strict."""
    x = grid("unit" if name == "p" else "real")
    y = np.abs(evaluate([n], {name: x})[0])
    low = np.flatnonzero((y[1:-1] <= y[:-2]) & (y[1:-1] <= y[2:]) & (y[1:-1] < 1e-3) & (y[:-2] > 0)) + 1
    guesses = [rational_guess(n, name, float(x[k])) for k in low[:20]]
    return [q(g) for g in guesses if g is not None]


def attempt(lifted: Lifted, link: str) -> Outcome | None:
    """Decide whether the composite with the link is convex for both labels, or return None."""
    roots = chosen(lifted.roots, choices(lifted.roots)[0])
    framed = [frame(r, link) for r in roots]
    bends = [bend(r, link) for r, _, _ in framed]
    proof: dict[str, Any] = {"rule": "composite_convex", "link": link}
    loose = [breakpoints(*frame(r, link), balls=True) for r in lifted.roots]
    for y, (n, (_, name, _)) in enumerate(zip(bends, framed, strict=True)):
        for where in violations(n, name, loose[y]):
            at = {"label": y, **where}
            found = refute(
                lifted, "composite_convex", {**proof, "breaks": loose, "where": at}, witness=at,
                message=f"The loss of label {y} as a function of the score through the {link} link bends downwards.",
            )  # fmt: skip
            if found:
                return found
    hints = [breakpoints(r, name, on) for r, name, on in framed]
    finer = [merge([*h, *touching(n, name)]) for h, n, (_, name, _) in zip(hints, bends, framed, strict=True)]
    message = f"Through the {link} link the second derivative in the score is nonnegative on every piece."
    for cuts in (hints, finer):
        found = prove(lifted, "composite_convex", {**proof, "breaks": cuts, "where": None}, message=message)
        if found:
            return found
    return None
