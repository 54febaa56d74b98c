"""Signs and bounds of losses of several rows: on all their numbers at once, or through distances and cosines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from losscheck.certificate import graph_json, q
from losscheck.engines.numeric import evaluate
from losscheck.engines.points import at
from losscheck.engines.row_parts import charted, plain, readings
from losscheck.engines.row_points import row_points, rows_of
from losscheck.expr import build
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems import bounded_by_limits, nonnegative_by_signs
from losscheck.theorems.rows_invariant import fine_point
from losscheck.verdict import Outcome
from losscheck.verifier.charts import ONTO
from losscheck.verifier.rows import Rows

Ask = Callable[[Lifted], Outcome | None]
ASK: dict[str, Ask] = {
    "nonnegative": nonnegative_by_signs.attempt,
    "bounded_below": lambda lifted: bounded_by_limits.attempt(lifted, "below"),
    "bounded_above": lambda lifted: bounded_by_limits.attempt(lifted, "above"),
}
ATTEMPTS = 4
"""Lines along which a divergence that floats show is tried to be proved."""
LONGEST = 150
"""Nodes of a loss that is followed along a line."""
WORDS = {
    "nonnegative": "is at least 0",
    "bounded_below": "is bounded below",
    "bounded_above": "is bounded above",
}


def attempt(lifted: Lifted, prop: str) -> Outcome | None:
    """Decide a sign or a bound, or None."""
    if prop == "nonnegative":
        found = _negative(lifted)
    else:
        found = unbounded(lifted, prop.removeprefix("bounded_"))
    found = found or _by_sign(lifted, prop)
    for asked in ("nonnegative", prop) if prop == "bounded_below" else (prop,):
        found = found or on_entries(lifted, prop, ASK[asked]) or through_parts(lifted, prop, asked)
    return found


def _by_sign(lifted: Lifted, prop: str) -> Outcome | None:
    """Prove a sign or a bound by the ranges in the graph, wherever the loss has a value, or None."""
    place = fine_point(lifted, row_points(lifted))
    proof = {"rule": "rows_sign", "ask": prop, "at": place}
    message = f"By the signs and ranges in its formula the loss {WORDS[prop]}, wherever it has a value."
    return None if place is None else prove(lifted, prop, proof, message=message)


def straightened(lifted: Lifted, parts: list[Any]) -> list[Expr]:
    """The roots as functions of reals ``u_0, ...``, a chart or a fixed rational for each variable."""
    swap: dict[Expr, Expr] = {}
    own = {n.value[0]: n for n in topological(lifted.roots) if n.op == "var"}
    count = 0
    for name, part in zip(lifted.variables, parts, strict=True):
        n = own.get(name)
        if isinstance(part, dict):
            value: Expr = build.const(part["fixed"])
        else:
            value = charted(part, build.var(f"u_{count}"))
            count += 1
        if n is not None:
            swap[n] = value
    return build.substitute(lifted.roots, swap)


def all_charts(lifted: Lifted) -> list[Any]:
    """The chart of every variable."""
    return [ONTO[a.domain] for a in rows_of(lifted).floats for _ in a.places()]


def on_entries(lifted: Lifted, prop: str, ask: Ask, parts: list[Any] | None = None) -> Outcome | None:
    """Ask about the loss as one function of its numbers, and wrap the proof."""
    parts = all_charts(lifted) if parts is None else parts
    count = sum(not isinstance(p, dict) for p in parts)
    try:
        inner = ask(plain(straightened(lifted, parts), count))
    except (ZeroDivisionError, ValueError):
        return None
    if inner is None or inner.certificate is None:
        return None
    proof = {"rule": "on_entries", "ask": prop, "parts": parts, "proof": inner.certificate["proof"]}
    if prop == "smoothness":  # a kink, which is there for every choice of the constants
        return prove(lifted, prop, proof, message=f"{inner.message} So no constant exists.", robust=True)
    if inner.verdict.value == "proved":
        return prove(lifted, prop, proof, message=inner.message)
    witness = {**(inner.witness or {}), "parts": parts}
    return refute(lifted, prop, proof, message=inner.message, witness=witness)


def through_parts(lifted: Lifted, prop: str, asked: str) -> Outcome | None:
    """Prove a sign or a bound by what is ``asked`` for all values of distances and cosines, or None."""
    rows, place = rows_of(lifted), fine_point(lifted, row_points(lifted))
    each = [] if place is None else [_reading(lifted, rows, root, asked) for root in lifted.roots]
    if not each or None in each:
        return None
    proof = {"rule": "through_parts", "ask": prop, "at": place, "roots": each}
    message = f"As a function of its distances and cosines, whatever they are, the loss {WORDS[prop]}."
    return prove(lifted, prop, proof, message=message)


def _reading(lifted: Lifted, rows: Rows, root: Expr, prop: str) -> dict[str, Any] | None:
    """A root as a function of its parts, with a proof about that function, or None."""
    for bounded in (False, True) if prop == "nonnegative" else (True,):
        reading = readings(lifted, rows, root, bounded)
        if reading is None:
            return None
        inner = ASK[prop](plain([reading.straight], len(reading.parts)))
        if inner is not None and inner.certificate is not None and inner.verdict.value == "proved":
            own = graph_json([reading.own])
            return {"parts": list(reading.parts), "own": own, "proof": inner.certificate["proof"]}
    return None


def _negative(lifted: Lifted) -> Outcome | None:
    sample = row_points(lifted)
    for y, value in enumerate(evaluate(lifted.roots, sample)):
        below = np.flatnonzero(value < -1e-12)
        for k in list(dict.fromkeys([*below[:2].tolist(), *([int(np.nanargmin(value))] if below.size else [])])):
            place = at(sample, k)
            message = f"The loss{lifted.told(y)} is {float(value[k]):.6g} at ({', '.join(place)})."
            witness = {"at": place, "label": lifted.labels[y], "value": float(value[k])}
            proof = {"rule": "negative_witness", "label": y, "at": place}
            if found := refute(lifted, "nonnegative", proof, message=message, witness=witness):
                return found
    return None


def paths(lifted: Lifted) -> Iterator[list[Any]]:
    """Parts that leave one number free, the others fixed at small numbers: lines along which a loss may diverge."""
    domains = [a.domain for a in rows_of(lifted).floats for _ in a.places()]
    start = {"real": "0", "positive": "1", "(0,1)": "1/2", "unit": "1/2", "[-1,1]": "0"}
    seen = set()
    for shift in (0, 1):
        for i, domain in enumerate(domains):
            if domain not in ("real", "positive", "(0,1)"):
                continue
            fixed = [
                {"fixed": q(Fraction(start[d]) + ((j * 5 + 3) % 7 - 3 if d == "real" and shift else 0))}
                for j, d in enumerate(domains)
            ]
            parts = [*fixed[:i], ONTO[domain], *fixed[i + 1 :]]
            if str(parts) not in seen:
                seen.add(str(parts))
                yield parts


def unbounded(lifted: Lifted, side: str) -> Outcome | None:
    """A line along which the loss diverges: of one number, or of all that range over the reals; or None."""
    tried = 0
    for parts in paths(lifted):
        slice_ = sliced(lifted, parts)
        if slice_ is None or not _diverges(slice_, side):
            continue
        ask = partial(bounded_by_limits.refuted, side=side)
        if found := on_entries(lifted, f"bounded_{side}", ask, parts):
            return found
        tried += 1
        if tried == ATTEMPTS:
            break
    return _together(lifted, side) if rows_of(lifted).real else None


def sliced(lifted: Lifted, parts: list[Any], longest: int = LONGEST) -> Lifted | None:
    """The loss as a function of the numbers that are left free; None where it is not defined or too large to follow."""
    try:
        slice_ = plain(straightened(lifted, parts), sum(not isinstance(p, dict) for p in parts))
    except (ZeroDivisionError, ValueError):
        return None
    return slice_ if len(topological(slice_.roots)) <= longest * len(slice_.roots) else None


@np.errstate(all="ignore")
def _diverges(slice_: Lifted, side: str) -> bool:
    """Whether a function of one variable seems to go on growing (falling), as slowly as a logarithm, in floats."""
    (x,) = slice_.variables
    up = 1.0 if side == "above" else -1.0
    t = np.array([1e4, 1e8, 1e16])
    values = [up * evaluate([root], {x: s * t})[0] * np.ones(3) for root in slice_.roots for s in (1, -1)]
    return any(v[2] == np.inf or (v[2] - v[1] > 0.5 * (v[1] - v[0]) > 0.005) for v in values)


def _together(lifted: Lifted, side: str) -> Outcome | None:
    """All numbers move at different speeds, from 0."""
    k = len(lifted.variables)
    speeds = [[(-1) ** j * (j * j + 1) for j in range(k)], [j + 1 for j in range(k)]]
    for speed in speeds:
        path = [["0", q(s)] for s in speed]
        for label in bounded_by_limits.diverging(lifted, side, path, True):
            inner = {
                "rule": "unbounded_along", "side": side, "label": label, "path": path, "far": True, "reach": "40",
            }  # fmt: skip
            proof = {"rule": "on_entries", "ask": f"bounded_{side}", "parts": ["real"] * k, "proof": inner}
            message = f"The loss{lifted.told(label)} diverges as all its numbers grow together."
            witness = {"line": path, "label": lifted.labels[label], "t": "inf"}
            if found := refute(lifted, f"bounded_{side}", proof, message=message, witness=witness):
                return found
    return None
