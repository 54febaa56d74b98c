"""Nonnegative losses by signs, minorants, pieces or boxes; negative ones by a point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from losscheck.engines.numeric import evaluate
from losscheck.engines.points import at, points
from losscheck.engines.search import lowest
from losscheck.engines.tropical import tropical_flows
from losscheck.expr.constants import choices
from losscheck.lifting.lifted import Lifted
from losscheck.proving import derive, prove, refute
from losscheck.verdict import Outcome

RULE = "nonnegative_by_signs"
WORDS = {
    "sign": "the signs in its formula",
    "pieces": "its sign on every piece",
    "minorant": "a constant minorant",
    "boxes": "certified boxes",
}


def refuted(lifted: Lifted) -> Outcome | None:
    """A point with a negative value, or None."""
    sample = points(lifted)
    for y, value in enumerate(evaluate(lifted.roots, sample)):
        below = np.flatnonzero(value < -1e-15)
        for k in list(dict.fromkeys([*below[:2].tolist(), *([int(np.nanargmin(value))] if below.size else [])])):
            found = _witness(lifted, y, at(sample, k), float(value[k]))
            if found:
                return found
    if lifted.domain != "simplex":
        span = (-64.0, 64.0) if lifted.domain == "real" else (0.0, 1.0)
        for y, root in enumerate(lifted.roots):
            place, least = lowest(root, dict.fromkeys(lifted.variables, span), below=-1e-12, rounds=30)
            if least < 0:
                found = _witness(lifted, y, at({x: np.array([v]) for x, v in place.items()}, 0), least)
                if found:
                    return found
    return None


def _witness(lifted: Lifted, y: int, place: list[str], value: float) -> Outcome | None:
    proof = {"rule": "negative_witness", "label": y, "at": place}
    message = f"The loss of label {lifted.labels[y]} is {value:.6g} at ({', '.join(place)})."
    witness = {"at": place, "label": lifted.labels[y], "value": value}
    return refute(lifted, "nonnegative", proof, message=message, witness=witness)


def ways(lifted: Lifted, y: int) -> Iterator[dict[str, Any]]:
    """Proofs worth trying for one label, cheapest first."""
    yield {"way": "sign"}
    if len(lifted.variables) == 1:
        from losscheck.engines.breakpoints import breakpoints

        yield {"way": "pieces", "breaks": breakpoints(lifted.roots[y], lifted.variables[0], lifted.domain)}
    if lifted.domain == "real":
        for flows in tropical_flows(lifted, y):
            yield {"way": "minorant", "flows": flows}
    if len(lifted.variables) <= 4:
        yield {"way": "boxes"}


def attempt(lifted: Lifted) -> Outcome | None:
    """Prove nonnegativity label by label, or None."""
    chosen: list[dict[str, Any]] = []
    for y, root in enumerate(lifted.roots):
        one = replace(lifted, roots=(root,) * len(lifted.roots))
        for way in ways(lifted, y):
            if derive(one, "nonnegative", "proved", {"rule": RULE, "labels": [way] * len(lifted.roots)}, _simple(one)):
                chosen.append(way)
                break
        else:
            return None
    used = ", ".join(sorted({WORDS[way["way"]] for way in chosen}))
    return prove(
        lifted, "nonnegative", {"rule": RULE, "labels": chosen}, message=f"Every loss is at least 0, by {used}."
    )


def _simple(lifted: Lifted) -> dict[str, str]:
    return choices(lifted.roots)[0]
