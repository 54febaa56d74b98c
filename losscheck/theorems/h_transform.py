"""The transformation T by whichever rules enclose it, each t by the first that does so narrowly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.h_transform_bottomless import h_transform_bottomless
from losscheck.theorems.h_transform_cells import h_transform_cells
from losscheck.theorems.h_transform_comp_sum import h_transform_comp_sum
from losscheck.theorems.h_transform_concave import h_transform_concave
from losscheck.theorems.h_transform_max import h_transform_max
from losscheck.theorems.h_transform_two_sided import h_transform_two_sided
from losscheck.verdict import Outcome

STRATEGIES = (
    h_transform_bottomless, h_transform_two_sided, h_transform_concave, h_transform_max, h_transform_comp_sum,
    h_transform_cells,
)  # fmt: skip
NARROW = 1e-5
MESSAGE = "T, the least surrogate regret at each zero-one regret, lies in the bounds."


def proof_of_all(certificates: Iterable[dict[str, Any]], t: float | Sequence[float]) -> dict[str, Any]:
    """A proof of the bounds that several certificates give, at the regrets t."""
    parts: list[Any] = []
    for proof in (made["proof"] for made in certificates):
        whole = proof["rule"] != "h_transform_joined"
        parts += [p for p in ([proof] if whole else proof["parts"]) if p not in parts]
    return {"rule": "h_transform_joined", "t": t, "parts": parts}


def joined(lifted: Lifted, outcomes: Iterable[Outcome], t: float | Sequence[float] | None = None) -> Outcome | None:
    """One outcome for all the regrets of several, or for those asked."""
    known = [outcome for outcome in outcomes if outcome.certificate is not None]
    seen = sorted({x for outcome in known for x in outcome.params["t"]}) if t is None else t
    proof = proof_of_all((outcome.certificate or {} for outcome in known), seen)
    return prove(lifted, "h_transform", proof, message=MESSAGE) if known else None


def open_regrets(outcome: Outcome | None, ts: Sequence[float]) -> list[float]:
    """The regrets at which T is not yet known narrowly."""
    if outcome is None:
        return list(ts)
    bounds = dict(zip(outcome.params["t"], outcome.bounds, strict=True))
    known = {t for t, (low, high) in bounds.items() if low == high or high - low <= NARROW * max(1.0, min(high, 1e300))}
    return [t for t in ts if t not in known]


def h_transform(lifted: Lifted, text: str, ts: Sequence[float]) -> Outcome | None:
    """Enclose T at every t for the hypothesis set of that text, or return None when nothing is known at any of them."""
    found: Outcome | None = None
    for strategy in STRATEGIES:
        todo = open_regrets(found, ts)
        more = strategy(lifted, text, todo) if todo else None
        if more is not None:
            found = more if found is None else joined(lifted, [found, more]) or found
    return found
