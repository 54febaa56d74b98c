"""All probability on one class is best, and leaves the others tied: a comp-sum loss that is not top-k calibrated.

Lemma. Let ``l_y(z) = phi(s_y)``, s = softmax(alpha z), alpha > 0, with phi continuous at 0 and 1 (one-sided, with
values phi(0) and phi(1)), and let numbers a and b >= 0 satisfy, for all s in (0, 1),

    phi(s) >= phi(1) + a (1 - s)    and    phi(s) >= phi(0) - b s.

Let k >= 2, let p have no tie at its k-th place, m be its largest class and ``a p_m >= b p_y`` for every other y. Then
for all z, with s_m = 1 - sum of the others,

    C_p(z) >= p_m (phi(1) + a (1 - s_m)) + sum_{y != m} p_y (phi(0) - b s_y) >= p_m phi(1) + (1 - p_m) phi(0),

and that value is the limit along z = x e_m, where all classes but m are tied: a class of the top k and one outside. So
the infimum over the wrong scores is H(p). (Convex phi: a = -phi'(1), b = -phi'(0). With phi'(0) = -inf or phi'(1) = 0
there is no such b or a, and :mod:`losscheck.verifier.rules.topk_comp_sum` proves the opposite, for k = 2 at least.)

Proof node: ``{"rule": "topk_vertex_witness", "k": 2, "alpha": "1", "own": graph, "breaks": [...], "a": "1/2",
"b": "3/2", "p": [...]}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import curve
from losscheck.verifier.identity import vanishes
from losscheck.verifier.pieces import finite_at
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.rules.calibrated_dual_witness import distribution
from losscheck.verifier.softmax import formula, replace, softmax
from losscheck.verifier.verify import Checker, Fact

F0, F1 = Fraction(0), Fraction(1)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the loss, the two lines below phi and the distribution."""
    pool, n, k = case.pool, len(case.variables), proof["k"]
    expect(case.kind == "logits" and type(k) is int and 2 <= k < n, "k is a number of classes from 2 to K - 1")
    expect(broken_nowhere(case), "a loss is not shown to be defined")
    alpha, a, b = (rational(proof[key]) for key in ("alpha", "a", "b"))
    expect(alpha > 0 and b >= 0, "alpha must be positive, b at least 0")
    phi = formula(case, proof["own"], {"s"})
    for root, s in zip(case.roots, softmax(case, alpha), strict=True):
        expect(vanishes(pool, pool.sub(root, replace(case, phi, {"s": s}))), "a loss is not phi of softmax")
    c = curve(pool, phi, "s", F0, F1, proof["breaks"])
    first, last = c.pieces[0].node, c.pieces[-1].node
    expect(finite_at(first, "s", F0) and finite_at(last, "s", F1), "phi is not shown continuous at 0 and 1")
    bottom, top = (replace(case, f, {"s": end}) for f, end in ((first, pool.zero), (last, pool.one)))
    near = pool.add(pool.scale(-1, top), pool.linear((-a, pool.one), (a, pool.var("s"))))
    away = pool.add(pool.scale(-1, bottom), pool.scale(b, pool.var("s")))
    for line in (near, away):
        for i, piece in enumerate(c.pieces):
            expect(c.on(pool.add(piece.node, line), i) in "+p0", f"phi is not shown above a line on piece {i}")
        for i, value in enumerate(c.values):
            expect(c.sign(pool.add(value, line), i) in "+0", f"phi is not shown above a line at cut {i}")
    p, _ = distribution(proof["p"], n, top=False)
    order = sorted(p, reverse=True)
    expect(order[k - 1] > order[k], "the k-th place is tied")
    expect(a * order[0] >= b * order[1], "another class may take some probability")
    return Fact("topk_calibrated", holds=False, params={"k": k})
