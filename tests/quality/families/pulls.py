"""Random convex potentials minus the label's score, and random profiles of softmax: their gradients are known.

``F(z) - c z_y`` has the gradient s - e_y of one map for all labels exactly for c = 1, s = grad F; its derivatives add
up to ``sum_i s_i - c``. A profile a(s_y) pulls with ``-a'(s) s (1 - s)``, to be compared with 1 - s (cross-entropy)
and s (1 - s) (mean absolute error).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from losscheck.expr import build as b
from tests.quality.families.comp_sums import profile
from tests.quality.families.drawn import Drawn, scores, weights


@st.composite
def potentials(draw: Any) -> Drawn:
    """One potential of scores: soft and hard maxima, with or without a square."""
    k = draw(st.sampled_from([2, 3, 3]))
    z = [b.var(f"z{i}") for i in range(k)]
    temperatures = draw(st.lists(weights, min_size=1, max_size=2, unique=True))
    normal = draw(st.booleans())
    shares = [draw(weights) for _ in temperatures]
    if normal:
        shares = [w / sum(shares) for w in shares]
    squared = draw(st.integers(0, 3)) == 0
    c = draw(st.sampled_from([Fraction(1), Fraction(1), Fraction(1), Fraction(2)]))
    soft = [b.scale(w * t, b.lse([b.scale(1 / t, x) for x in z])) for w, t in zip(shares, temperatures, strict=True)]
    square = [b.power(z[0], Fraction(2))] if squared else []
    roots = [b.sub(b.add(*soft, *square), b.scale(c, z[y])) for y in range(k)]
    plain = temperatures == [1] and shares == [1] and not squared
    truths = {
        "gradient_identity": c == 1,
        "gradient_identity[map=softmax]": c == 1 and plain,
        "gradient_sums_to_zero": sum(shares) == c and not squared,
        "shift_invariant": sum(shares) == c and not squared,
        "permutation_equivariant": not squared,
        "convex": True,
        "differentiable": True,
        "symmetric": False,
    }
    return Drawn(scores(roots), truths)


@st.composite
def pulls(draw: Any) -> Drawn:
    """One profile of softmax."""
    k = draw(st.sampled_from([2, 3]))
    names = draw(
        st.lists(st.sampled_from(["log", "root", "square", "inverse", "linear"]), min_size=1, max_size=3, unique=True)
    )
    sizes = {name: draw(weights) for name in names}
    z = [b.var(f"z{i}") for i in range(k)]
    roots = []
    for y in range(k):
        log = b.sub(z[y], b.lse(z))
        s = b.exp(log)
        roots.append(
            b.add(*(b.scale(w, b.sub(b.ONE, s) if n == "linear" else profile(n, s, log)) for n, w in sizes.items()))
        )
    w = {name: sizes.get(name, Fraction(0)) for name in ("log", "root", "square", "inverse", "linear")}
    at_one = w["log"] + w["root"] + w["inverse"] + w["linear"]  # -a'(1); -a'(s) falls in s
    truths: dict[str, Any] = {"gradient_lower_bound[reference=mae]": at_one >= 1, "gradient_sums_to_zero": True}
    if not w["inverse"]:  # s -a'(s) rises from w_log at 0, but for the square
        truths["gradient_lower_bound[reference=cross_entropy]"] = w["log"] >= 1
    elif w["log"] + w["inverse"] >= 1 or at_one < 1:
        truths["gradient_lower_bound[reference=cross_entropy]"] = at_one >= 1
    return Drawn(scores(roots), truths)
