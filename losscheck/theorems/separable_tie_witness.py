"""One-versus-rest losses whose risk is least at a tie of two classes (rule ``separable_tie_witness``)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.certificate import graph_json, q
from losscheck.engines.breakpoints import breakpoints, grid, merge
from losscheck.engines.numeric import evaluate
from losscheck.engines.risk import distributions
from losscheck.expr.build import add
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.theorems.calibrated_separable import separated
from losscheck.verdict import Outcome

MOST = 6


def places(a: Expr, b: Expr, hints: list[Any], k: int) -> Iterator[tuple[list[Fraction], int, str]]:
    """``(p, other class, place)`` where the risks of two classes seem to be least at one score."""
    x = grid("real")
    x = x[np.abs(x) < 1e4]
    own, rest = (np.broadcast_to(evaluate([n], {"v": x})[0], x.shape) for n in (a, b))
    if not (np.isfinite(own).all() and np.isfinite(rest).all()):
        return
    exact = [Fraction(h) for h in hints if isinstance(h, str)]

    def rises(r: NDArray[np.float64]) -> bool:
        return bool((np.diff(r) >= -1e-13 * (1 + np.abs(r[1:]))).all())

    for p in distributions(k):
        t = p.index(max(p))
        if p.count(max(p)) > 1:
            continue
        r = [float(w) * own + float(1 - w) * rest for w in p]
        spots: tuple[str | Fraction, ...] = ("low", "high", *exact)
        for at in spots:
            after = [True] * k if at == "high" else [rises(n if at == "low" else n[x >= float(at)]) for n in r]
            before = [True] * k if at == "low" else [rises(-(n if at == "high" else n[x <= float(at)])) for n in r]
            others = [j for j in range(k) if j != t and before[j]]
            if all(after) and before[t] and others:
                yield p, others[0], at if isinstance(at, str) else q(at)


def attempt(lifted: Lifted, prop: str) -> Outcome | None:
    """Refute calibration or recovery by a tie, or return None."""
    if (found := separated(lifted, None)) is None:
        return None
    a, b = found
    hints = merge([*breakpoints(a, "v"), *breakpoints(b, "v"), *breakpoints(add(a, b), "v")])
    for tried, (p, j, at) in enumerate(places(a, b, hints, len(lifted.variables))):
        if tried == MOST:
            break
        proof = {
            "rule": "separable_tie_witness", "of": prop, "p": [q(w) for w in p], "other": j, "at": at,
            "a": graph_json([a]), "b": graph_json([b]), "breaks": hints,
        }  # fmt: skip
        where, score = ", ".join(map(str, p)), {"low": "-infinity", "high": "infinity"}.get(at, at)
        t = p.index(max(p))
        message = f"At p = ({where}) the risk is least where the scores of the classes {t} and {j} both are {score}."
        if made := refute(lifted, prop, proof, message=message, witness={"p": proof["p"], "tie": [t, j], "at": at}):
            return made
    return None
