r"""T of losses of the largest rival, ``l_y(z) = phi(z_y - max over j != y of z_j)``, for any number of classes.

phi is non-increasing on the reals, so that this is also ``max over j of phi(z_y - z_j)``. Scores fill [-A, A]^K, or all
vectors (that add up to 0); ``F(q) = inf over 0 <= m <= 2A of q phi(m) + (1 - q) phi(-m)``, concave in q.

If z predicts class c, let ``m = z_c - max of the others``, in [0, 2A]. Then ``l_c = phi(m)``, and any other class is at
most m below its largest rival, z_c, or further: its loss is at least phi(-m), and phi(-m) where all others are equal.
So F(p_c) is the least risk over the scores that predict c, and that of the top class is the least of all: phi(m) <=
phi(-m). The regret is ``F(p_0 - t) - F(p_0)``, 0 the top class. As F is concave, it does not decrease in p_0: the
least p_0 of a distribution with ``p_0 - p_1 = t``, which is ``a = max(t, (1 + t)/K)``, decides:

    T(t) = F(a - t) - F(a)

Which point is worst: T does not decrease in A. Let A' > A. Where F'(a - t) is taken at m' > 2A (in the limit), its
value there less that of F'(a), at most ``a phi(m') + (1 - a) phi(-m')``, is at least ``t (phi(-m') - phi(m')) >= t
(phi(-m) - phi(m))`` for m <= 2A, in particular for m that attains F(a): and that is at least F(a - t) - F(a).
Otherwise F'(a - t) = F(a - t) and F'(a) <= F(a).
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.curve import curve
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.identity import vanishes
from losscheck.verifier.infimum import difference, positive_part
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.rules.h_transform_two_sided import infima
from losscheck.verifier.softmax import formula
from losscheck.verifier.terms import Node, Pool, walk
from losscheck.verifier.transform_claim import asked, transform_fact
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)


def largest(pool: Pool, nodes: list[Node]) -> Node:
    """The maximum of nodes."""
    found = tuple(sorted(set(nodes), key=lambda n: n.id))
    return found[0] if len(found) == 1 else pool.build("max", None, found)


def forms(pool: Pool, phi: Node, z: list[Node], y: int) -> tuple[Node, Node, Node]:
    """Three ways to write the loss of label y."""
    x, rivals = pool.var("x"), [a for j, a in enumerate(z) if j != y]
    inside = pool.substitute(phi, {x: pool.sub(z[y], largest(pool, rivals))})
    spread = pool.substitute(phi, {x: pool.scale(-1, largest(pool, [pool.sub(a, z[y]) for a in rivals]))})
    return inside, spread, largest(pool, [pool.substitute(phi, {x: pool.sub(z[y], a)}) for a in rivals])


def outward(pool: Pool, root: Node) -> Node:
    """Sums with one maximum (or minimum) among their terms as the maximum (minimum) of sums."""
    done: dict[Node, Node] = {}
    for n in walk(root):
        made = pool.build(n.op, n.value, tuple(done[a] for a in n.args)) if n.args else n
        inner = [i for i, a in enumerate(made.args) if a.op in ("max", "min")] if made.op == "add" else []
        if len(inner) == 1:
            (i,) = inner
            c, picked = made.value[i + 1], made.args[i]
            rest = pool.sub(made, pool.scale(c, picked))
            op = picked.op if c > 0 else {"max": "min", "min": "max"}[picked.op]
            terms = {pool.add(rest, pool.scale(c, a)) for a in picked.args}
            made = pool.build(op, None, tuple(sorted(terms, key=lambda m: m.id)))
        done[n] = made
    return done[root]


def of_largest_rival(case: Case, phi: Node) -> None:
    """Check that the loss is phi of the margin to the largest rival."""
    pool = case.pool
    z = [pool.var(x) for x in case.variables]
    expect(broken_nowhere(case), "a loss is not shown to be defined")
    for y, root in enumerate(case.roots):
        found = outward(pool, root)
        ways = (outward(pool, n) for n in forms(pool, phi, z, y))
        fits = any(found is n or vanishes(pool, pool.sub(found, n)) for n in ways)
        expect(fits, "a loss is not the claimed function of the margin to its largest rival")


def non_increasing(case: Case, phi: Node, hints: Any) -> None:
    """Check that phi does not increase on the reals."""
    c = curve(case.pool, phi, "x", None, None, hints)
    expect(all(c.on(c.derivative(i), i) in "-m0" for i in range(len(c.pieces))), "the profile may increase")
    steps = [s for i in range(len(c.cuts)) for s in c.step(i)]
    expect(all(s in "-m0" for s in steps), "the profile may step up")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Enclose F at both arguments for every t."""
    over, ts, k = hypotheses(proof["hypotheses"]), asked(proof["t"]), len(case.variables)
    expect(case.kind == "logits", "the rule is about logits")
    pool = case.pool
    phi = formula(case, proof["own"], {"x"})
    of_largest_rival(case, phi)
    non_increasing(case, phi, proof["slope_breaks"])
    tops = [max(t, (1 + t) / k) for t in ts]
    other = pool.substitute(phi, {pool.var("x"): pool.scale(-1, pool.var("x"))})
    reach = None if over.least is None else 2 * over.least
    etas = tops + [a - t for a, t in zip(tops, ts, strict=True)]
    found = infima(case, phi, other, reach, etas, proof["infima"], proof["breaks"])
    n = len(ts)
    pairs = zip(found[n:], found[:n], strict=True)
    return transform_fact("h_transform", proof, [positive_part(difference(w, r)) for w, r in pairs])
