"""How T grows at 0 (rules ``growth_rate_two_sided``, ``growth_rate_comp_sum``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from losscheck.certificate import graph_json, q
from losscheck.engines.breakpoints import breakpoints
from losscheck.expr.constants import choices, chosen
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.h_transform_comp_sum import profiles
from losscheck.theorems.h_transform_two_sided import right_side
from losscheck.verdict import Outcome
from losscheck.verifier.hypothesis_set import hypotheses


def proofs(lifted: Lifted, text: str) -> Iterator[dict[str, Any]]:
    """Proofs worth trying."""
    side = right_side(lifted)
    if side is not None:
        f = chosen([side[0]], choices([side[0]])[0])[0]
        yield {"rule": "growth_rate_two_sided", "hypotheses": text, "breaks": breakpoints(f, "x")}
    elif hypotheses(text).everything:
        for alpha, phi in profiles(lifted):
            for shape in ("convex", "concave"):
                yield {
                    "rule": "growth_rate_comp_sum", "hypotheses": text, "shape": shape, "alpha": q(alpha),
                    "own": graph_json([phi]),
                }  # fmt: skip


def growth_rate(lifted: Lifted, text: str) -> Outcome | None:
    """The rate, or None."""
    for proof in proofs(lifted, text):
        found = prove(lifted, "growth_rate", proof, message="T grows like this power of the zero-one regret.")
        if found:
            return found
    return None
