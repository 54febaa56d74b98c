"""Nonnegative losses by signs, minorants, pieces or boxes; negative ones by a point."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import certificate, q
from losscheck.engines.numeric import evaluate
from losscheck.engines.points import at, points
from losscheck.engines.search import lowest
from losscheck.engines.tropical import tropical_flows
from losscheck.expr.constants import choices
from losscheck.expr.graph import topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.verdict import Outcome
from losscheck.verifier.balls import Undefined
from losscheck.verifier.certificate import Case, CertificateRejected, read
from losscheck.verifier.cover import Exhausted
from losscheck.verifier.rules.nonnegative_by_signs import nonnegative
from losscheck.verifier.terms import Node

LARGE = 150
"""Nodes of a graph that boxes are not tried on: each box would read all of them."""
WORDS = {
    "sign": "the signs in its formula",
    "pieces": "its sign on every piece",
    "minorant": "a constant minorant",
    "boxes": "certified boxes",
    "cells": "its values on polyhedral cells",
    "stationary": "its minimum, where the gradient vanishes",
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
    return None


def refuted_by_search(lifted: Lifted) -> Outcome | None:
    """A negative value in a narrow dent, found by branch and bound, or None."""
    if lifted.domain != "simplex" and len(topological(lifted.roots)) <= LARGE * len(lifted.roots):
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
    message = f"The loss{lifted.told(y)} is {value:.6g} at ({', '.join(place)})."
    witness = {"at": place, "label": lifted.labels[y], "value": value}
    return refute(lifted, "nonnegative", proof, message=message, witness=witness)


def ways(lifted: Lifted, case: Case, y: int) -> Iterator[dict[str, Any]]:
    """Proofs worth trying for one label, cheapest first."""
    yield {"way": "sign"}
    if len(lifted.variables) == 1:
        from losscheck.engines.breakpoints import breakpoints

        yield {"way": "pieces", "breaks": breakpoints(lifted.roots[y], lifted.variables[0], lifted.domain)}
    if lifted.domain == "real":
        for flows in tropical_flows(case, y):
            yield {"way": "minorant", "flows": flows}
    small = len(lifted.variables) <= 3 or len(topological([lifted.roots[y]])) <= LARGE
    if 1 < len(lifted.variables) <= 4 and small and lifted.domain == "real":
        yield {"way": "cells"}
        for own, others in ((0, 0), (4, 0), (64, 0)):
            place = [q(own if i == y else others - Fraction(i, 8)) for i in range(len(lifted.variables))]  # no ties
            yield {"way": "stationary", "at": place}
    if len(lifted.variables) <= 4 and len(topological([lifted.roots[y]])) <= LARGE:
        yield {"way": "boxes"}


def attempt(lifted: Lifted) -> Outcome | None:
    """Prove nonnegativity label by label, or None."""
    case = read(certificate(lifted, "nonnegative", "proved", {}, constants=choices(lifted.roots)[0]))
    chosen: list[dict[str, Any]] = []
    for y, root in enumerate(case.roots):
        way = next((way for way in ways(lifted, case, y) if _works(case, root, way)), None)
        if way is None:
            return None
        chosen.append(way)
    used = ", ".join(sorted({WORDS[way["way"]] for way in chosen}))
    proof: dict[str, Any] = {"rule": "nonnegative_by_signs", "labels": chosen}
    message = f"Every loss is at least 0, by {used}."
    if all(way["way"] != "stationary" for way in chosen):
        return prove(lifted, "nonnegative", proof, message=message)
    for rule in ("convex_by_curvature", "convex_by_cells"):
        if found := prove(lifted, "nonnegative", {**proof, "convex": {"rule": rule}}, message=message):
            return found
    return None


def _works(case: Case, root: Node, way: dict[str, Any]) -> bool:
    try:
        return nonnegative(case, root, way)
    except (CertificateRejected, Exhausted, Undefined, OverflowError, RecursionError):
        return False
