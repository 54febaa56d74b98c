"""A distribution and a wrong score that no correct score beats: not calibrated.

Lemma. Let p be a distribution with the unique top class t, let z be wrong (``z_j = max z`` for some j != t) and let
``C_p(u) >= m`` for every correct u, that is for all u with ``u_t > u_i`` for i != t. If ``C_p(z) <= m`` then
``H(p) = min(inf over W_t, inf over the correct set) = inf over W_t``: the loss is not calibrated.

The bound m comes from an affine minorant of C_p (:mod:`losscheck.verifier.minorant`): ``C_p(u) >= c + a.u`` everywhere,
with ``sum a = 0`` and ``a_i <= 0`` for i != t, so that ``a.u = sum_{i != t} -a_i (u_t - u_i) >= 0`` on the correct set
and m = c. Exact for piecewise linear losses, where ``C_p(z) = m`` is the normal case.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure, ball, point
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.defined import exactly
from losscheck.verifier.minorant import Minorant, minorant
from losscheck.verifier.piecewise_linear import evaluate, is_piecewise_linear
from losscheck.verifier.verify import Checker, Fact
from losscheck.verifier.weighted import weighted


def distribution(texts: Any, k: int, *, top: bool = True) -> tuple[list[Fraction], int]:
    """Read a rational distribution and its top class, which must be unique when ``top``."""
    expect(isinstance(texts, list) and len(texts) == k, f"a distribution has {k} entries")
    p = [rational(x) for x in texts]
    expect(min(p) >= 0 and sum(p) == 1, "the entries of p must be non-negative and add up to 1")
    expect(not top or p.count(max(p)) == 1, "p has no unique top class")
    return p, p.index(max(p))


def is_wrong(z: Sequence[Fraction], t: int) -> bool:
    """Whether some class other than t has the largest score (a tie is wrong)."""
    return any(x == max(z) for j, x in enumerate(z) if j != t)


def as_good(case: Case, p: Sequence[Fraction], t: int, proof: dict[str, Any]) -> None:
    """Check that a wrong point has a risk no larger than a lower bound over the scores that rank t first."""
    names = case.variables
    z = [rational(x) for x in proof["z"]]
    expect(len(z) == len(names) and is_wrong(z, t), "the point is not wrong for this distribution")
    merged: dict[Any, Fraction] = {}
    for root, weight in zip(case.roots, p, strict=True):
        merged[root] = merged.get(root, Fraction(0)) + weight
    low = minorant({n: w for n, w in merged.items() if w}, proof["flows"], names)
    slopes = [low.slopes[x] for x in names]
    expect(sum(slopes) == 0, "the minorant changes along the diagonal")
    expect(all(a <= 0 for i, a in enumerate(slopes) if i != t), "the minorant falls inside the correct set")
    no_higher(case, p, z, low)


def no_higher(case: Case, p: Sequence[Fraction], z: Sequence[Fraction], low: Minorant) -> None:
    """Check that the risk at a point is at most the constant of a minorant; the two may be equal."""
    names = case.variables
    if is_piecewise_linear(case.roots):
        risk = sum(w * v for w, v in zip(p, evaluate(case.roots, names, tuple(z)), strict=True))
        expect(low.ball == 0 and risk <= low.constant, f"the risk {risk} is above the bound {low.constant}")
        return
    total = weighted(case, list(zip(p, case.roots, strict=True)))
    if low.ball == 0:  # equality is the normal case at a tie
        exact = exactly(case.pool, total, dict(zip(names, z, strict=True)))
        if exact.op == "const":
            expect(exact.value <= low.constant, f"the risk {exact.value} is above the bound {low.constant}")
            return
    found, bound = ball(Enclosure({x: point(c) for x, c in zip(names, z, strict=True)})(total)), low.total
    expect(found <= bound, f"the risk {found} is above the bound {bound}")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Compare the risk at a wrong point with a lower bound over the correct ones."""
    expect(case.kind == "logits", "the rule is about logits")
    p, t = distribution(proof["p"], len(case.variables))
    as_good(case, p, t, proof)
    return Fact("classification_calibrated", False)
