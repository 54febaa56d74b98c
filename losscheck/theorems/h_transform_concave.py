"""T of comp-sum losses with a concave profile, by its formula (rule ``h_transform_concave``)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from losscheck.certificate import graph_json, q
from losscheck.engines.numeric import evaluate
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.h_transform_comp_sum import profiles
from losscheck.verdict import Outcome
from losscheck.verifier.hypothesis_set import hypotheses

MESSAGE = "The profile is concave, so T is the least over uniform distributions of the scores."


def looks_concave(phi: Expr) -> bool:
    """Whether second differences on (0, 1) are not positive, in floats."""
    with np.errstate(all="ignore"):
        values = np.broadcast_to(evaluate([phi], {"s": np.linspace(0, 1, 101)})[0], (101,))
    return bool(np.isfinite(values).all() and (np.diff(values, 2) <= 1e-12).all())


def h_transform_concave(lifted: Lifted, text: str, ts: Sequence[float]) -> Outcome | None:
    """Enclose T at every t, or return None."""
    if lifted.kind != "logits" or not hypotheses(text).everything:
        return None
    for alpha, phi in profiles(lifted):
        if not looks_concave(phi):
            continue
        proof = {
            "rule": "h_transform_concave", "hypotheses": text, "t": list(ts), "alpha": q(alpha),
            "own": graph_json([phi]),
        }  # fmt: skip
        found = prove(lifted, "h_transform", proof, message=MESSAGE)
        if found:
            return found
    return None
