"""T of comp-sum losses with a concave profile, by its formula (rule ``h_transform_concave``)."""

from __future__ import annotations

from collections.abc import Sequence

from losscheck.certificate import graph_json, q
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.h_transform_comp_sum import profiles
from losscheck.verdict import Outcome
from losscheck.verifier.hypothesis_set import hypotheses

MESSAGE = "The profile is concave, so T is the least over uniform distributions of the scores."


def h_transform_concave(lifted: Lifted, text: str, ts: Sequence[float]) -> Outcome | None:
    """Enclose T at every t, or return None."""
    if lifted.kind != "logits" or not hypotheses(text).everything:
        return None
    for alpha, phi in profiles(lifted):
        proof = {
            "rule": "h_transform_concave", "hypotheses": text, "t": list(ts), "alpha": q(alpha),
            "own": graph_json([phi]),
        }  # fmt: skip
        found = prove(lifted, "h_transform", proof, message=MESSAGE)
        if found:
            return found
    return None
