"""Comp-sum losses that are capped, so flat for small probabilities, or that have kinks: calibrated.

Lemma. Let ``l_y(z) = a(s_y)``, ``s = softmax(alpha z)``, alpha > 0, with a continuous and non-increasing on (0, 1), of
a limit above -inf at 1, analytic on pieces, constant on (0, k] (k = 0: nowhere), and, if k > 0, of negative slope on
the piece that begins at k. Let the slope be negative on each other piece beyond k that meets [1/K, 1/2], and at each
cut beyond k in [1/K, 1/2] let the right slope be negative and at most the left one. Then a is calibrated: for every p
with a unique top class t, ``inf over {z_j = max z, some j != t} C_p > H(p)``.

Proof. Take wrong z^n with C_p(z^n) -> the infimum, and softmax(alpha z^n) -> s, where a fixed j != t has s_j = max s
>= 1/K. a extends to [0, 1] continuously with values in (-inf, inf], so C_p(s) is the infimum; let it be finite.
If s_j <= k then C_p(s) = a(k), and at the vertex e_t C_p is p_t a(1) + (1 - p_t) a(k), which is less. Let s_j > k.
If s_j > s_t, then a(s_j) < a(s_t), as a falls strictly on a part of (s_t, s_j): next to k if s_t <= k and k > 0; else
s_t < 1/2, and s_j > 1/K (at s_j = 1/K all are equal), so the part inside [1/K, 1/2], or next to 1/2 if K = 2. Swapping
s_t and s_j lowers C_p. If s_j = s_t = v, then k < v, 1/K <= v <= 1/2, and along e_t - e_j the right derivative of C_p
is ``p_t a'(v+) - p_j a'(v-) <= (p_t - p_j) a'(v+) < 0``. In each case C_p is lower somewhere: the infimum over wrong
scores is not H(p).

Where a kink turns the other way (the right slope is flatter) this is false: see ``calibrated_edge_witness``.

Proof node: ``{"rule": "calibrated_capped", "alpha": "1", "own": graph, "breaks": [...], "flat": 1}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.profile import continuous_profile, of_softmax
from losscheck.verifier.softmax import formula
from losscheck.verifier.verify import Checker, Fact

HALF = Fraction(1, 2)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form, and the slopes of the profile."""
    alpha, flat, low = rational(proof["alpha"]), proof["flat"], Fraction(1, max(2, len(case.variables)))
    expect(case.kind == "logits" and broken_nowhere(case), "the rule is about logit losses that are defined")
    expect(alpha > 0 and type(flat) is int and flat >= 0, "alpha is positive; flat counts pieces")
    own = formula(case, proof["own"], {"s"})
    of_softmax(case, alpha, [own] * len(case.roots))
    c = continuous_profile(case, own, proof["breaks"])
    expect(flat < len(c.pieces), "the profile is flat on all pieces")
    for i, piece in enumerate(c.pieces):
        slope = c.on(c.derivative(i), i)
        meets = (piece.a is None or piece.a <= HALF) and (piece.b is None or piece.b >= low)
        strict = i >= flat and (meets or i == flat > 0)
        expect(slope in ("0" if i < flat else "-" if strict else "-m0"), f"the slope on piece {i} is {slope}")
    for i, cut in enumerate(c.cuts):
        if i >= flat and cut.low <= HALF and cut.high >= low:
            expect(c.bend(i) in "-m0", f"the profile bends upwards at cut {i}")
            expect(c.sign(c.derivative(i + 1), i) == "-", f"the right slope at cut {i} is not shown to be negative")
    end = c.end(c.pieces[-1].node, last=True)
    expect(end is not None and end != -1, "the profile has no known limit at 1, or falls without bound")
    return Fact("classification_calibrated", True)
