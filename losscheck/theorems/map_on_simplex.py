"""Maps onto the simplex, or a point where they leave it. Rules ``map_on_simplex`` and ``map_witness``."""

from __future__ import annotations

from typing import Any

import numpy as np

from losscheck.certificate import certificate
from losscheck.engines.numeric import evaluate
from losscheck.engines.points import at, candidates, closeness, points
from losscheck.expr.constants import choices
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems.nonnegative_by_signs import ways
from losscheck.verdict import Outcome
from losscheck.verifier.balls import Undefined
from losscheck.verifier.budget import verification
from losscheck.verifier.certificate import CertificateRejected, read
from losscheck.verifier.cover import Exhausted
from losscheck.verifier.rules.nonnegative_by_signs import nonnegative

NAME = "simplex_valued"
FAILURES = (CertificateRejected, Undefined, Exhausted, OverflowError, ValueError)


@np.errstate(all="ignore")
def refuted(lifted: Lifted) -> Outcome | None:
    """A point with a negative output or another sum than 1, or None."""
    sample = points(lifted)
    values = np.array(evaluate(lifted.roots, sample))
    total = values.sum(axis=0)
    for k in candidates(np.abs(total - 1), closeness(total, np.ones_like(total))):
        place = at(sample, k)
        message = f"The outputs add up to {float(total[k]):.6g} at ({', '.join(place)})."
        proof: dict[str, Any] = {"rule": "map_witness", "what": "sum", "at": place}
        if found := refute(lifted, NAME, proof, message=message, witness={"at": place, "sum": float(total[k])}):
            return found
    for i, value in enumerate(values):
        for k in np.flatnonzero(value < -1e-15)[:2].tolist():
            place = at(sample, k)
            message = f"Output {i} is {float(value[k]):.6g} at ({', '.join(place)})."
            proof = {"rule": "map_witness", "what": "negative", "at": place, "i": i}
            if found := refute(lifted, NAME, proof, message=message, witness={"at": place, "output": i}):
                return found
    return None


def signed(lifted: Lifted) -> list[dict[str, Any]] | None:
    """One way per output that shows it nonnegative, or None."""
    try:
        case = read(certificate(lifted, NAME, "proved", {}, constants=choices(lifted.roots)[0]))
    except FAILURES:  # too deep or too large for the verifier
        return None
    signs: list[dict[str, Any]] = []
    for i, root in enumerate(case.roots):
        for how in ways(lifted, case, i):
            try:
                with verification():
                    shown = how["way"] != "stationary" and nonnegative(case, root, how)
            except FAILURES:
                continue
            if shown:
                signs.append(how)
                break
        else:
            return None
    return signs


def attempt(lifted: Lifted) -> Outcome | None:
    """Prove that all outputs are probabilities, or None."""
    signs = signed(lifted)
    if signs is None:
        return None
    message = "Every output is nonnegative and they add up to 1: an exact identity."
    return prove(lifted, NAME, {"rule": "map_on_simplex", "signs": signs}, message=message)
