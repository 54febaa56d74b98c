"""Invariance under shifts, scalings and permutations: an exact identity, or a point where it fails."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from losscheck.engines.numeric import evaluate
from losscheck.engines.points import at, candidates, closeness, points
from losscheck.expr.graph import topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.verdict import Outcome

NAMES = {"shift": "shift_invariant", "scale": "scale_invariant", "permutation": "permutation_equivariant"}
LARGEST = 1000
"""Nodes of a graph whose identities are tried: every class is compared under every swap."""
HOLDS = {
    "shift": "Adding one number to every score leaves every loss unchanged: an exact identity.",
    "scale": "Multiplying the scores by any c > 0 leaves every loss unchanged: an exact identity.",
    "permutation": "Renaming the classes renames the losses: an exact identity for every adjacent swap of classes.",
}


def attempt(lifted: Lifted, under: str) -> Outcome | None:
    """Decide an invariance, or None."""
    found = _refute(lifted, under)
    if found is None and len(topological(lifted.roots)) <= LARGEST:
        found = prove(lifted, NAMES[under], {"rule": "invariant_by_identity", "under": under}, message=HOLDS[under])
    return found


def _moves(lifted: Lifted, under: str) -> Sequence[tuple[object, list[int]]]:
    """What to try: ``(by, labels)``."""
    labels = list(range(len(lifted.roots)))
    if under != "permutation":
        return [(c, labels) for c in (("1", "-3", "1/2") if under == "shift" else ("2", "1/4", "100"))]
    k = len(_groups(lifted)[0])
    return [([i, i + 1], labels) for i in range(k - 1)] + ([([0, k - 1], labels)] if k > 2 else [])


def _groups(lifted: Lifted) -> list[list[str]]:
    """The variables that a permutation of the classes moves alike: scores first, then the entries of a soft label."""
    names = list(lifted.variables)
    return [names[: len(names) // 2], names[len(names) // 2 :]] if lifted.kind == "soft" else [names]


def _exchanged(lifted: Lifted, y: int, i: int, j: int) -> int:
    """The place of a label after two classes have changed names."""
    if lifted.kind == "soft":
        return y
    if lifted.kind == "multilabel":
        bits = list(lifted.labels[y])
        bits[i], bits[j] = bits[j], bits[i]
        return lifted.labels.index(tuple(bits))
    return j if y == i else i if y == j else y


def _refute(lifted: Lifted, under: str) -> Outcome | None:
    sample = points(lifted)
    here = evaluate(lifted.roots, sample)
    for by, labels in _moves(lifted, under):
        moved = dict(sample)
        if isinstance(by, list):
            i, j = by
            for names in _groups(lifted):
                moved[names[i]], moved[names[j]] = sample[names[j]], sample[names[i]]
        else:
            c = float(Fraction(str(by)))
            moved |= {x: sample[x] + c if under == "shift" else sample[x] * c for x in _groups(lifted)[0]}
        there = evaluate(lifted.roots, moved)
        for y in labels:
            other = _exchanged(lifted, y, *by) if isinstance(by, list) else y
            with np.errstate(invalid="ignore"):
                gap = np.abs(here[y] - there[other])
            for k in candidates(gap, closeness(here[y], there[other])):
                place = at(sample, k)
                proof = {"rule": "invariance_witness", "under": under, "label": y, "at": place, "by": by}
                message = _message(lifted, under, by, y, place, float(here[y][k]), float(there[other][k]))
                witness = {"at": place, "label": lifted.labels[y], "by": by}
                found = refute(lifted, NAMES[under], proof, message=message, witness=witness)
                if found:
                    return found
    return None


def _message(lifted: Lifted, under: str, by: object, y: int, place: list[str], a: float, b: float) -> str:
    what = {"shift": f"adding {by} to every score", "scale": f"multiplying the scores by {by}"}.get(
        under, f"swapping classes {by}"
    )
    where = f"({', '.join(place)})"
    return f"The loss{lifted.told(y)} at {where} is {a:.6g}, and {b:.6g} after {what}."
