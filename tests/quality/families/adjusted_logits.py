"""Random cross-entropies of scores shifted by log priors: balanced for that prior, and for no other one.

The minimising scores are log p - log prior, so the largest is that of the largest p / prior.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from losscheck.expr import build as b
from losscheck.identifier import identifier
from tests.quality.families.drawn import Drawn, scores, weights

PRIORS = ([1, 1, 1], [1, 2, 1], [4, 2, 2], [1, 5, 2], [6, 1, 1])


@st.composite
def adjusted_logits(draw: Any) -> Drawn:
    """One loss of three scores."""
    parts, asked = draw(st.sampled_from(PRIORS)), draw(st.sampled_from(PRIORS))
    w = draw(weights)
    seen = [b.add(b.var(f"z{i}"), b.log(b.const(Fraction(n)))) for i, n in enumerate(parts)]
    roots = [b.scale(w, b.sub(b.lse(seen), seen[y])) for y in range(3)]
    prior = [n / sum(asked) for n in asked]
    even = len(set(parts)) == 1
    truths = {
        identifier("balanced_calibrated", {"prior": prior}): parts == asked,
        "classification_calibrated": even,
        "topk_calibrated[k=2]": even,
        "recovers_probability[link=softmax]": even,
        "permutation_equivariant": even,
        "shift_invariant": True,
        "convex": True,
    }
    return Drawn(scores(roots), truths)
