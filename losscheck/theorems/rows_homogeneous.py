"""The degree of homogeneity of a loss of several rows: an exact identity, or three values that allow none."""

from __future__ import annotations

import numpy as np

from losscheck.certificate import q
from losscheck.engines.numeric import evaluate
from losscheck.engines.points import at
from losscheck.engines.row_points import row_points, rows_of
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.rows_invariant import MEANINGLESS, asked, fine_point
from losscheck.verdict import Outcome, not_applicable, undecided


def answer(lifted: Lifted) -> Outcome:
    """Decide the degree."""
    if not asked(rows_of(lifted), "scale"):
        return not_applicable(MEANINGLESS["scale"])
    sample = row_points(lifted)
    here, there = (evaluate(lifted.roots, {x: c * v for x, v in sample.items()}) for c in (1.0, 2.0))
    for y, (a, b) in enumerate(zip(here, there, strict=True)):
        with np.errstate(all="ignore"):
            degree = np.log2(b / a)
        some = np.flatnonzero(np.isfinite(degree) & (np.abs(a) > 1e-9) & (np.abs(a) < 1e9))
        if not some.size:
            continue
        k = float(np.median(degree[some]))
        off = some[np.argmax(np.abs(degree[some] - k))]
        if abs(degree[off] - k) > 1e-6 and (found := _none(lifted, sample, y, some, degree)):
            return found
        place = fine_point(lifted, sample)
        if place is not None and abs(2 * k - round(2 * k)) < 1e-6:
            proof = {"rule": "rows_homogeneous", "degree": q(round(2 * k) / 2), "at": place}
            message = f"l(c x) = c^{round(2 * k) / 2:g} l(x) for all c > 0: an exact identity."
            if found := prove(lifted, "homogeneous_degree", proof, message=message):
                return found
    return undecided("No degree was shown, and no three values that allow none.", reason="no identity found")


def _none(
    lifted: Lifted, sample: dict[str, np.ndarray], y: int, some: np.ndarray, degree: np.ndarray
) -> Outcome | None:
    order = some[np.argsort(degree[some])]
    proof = {
        "rule": "rows_homogeneous", "label": y, "c": "2", "a": at(sample, int(order[0])),
        "b": at(sample, int(order[-1])),
    }  # fmt: skip
    told = "At two points the loss grows by different factors when all rows are doubled."
    return prove(lifted, "homogeneous_degree", proof, message=told)
