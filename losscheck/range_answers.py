"""Answers about every value of a parameter: a proof over its whole range, one value that refutes, or cells.

A proof speaks of the graph with the parameter as a variable (verifier/parameters.py); a refutation is that of the loss
at one exact value, inside the same graph. Where the whole range is not proved, its halves are tried, and halves of
these; what is proved on a part is a finding of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from losscheck.expr import build
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems import range_by_ends, range_by_pieces, range_by_scale, range_calibrated_comp_sum
from losscheck.verdict import Outcome, Verdict, undecided

Ask = Callable[[Lifted], Outcome]
"""Answers the property about a loss without parameters."""

CONVEX = {"rule": "range_convex"}
NONNEGATIVE = {"rule": "range_nonnegative"}
Proof = tuple[dict[str, Any], str]
PROOFS: dict[str, tuple[Proof, ...]] = {
    "nonnegative": ((NONNEGATIVE, "Every loss is at least 0, by the signs in its formula"),),
    "bounded_below": (
        (
            {"rule": "implication", "theorem": "nonnegative_is_bounded_below", "premises": [NONNEGATIVE]},
            "Every loss is at least 0, hence bounded below",
        ),
        ({"rule": "bounded_by_range", "side": "below"}, "The range of every loss is bounded below"),
    ),
    "bounded_above": (({"rule": "bounded_by_range", "side": "above"}, "The range of every loss is bounded above"),),
    "convex": ((CONVEX, "Every loss is convex by composition"),),
    "nonincreasing": (({"rule": "range_nonincreasing"}, "The loss never increases, by composition"),),
    "symmetric": (({"rule": "range_symmetric"}, "The losses of all labels add up to a constant of the parameter"),),
    "classification_calibrated": (
        (
            {"rule": "range_calibrated", "convex": CONVEX, "reach": "1/1024"},
            "The loss is convex with a negative slope at 0",
        ),
    ),
}
"""Proofs worth trying for a whole range, and what they show."""

DEPTH = 3
"""How often a range is halved."""


SECONDS = 30.0
"""A safety net: when trying values has taken so long, no other value is tried."""


def answers(lifted: Lifted, name: str, ask: Ask) -> Iterator[tuple[Outcome, str]]:
    """Yield outcomes, each with the digest of the graph it is about: of the whole range first, then of parts of it."""
    whole = _proved(lifted, name)
    if whole is not None:
        yield whole, lifted.digest
        return
    for reduced in (range_by_scale.attempt, range_by_ends.attempt):
        found = reduced(lifted, name, lambda values: _asked(lifted, values, ask))
        if found is not None:
            yield found, lifted.digest
            return
    seen: list[tuple[str, Outcome]] = []
    refuted = None
    began = time.monotonic()
    for values in _tried(lifted, 5 if name in PROOFS else 3):
        if time.monotonic() - began > SECONDS:
            seen.append((_text(values), undecided("the search ran out of time", reason="time")))
            break
        outcome = _asked(lifted, values, ask)
        seen.append((_text(values), outcome))
        refuted = _refuted(lifted, name, values, outcome)
        if refuted is not None:
            break
    cells = list(_cells(lifted, name, DEPTH)) if name in PROOFS else []
    joined = _joined(lifted, name, cells) if refuted is None else None
    if joined is not None:
        yield joined, lifted.digest
        return
    yield refuted or _open(lifted, name, seen), lifted.digest
    for cell in _merged(lifted, name, [cell for cell, found in cells if found is not None]):
        part = _proved(cell, name)
        if part is not None:
            yield part, cell.digest


def _asked(lifted: Lifted, values: dict[str, Fraction], ask: Ask) -> Outcome:
    """The answer at one value of each parameter."""
    try:
        return ask(at(lifted, values))
    except (ArithmeticError, ValueError) as error:  # 1 / gamma at gamma = 0
        return undecided(f"the formula has no meaning there: {error}")


def at(lifted: Lifted, values: dict[str, Fraction]) -> Lifted:
    """Return the loss at one value of each parameter: a loss without parameters.

    Of a branch on the parameter only the one taken is looked at: ``1 / gamma`` has no meaning beside ``gamma == 0``.

    Raises
    ------
    ArithmeticError, ValueError
        When the formula has no meaning there.
    """
    done: dict[Expr, Expr] = {}

    def go(n: Expr) -> Expr:
        if n not in done:
            done[n] = make(n)
        return done[n]

    def make(n: Expr) -> Expr:
        if n.op == "var" and n.value[0] in values:
            return build.const(values[n.value[0]])
        if n.op == "where" and (known := go(n.args[0])).op in ("true", "false"):
            return go(n.args[1] if known.op == "true" else n.args[2])
        return build.rebuild(n, [go(a) for a in n.args])

    return replace(lifted, roots=tuple(map(go, lifted.roots)), parameters=(), resized=None)


def _intervals(lifted: Lifted) -> list[tuple[str, Fraction, Fraction]]:
    return [(name, Fraction(low), Fraction(high)) for name, low, high in lifted.parameters]


def _tried(lifted: Lifted, count: int) -> list[dict[str, Fraction]]:
    """Values to try: both ends and what lies evenly between; of several parameters only ends and middles."""
    intervals = _intervals(lifted)
    steps = count - 1 if len(intervals) == 1 else 2
    order = sorted(range(steps + 1), key=lambda i: (i not in (0, steps), i))
    rows = [[low + (high - low) * Fraction(i, steps) for i in order] for _, low, high in intervals]
    return [dict(zip((name for name, *_ in intervals), each, strict=True)) for each in product(*rows)][: 2 * count]


def _text(values: dict[str, Fraction]) -> str:
    return ", ".join(f"{name} = {x}" for name, x in values.items())


def _proofs(lifted: Lifted, name: str) -> Iterator[Proof]:
    yield from PROOFS.get(name, ())
    yield from range_by_pieces.proofs(lifted, name)
    if name == "classification_calibrated" and lifted.kind == "logits":
        yield from range_calibrated_comp_sum.proofs(lifted)


def _proved(lifted: Lifted, name: str) -> Outcome | None:
    ranges = " and ".join(f"every {x} in [{low}, {high}]" for x, low, high in lifted.parameters)
    tries = (prove(lifted, name, proof, message=f"{told}, for {ranges}.") for proof, told in _proofs(lifted, name))
    return next((found for found in tries if found is not None), None)


def _refuted(lifted: Lifted, name: str, values: dict[str, Fraction], outcome: Outcome) -> Outcome | None:
    if outcome.verdict is not Verdict.REFUTED or outcome.certificate is None:
        return None
    told = {x: str(value) for x, value in values.items()}
    proof = {"rule": "at_parameter", "values": told, "proof": outcome.certificate["proof"]}
    witness = {"parameters": told, **(outcome.witness or {})}
    return refute(lifted, name, proof, message=f"Not at {_text(values)}: {outcome.message}", witness=witness)


def _cells(lifted: Lifted, name: str, depth: int) -> Iterator[tuple[Lifted, Outcome | None]]:
    """Halve the first range until a part is proved."""
    x, low, high = _intervals(lifted)[0]
    middle = (low + high) / 2
    for a, b in ((low, middle), (middle, high)):
        part = replace(lifted, parameters=((x, str(a), str(b)), *lifted.parameters[1:]))
        found = _proved(part, name)
        if found is not None or depth == 1:
            yield part, found
        else:
            yield from _cells(part, name, depth - 1)


def _joined(lifted: Lifted, name: str, cells: list[tuple[Lifted, Outcome | None]]) -> Outcome | None:
    """One proof from proofs of all cells."""
    if not cells or any(found is None for _, found in cells):
        return None
    proofs = [found.certificate["proof"] for _, found in cells if found is not None and found.certificate is not None]
    cuts = [cell.parameters[0][1] for cell, _ in cells[1:]]
    message = f"{PROOFS[name][0][1]}, on each of {len(cells)} parts of the range."
    return prove(lifted, name, {"rule": "parameter_cells", "cuts": cuts, "proofs": proofs}, message=message)


def part_digest(lifted: Lifted, outcome: Outcome) -> str | None:
    """Return the digest of the part of the ranges that an outcome's certificate is about; None if it is no part."""
    said = (outcome.certificate or {}).get("parameters", [])
    parts = tuple((str(x), str(low), str(high)) for x, low, high in said)
    inside = [x for x, *_ in parts] == [x for x, *_ in lifted.parameters] and all(
        Fraction(low) <= Fraction(a) < Fraction(b) <= Fraction(high)
        for (_, a, b), (_, low, high) in zip(parts, lifted.parameters, strict=True)
    )
    return replace(lifted, parameters=parts).digest if inside else None


def _merged(lifted: Lifted, name: str, cells: list[Lifted]) -> list[Lifted]:
    """Join neighbours that are proved together."""
    out: list[Lifted] = []
    for cell in cells:
        if out and out[-1].parameters[0][2] == cell.parameters[0][1]:
            x, low, _ = out[-1].parameters[0]
            both = replace(lifted, parameters=((x, low, cell.parameters[0][2]), *lifted.parameters[1:]))
            if _proved(both, name) is not None:
                out[-1] = both
                continue
        out.append(cell)
    return out


def _open(lifted: Lifted, name: str, seen: list[tuple[str, Outcome]]) -> Outcome:
    ranges = ", ".join(f"{x} in [{low}, {high}]" for x, low, high in lifted.parameters)
    held = "; ".join(f"{outcome.verdict.value} at {place}" for place, outcome in seen)
    if all(outcome.verdict is Verdict.NOT_APPLICABLE for _, outcome in seen):
        return seen[0][1].with_(params=lifted.ranges)
    why = "was not shown for the whole range" if name in PROOFS else "has no rule for a range"
    told = f"{name} {why} ({ranges}), and no value tried refutes it: {held}; give one value to ask about it alone."
    late = any(outcome.reason == "time" for _, outcome in seen)
    return undecided(told, reason="time" if late else "no rule covers the range", params=lifted.ranges)
