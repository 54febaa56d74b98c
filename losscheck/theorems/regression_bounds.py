"""Signs and bounds of a regression loss: from one variable, from the diagonal, from its range, or along a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.breakpoints import breakpoints, grid
from losscheck.engines.golden import golden
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems import bounded_by_limits, by_counts, elicits
from losscheck.theorems.elicits_witness import laws
from losscheck.theorems.regression_profile import (
    in_floats,
    inner_proofs,
    is_count,
    is_positive,
    of_domain,
    reductions,
)
from losscheck.theorems.steep_along import lines
from losscheck.verdict import Outcome


def charts(lifted: Lifted) -> tuple[str, ...]:
    """The ways to write both sides of the diagonal."""
    return ("shift", "log") if lifted.domain == "positive" else ("shift",)


def on_diagonal(lifted: Lifted, prop: str) -> Iterator[dict[str, Any]]:
    """Proofs that the loss is least on the diagonal: by its slopes, or because a law that is certain elicits y."""
    proofs = [{"rule": "floor_on_diagonal", "of": prop, "chart": chart} for chart in charts(lifted)]
    yield from proofs
    near = in_floats(lifted, [1.001, 0.999], [1.0, 1.0]) - in_floats(lifted, [1.0, 1.0], [1.0, 1.0])
    if not (np.isfinite(near).all() and (near > 0).all()):
        return
    level = float(Fraction(float(near[1] / near.sum())).limit_denominator(100))
    for functional, t in (("mean", None), ("median", None), ("expectile", level), ("quantile", level)):
        found = elicits.attempt(lifted, functional, t)
        if found and found.certificate:
            yield from ({**proof, "elicits": found.certificate["proof"]} for proof in proofs)
            return


def nonnegative(lifted: Lifted) -> Outcome | None:
    """Decide the sign of the loss, or None."""
    for at in _negative(lifted):
        proof = {"rule": "negative_witness", "label": 0, "at": at}
        message = f"The loss is negative at yhat = {at[0]}, y = {at[1]}."
        if found := refute(lifted, "nonnegative", proof, message=message, witness={"at": at}):
            return found
    signs = {"rule": "bounded_on_region", "of": "nonnegative"}
    if found := prove(lifted, "nonnegative", signs, message="No part of the formula makes the loss negative."):
        return found
    for proof in on_diagonal(lifted, "nonnegative"):
        message = "The loss is nowhere below its value at yhat = y, which is nonnegative."
        if found := prove(lifted, "nonnegative", proof, message=message):
            return found
    for proof, _ in inner_proofs(reductions(lifted), _on_pieces):
        message = "The function of one variable that the loss consists of is nowhere negative."
        if found := prove(lifted, "nonnegative", proof, message=message):
            return found
    return by_counts.attempt(lifted, "nonnegative", nonnegative, _on_pieces)


def _on_pieces(one: Lifted) -> Outcome | None:
    proof = {"rule": "nonnegative_on_pieces", "breaks": [breakpoints(one.roots[0], "v", one.domain)]}
    return prove(one, "nonnegative", proof, message="No piece is negative.")


def _negative(lifted: Lifted) -> Iterator[list[str]]:
    """Points where the loss is negative in floats."""
    atoms = sorted({x for y, _ in laws(lifted) for x in y} | ({Fraction(1, 8)} if is_count(lifted) else set()))
    signs = [is_positive(lifted, x) for x in ("yhat", "y")]
    atoms = sorted({*atoms, *(-x for x in atoms)})
    values = [np.array([float(x) for x in atoms if x > 0 or not up]) for up in signs]
    values[1] = np.array([x for x in values[1] if of_domain(lifted, Fraction(x))])
    yhat, y = (x.ravel() for x in np.meshgrid(*values))
    loss = in_floats(lifted, yhat, y)
    below = np.flatnonzero(loss < -1e-14)
    yield from lowest(lifted)
    if below.size:
        for k in dict.fromkeys([int(below[0]), int(np.nanargmin(np.where(np.isfinite(loss), loss, np.inf)))]):
            yield [q(float(yhat[k])), q(float(y[k]))]


def lowest(lifted: Lifted) -> Iterator[list[str]]:
    """Where the function of one variable that the loss consists of is lowest, if it is negative there."""
    for head, one in reductions(lifted):
        start = 1.0 if head["chart"] == "shift" else 0.0

        def value(v: float, start: float = start) -> float:
            return float(in_floats(lifted, [v + start], [1.0])[0])

        x = grid(one.domain)
        x = x[np.abs(x) < 1e6]
        values = in_floats(lifted, x + start, np.ones(x.shape))
        k = int(np.argmin(np.where(np.isfinite(values), values, np.inf)))
        place, least = golden(value, float(x[max(k - 1, 0)]), float(x[min(k + 1, len(x) - 1)]))
        if least < -1e-14:
            yield [q(Fraction(place + start).limit_denominator(10**6)), "1"]


def _bounded(side: str) -> Callable[[Lifted], Outcome | None]:
    return lambda lifted: bounded(lifted, side)


def bounded(lifted: Lifted, side: str) -> Outcome | None:
    """Decide boundedness ``below`` or ``above``, or None."""
    prop = f"bounded_{side}"
    ways: list[dict[str, Any]] = [{"rule": "bounded_on_region", "of": prop}]
    ways += on_diagonal(lifted, prop) if side == "below" else ()
    ways += (p for p, _ in inner_proofs(reductions(lifted), lambda one: bounded_by_limits.attempt(one, side)))
    for proof in ways:
        if found := prove(lifted, prop, proof, message=f"The loss is bounded {side}."):
            return found
    if found := by_counts.attempt(lifted, prop, _bounded(side), lambda one: bounded_by_limits.attempt(one, side)):
        return found
    up = [is_positive(lifted, x) for x in ("yhat", "y")]
    for place, where, yhat, y in lines(up):
        size = in_floats(lifted, yhat, y) * (-1 if side == "below" else 1)
        if np.all(np.isfinite(size)) and not size[2] > size[1] > size[0]:
            continue
        message = f"The loss tends to {'-' if side == 'below' else '+'}infinity along {where}."
        proof = {"rule": "unbounded_on_line", "side": side, **place}
        if found := refute(lifted, prop, proof, message=message, witness={"line": place["path"]}):
            return found
    return None
