"""Invariances of losses of several rows: an exact identity, or a point at which it fails."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.engines.numeric import evaluate
from losscheck.engines.points import at, candidates, closeness
from losscheck.engines.row_points import moved_points, row_points, rows_of
from losscheck.expr.derivative import derivative
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems.derivative_witness import first
from losscheck.verdict import Outcome, not_applicable, undecided
from losscheck.verifier.rows import Rows

LARGEST = 4000
"""Nodes of a graph whose identities are tried."""
NAMES = {
    "shift": "shift_invariant",
    "scale": "scale_invariant",
    "permutation": "permutation_equivariant",
    "exchange": "symmetric_arguments",
}
HOLDS = {
    "shift": "Adding one vector to every row leaves the loss unchanged: an exact identity.",
    "scale": "Multiplying all rows by one c > 0 leaves the loss unchanged where it has a value: an exact identity.",
    "permutation": "Renaming the rows of the batch renames the rows of the result: an exact identity for every "
    "adjacent swap.",
    "exchange": "The loss minus itself with its arguments exchanged is 0: an exact identity.",
}
MEANINGLESS = {
    "shift": "A shift is asked of arguments that range over all reals and have rows of one length.",
    "scale": "A factor is asked of arguments that range over all reals.",
    "permutation": "The loss has no batch whose rows interact.",
    "exchange": "The loss has no two arguments that are alike.",
}


def asked(rows: Rows, under: str) -> bool:
    """Whether the question has a meaning for these arguments."""
    if under == "permutation":
        return (rows.batch or 1) > 1
    if under == "exchange":
        pair = [(a.axes, a.shape, a.domain) for a in rows.floats]
        return len(pair) == 2 and pair[0] == pair[1]
    return rows.real and (under == "scale" or len({len(v) for v in rows.vectors()}) == 1)


def answer(lifted: Lifted, under: str) -> Outcome:
    """Decide an invariance."""
    rows = rows_of(lifted)
    if not asked(rows, under):
        return not_applicable(MEANINGLESS[under])
    return (
        _refuted(lifted, rows, under)
        or _proved(lifted, under)
        or undecided(
            "No point was found at which it fails, and the identity was not shown.", reason="no identity found"
        )
    )


def fine_point(lifted: Lifted, points: dict[str, np.ndarray]) -> list[str] | None:
    """An ordinary point at which every root has a value other than 0, or at least a value."""
    values = np.array(evaluate(lifted.roots, points))
    fine = np.isfinite(values).all(axis=0)
    best = np.flatnonzero(fine & (np.abs(values) > 1e-6).any(axis=0))
    some = best if best.size else np.flatnonzero(fine)
    return at(points, int(some[0])) if some.size else None


def _proved(lifted: Lifted, under: str) -> Outcome | None:
    from losscheck.expr.graph import topological

    place = fine_point(lifted, row_points(lifted))
    if place is None or len(topological(lifted.roots)) > LARGEST:
        return None
    proof = {"rule": "rows_invariant", "under": under, "at": place}
    return prove(lifted, NAMES[under], proof, message=HOLDS[under])


def gradients(lifted: Lifted) -> Outcome:
    """Show that the gradients of all rows add up to 0, by invariance under shifts."""
    rows = rows_of(lifted)
    if not asked(rows, "shift"):
        return not_applicable(MEANINGLESS["shift"])
    place = fine_point(lifted, row_points(lifted))
    premise = {"rule": "rows_invariant", "under": "shift", "at": place}
    proof = {"rule": "gradient_sums_to_zero", "premise": premise}
    found = None if place is None else prove(lifted, "gradient_sums_to_zero", proof, message=HOLDS["shift"])
    return (
        found
        or _gradient_left(lifted, rows)
        or undecided("The invariance under shifts was not shown.", reason="no identity found")
    )


@np.errstate(all="ignore")
def _gradient_left(lifted: Lifted, rows: Rows) -> Outcome | None:
    """A point at which the gradients of all rows do not add up to 0, or None."""
    sample = row_points(lifted, count=8)
    sample = {x: v[:16] for x, v in sample.items()}
    for y, root in enumerate(lifted.roots):
        for j in range(len(rows.vectors()[0])):
            gap = np.abs(sum(evaluate([derivative(root, v[j])], sample)[0] for v in rows.vectors()))
            proof = {"what": "rows", "i": y, "j": j}
            told_so = f"The gradients of all rows{lifted.told(y)} do not add up to 0 in entry {j}"
            if found := first(lifted, "gradient_sums_to_zero", sample, gap * np.ones(16), proof, told_so):
                return found
    return None


def _ways(rows: Rows, under: str) -> Iterator[object]:
    if under == "shift":
        width = len(rows.vectors()[0])
        yield from (["1"] * width, ["-3", *["2"] * (width - 1)], ["1/1024"] * width)
    elif under == "scale":
        yield from ("2", "1/4", "64", "1/1048576", "1/1099511627776")
    elif under == "permutation":
        yield from ([i, i + 1] for i in range((rows.batch or 1) - 1))
    else:
        yield None


def _refuted(lifted: Lifted, rows: Rows, under: str) -> Outcome | None:
    sample = row_points(lifted)
    here = evaluate(lifted.roots, sample)
    for by in _ways(rows, under):
        there_points, images = moved_points(rows, under, sample, by)
        there = evaluate(lifted.roots, there_points)
        for y, image in enumerate(images):
            if image is None:
                continue
            with np.errstate(invalid="ignore"):
                gap = np.abs(here[y] - there[image])
            for k in candidates(gap, closeness(here[y], there[image])):
                place = at(sample, k)
                proof = {"rule": "rows_witness", "under": under, "label": y, "at": place, "by": by}
                after = f"{float(there[image][k]):.6g} after {_move(under, by)}"
                message = f"The loss{lifted.told(y)} at ({', '.join(place)}) is {float(here[y][k]):.6g}, and {after}."
                witness = {"at": place, "label": lifted.labels[y], "by": by}
                found = refute(lifted, NAMES[under], proof, message=message, witness=witness)
                if found:
                    return found
    return None


def _move(under: str, by: object) -> str:
    return {
        "shift": f"adding {by} to every row",
        "scale": f"multiplying all rows by {by}",
        "permutation": f"exchanging the rows {by}",
        "exchange": "exchanging the arguments",
    }[under]
