"""The least Lipschitz constant of a loss of one variable, or of its derivative: enclosed, or shown to be infinite."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb

from losscheck.certificate import certificate, q
from losscheck.engines.breakpoints import Hint, breakpoints, grid, merge, middle
from losscheck.engines.golden import golden
from losscheck.engines.numeric import evaluate
from losscheck.expr.constants import choices, chosen
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome
from losscheck.verifier.balls import Undefined
from losscheck.verifier.budget import verification
from losscheck.verifier.certificate import CertificateRejected, read
from losscheck.verifier.cover import Exhausted
from losscheck.verifier.functions_1d import label_curves

SLACK = Fraction(4, 10**8)
"""How far above the largest value seen the upper bound is put: within the 1e-7 allowed, wide enough to be shown."""


def _size(n: Expr, name: str, x: np.ndarray) -> np.ndarray:
    y = np.abs(evaluate([n], {name: x})[0])
    return np.where(np.isfinite(y), y, -1.0)


def _refine(n: Expr, name: str, a: float, b: float) -> tuple[float, float]:
    t, least = golden(lambda t: -float(_size(n, name, np.array([t]))[0]), a, b)
    return t, -least


def places(n: Expr, name: str, domain: str, hints: list[Hint]) -> Iterator[tuple[float, dict[str, Any]]]:
    """``(size, place)``: the largest value inside each piece and the sizes close to its ends."""
    cuts = [middle(h) for h in hints]
    low, high = -math.inf if domain == "real" else 0.0, 1.0 if domain == "unit" else math.inf
    x = grid(domain)
    for i, (a, b) in enumerate(zip([low, *cuts], [*cuts, high], strict=True)):
        for end, t in (("left", a), ("right", b)):
            step = (1 if end == "left" else -1) * 1e-7 * max(1.0, abs(t)) if math.isfinite(t) else 0.0
            at = [t + step, t + 2 * step] if step else [math.copysign(1e9, t)] * 2
            near, next_to = map(float, _size(n, name, np.array(at)))
            # extrapolated to the end itself, unless the slope diverges there
            yield 2 * near - next_to if abs(near - next_to) < 1e-2 * near else near, {"index": i, "end": end}
        inside = x[(x > a) & (x < b)]
        if len(inside) > 2:
            y = _size(n, name, inside)
            k = int(np.argmax(y))
            if 0 < k < len(y) - 1:
                t, value = _refine(n, name, float(inside[k - 1]), float(inside[k + 1]))
                if a < t < b:
                    yield value, {"index": i, "point": q(Fraction(t).limit_denominator(2**40))}


def uppers(value: float) -> list[Fraction]:
    """Upper bounds to try: a simple rational next to the value, then a little more than the value."""
    guess = Fraction(value).limit_denominator(1000)
    near = [guess] if abs(float(guess) - value) <= 1e-7 * max(1.0, value) else []
    return [*near, Fraction(value).limit_denominator(2**40) + SLACK * max(Fraction(1), Fraction(value))]


def at_tangency(hints: list[list[Hint]], place: dict[str, Any]) -> tuple[list[list[Hint]], dict[str, Any]]:
    """The same with a cut at the simple rational next to the largest value: there an exact bound is touched."""
    if "point" not in place:
        return hints, place
    t = Fraction(place["point"])
    guess = t.limit_denominator(64)
    if abs(guess - t) > Fraction(1, 10**6) * max(Fraction(1), abs(t)):
        return hints, place
    more = [merge([*h, q(guess)]) if y == place["label"] else h for y, h in enumerate(hints)]
    return more, {"label": place["label"], "index": place["index"], "end": "right"}


def attempt(lifted: Lifted, order: int, norm: str | None = None) -> Outcome | None:
    """Prove the Lipschitz constant of the loss (order 1) or of its derivative (order 2), or None."""
    name, found = lifted.variables[0], []
    roots = chosen(lifted.roots, choices(lifted.roots)[0])
    hints = [breakpoints(r, name, lifted.domain) for r in lifted.roots]
    for label, root in enumerate(roots):
        slope = root
        for _ in range(order):
            slope = derivative(slope, name)
        found += [(v, {"label": label, **p}) for v, p in places(slope, name, lifted.domain, hints[label])]
    head = {"rule": "slope_by_pieces", "order": order, "norm": norm, "breaks": hints}
    what = "lipschitz" if order == 1 else "smoothness"
    vague = [breakpoints(r, name, lifted.domain, balls=True) for r in lifted.roots]
    jumps = [{"label": y, "index": i, "cut": True} for y, h in enumerate(vague) for i in range(len(h))]
    largest = max((v for v, _ in found), default=0.0)
    endless = [p for v, p in found if "end" in p and (v > 1e3 or v < 0)] + jumps
    shape = "of the loss" if order == 1 else "of its derivative"
    for place in endless:
        message = f"The Lipschitz constant {shape} is infinite."
        cuts = vague if "cut" in place else hints
        proof = {**head, "breaks": cuts, "upper": None, "where": place}
        if outcome := prove(lifted, what, proof, message=message, robust="cut" in place):
            return outcome
    top = [p for v, p in found if v >= largest - 1e-7 * max(1.0, largest)]
    *exact, loose = uppers(largest)
    touched = [at_tangency(hints, p) for p in top]
    ways = [(upper, *way) for upper in exact for way in touched if "point" not in way[1]]
    for upper, cuts, at in [*ways, *((loose, hints, p) for p in top)]:
        message = f"The Lipschitz constant {shape} is {largest:.9g}."
        proof = {**head, "breaks": cuts, "upper": q(upper), "where": at}
        if outcome := prove(lifted, what, proof, message=message):
            return outcome
    for place in (p for _, p in found if "end" in p):
        proof = {**head, "upper": None, "where": place}
        if outcome := prove(lifted, what, proof, message=f"The Lipschitz constant {shape} is infinite."):
            return outcome
    for value, place in limits(lifted, order, hints):
        for upper in uppers(value):
            message = f"The Lipschitz constant {shape} is {value:.9g}, its limit at infinity."
            if outcome := prove(lifted, what, {**head, "upper": q(upper), "where": place}, message=message):
                return outcome
    return None


def limits(lifted: Lifted, order: int, hints: list[list[Hint]]) -> list[tuple[float, dict[str, Any]]]:
    """Sizes of the slopes at infinity by the verifier's series, where doubles cancel, and their places."""
    found: list[tuple[float, dict[str, Any]]] = []
    try:
        with verification():
            draft = certificate(lifted, "smoothness", "proved", {}, constants=choices(lifted.roots)[0])
            for y, c in enumerate(label_curves(read(draft), hints)):
                for end, i in (("left", 0), ("right", len(c.pieces) - 1)):
                    limit = c.end(c.derivative(i, order), end == "right")
                    if isinstance(limit, arb):
                        found.append((abs(float(limit.mid())), {"label": y, "index": i, "end": end}))
    except (CertificateRejected, Undefined, Exhausted, OverflowError):
        return []
    return sorted(found, key=lambda pair: -pair[0])[:1]
