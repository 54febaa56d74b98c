"""Whether T is convex (rules ``transform_convex_...``, ``transform_not_convex``): then T itself is the best bound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from losscheck.certificate import graph_json, q
from losscheck.engines.breakpoints import breakpoints
from losscheck.expr.constants import choices, chosen
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems.h_transform import h_transform
from losscheck.theorems.h_transform_comp_sum import convex_from, profiles
from losscheck.theorems.h_transform_concave import looks_concave
from losscheck.theorems.h_transform_two_sided import right_side
from losscheck.theorems.transform_formula import looks_convex, transform_formula
from losscheck.verdict import Outcome
from losscheck.verifier.hypothesis_set import hypotheses

GRID = tuple(round(0.05 * i, 2) for i in range(1, 21))
MESSAGE = "T is convex on [0, 1]: no better bound holds for all distributions."


def proofs(lifted: Lifted, text: str) -> Iterator[dict[str, Any]]:
    """Proofs worth trying."""
    over, side = hypotheses(text), right_side(lifted)
    if side is not None:
        f = chosen([side[0]], choices([side[0]])[0])[0]
        if looks_convex(f, None if over.most is None else side[1] * over.most):
            yield {"rule": "transform_convex_two_sided", "hypotheses": text, "breaks": breakpoints(f, "x")}
    elif over.everything:
        for alpha, phi in profiles(lifted):
            start = convex_from(phi, len(lifted.variables))
            if start is not None and not looks_concave(phi):
                yield {
                    "rule": "transform_convex_comp_sum", "hypotheses": text, "alpha": q(alpha),
                    "own": graph_json([phi]), "convex_from": q(start),
                }  # fmt: skip


def proof_of_convexity(lifted: Lifted, text: str) -> Outcome | None:
    """Convexity by structure or by the formula, or None."""
    for proof in proofs(lifted, text):
        found = prove(lifted, "transform_convex", proof, message=MESSAGE)
        if found:
            return found
    formula = transform_formula(lifted, text)
    if formula is None or formula.certificate is None:
        return None
    proof = {"rule": "transform_convex_by_formula", "formula": formula.certificate["proof"]}
    return prove(lifted, "transform_convex", proof, message=MESSAGE)


def transform_convex(lifted: Lifted, text: str) -> Outcome | None:
    """Decide, or return None."""
    found = proof_of_convexity(lifted, text)
    if found:
        return found
    known = h_transform(lifted, text, GRID)
    if known is None or known.certificate is None:
        return None
    proof = {"rule": "transform_not_convex", "transform": known.certificate["proof"]}
    message = "Enclosures of T at three zero-one regrets contradict convexity; its biconjugate is the best bound."
    return refute(lifted, "transform_convex", proof, message=message, witness=None)
