"""Smooth equivariant losses that order every pair of classes are calibrated for the top k classes, for every k.

Lemma. Let l satisfy (E), (B) and (S) of :mod:`losscheck.verifier.rules.calibrated_swap`, be C1 with locally Lipschitz
gradient, and one of
(odds) ``l_0(z) - l_1(z) = c (z_1 - z_0)`` with c > 0,
(monotone) ``D = dl_0/dz_0 - dl_0/dz_1 <= 0``, and ``D <= -kappa < 0`` where ``|z_1 - z_0| <= delta``.
Then for every p and all classes with p_i > p_j, inf C_p over {z_i <= z_j} exceeds H(p). So for every p whose k-th place
is not tied, the scores that put a class outside the top k above or level with one inside do not reach H(p).

Proof. As there, with t = i: (monotone) now holds next to every tie of the two classes, not only at the maximum, so
l_i(z) - l_j(z) = l_i(z) - l_i(tau z) = -(integral of D along z + r (e_i - e_j) up to tau z) is at least a positive
gamma(rho) where z_j - z_i >= rho, and l_j - l_i >= kappa' r at distance r beyond a tie. Nothing else used z_j = max z.
The set of wrong scores is a union of finitely many {z_i <= z_j}.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import Box, acceptor, cover
from losscheck.verifier.rules.calibrated_swap import linear_odds, smooth_and_equivariant
from losscheck.verifier.softmax import replace
from losscheck.verifier.verify import Checker, Fact


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every hypothesis of the lemma."""
    smooth_and_equivariant(case, proof["flows"])
    pool, names, loss, k = case.pool, case.variables, case.roots[0], proof["k"]
    expect(type(k) is int and 1 <= k < len(names), "k is a number of classes below K")
    if proof["order"] == "odds":
        linear_odds(case, rational(proof["c"]))
        return Fact("topk_calibrated", params={"k": k})
    kappa, delta = rational(proof["kappa"]), rational(proof["delta"])
    expect(kappa > 0 and delta > 0, "kappa and delta must be positive")
    slope = pool.sub(pool.differentiate(loss, names[0]), pool.differentiate(loss, names[1]))
    cover(acceptor(pool, slope, "<="), dict.fromkeys(names, (None, None)), budget=400)
    gap = {names[1]: pool.add(pool.var(names[0]), pool.var(names[1]))}  # z_1 now says how far z_1 lies above z_0
    near = replace(case, pool.add(slope, pool.const(kappa)), gap)
    box: Box = {x: (-delta, delta) if x == names[1] else (None, None) for x in names}
    cover(acceptor(pool, near, "<"), box, budget=2000)
    return Fact("topk_calibrated", params={"k": k})
