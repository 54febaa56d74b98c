r"""Scoring rules of K classes are proper by Savage's representation, on the closed simplex.

Let l_0, ..., l_{K-1} be analytic on the open simplex and write ``H(p) = sum p_i l_i(p)``, ``d_k`` for the derivative
along ``e_k - e_{K-1}``. If ``sum_i p_i d_j l_i = 0`` identically for every j < K-1 (stationarity), then
``d_j H = l_j - l_{K-1}`` and ``sum_i p_i l_i(q) = H(q) + dH(q)(p - q)``; so truth is optimal among interior points iff
H is concave (Savage 1971), uniquely iff strictly. H is concave if, with norms ``N_r = (sum_i w_ri p_i^a_r)^(1/a_r)``,
a_r > 1, w_ri >= 0 and c_r > 0 (convex by Minkowski), and directions D_s in [0, 1]^K, neither 0 nor 1 throughout,

    d_k d_j H = - sum_r c_r d_k d_j N_r + sum_s v_sj v_sk f_s(D_s.p) + B_jk,    v_sj = D_sj - D_s,K-1,

where ``f_s <= S_s`` on (0, 1) and the rational matrix ``B + sum_s S_s v_s v_s^T`` is negative semidefinite. It is
strictly concave along a direction of the tangent space if some f_s < S_s apart from isolated points and v_s is not
orthogonal to it, or the matrix is negative there, or some norm has all weights positive (equality in Minkowski means
proportional).

The boundary. Each l_y is a composition of functions continuous in [-inf, inf], and structure shows it continuous into
(-inf, inf] outside a union U of proper faces where it has no value (0 * inf). For p, q outside U take interior
p_n -> p, q_m -> q: ``L(p_n, q_m) >= H(p_n)``; as l_y > -inf near p, n -> inf gives ``L(p, q_m) >= H(p)``, and m -> inf
``L(p, q) >= H(p)``. Strictness passes to the boundary: if L(p, q) = H(p), then H = inf over q of L(., q) is affine on
[p, q]; but there H is the radial limit of its concave parts above, each finite at p and q, hence strictly concave
along q - p on the closed segment as in the interior.

Proof node: ``{"rule": "proper_by_stationarity", "strict": bool, "norms": [{"c", "a", "w": [...]}],
"directions": [D_s], "curvatures": graph in t with the roots f_s, "shift": [S_s], "matrix": B}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, parse_graph, rational
from losscheck.verifier.defined import analytic_on, positive_somewhere
from losscheck.verifier.definite import definiteness, grown, rationals
from losscheck.verifier.faces import Simplex
from losscheck.verifier.identity import vanishes
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

F0, F1 = Fraction(0), Fraction(1)


def along(case: Case, n: Node, k: int) -> Node:
    """The derivative along ``e_k - e_{K-1}``."""
    x, last = case.variables[k], case.variables[-1]
    return case.pool.sub(case.pool.differentiate(n, x), case.pool.differentiate(n, last))


def norm(case: Case, spec: dict[str, Any]) -> tuple[Node, bool]:
    """``c (sum w_i p_i^a)^(1/a)`` and whether all weights are positive."""
    pool, c, a, w = case.pool, rational(spec["c"]), rational(spec["a"]), [rational(x) for x in spec["w"]]
    expect(c > 0 and a > 1 and len(w) == len(case.variables) and min(w) >= 0 and max(w) > 0, "not a norm")
    inside = pool.linear(*((k, pool.power(pool.var(x), a)) for k, x in zip(w, case.variables, strict=True)))
    return pool.scale(c, pool.power(inside, 1 / a)), min(w) > 0


def bounded(case: Case, f: Node, s: Fraction) -> tuple[bool, bool]:
    """Whether ``f <= s`` on (0, 1), and whether strictly apart from isolated points."""
    pool = case.pool
    expect(analytic_on(pool, f, "t", F0, F1), "a curvature is not analytic on (0, 1)")
    gap = pool.sub(pool.const(s), f)
    found = interval_sign(pool, gap, "t", F0, F1)
    strict = found == "+" or (found == "p" and positive_somewhere(pool, gap, "t", F0, F1))
    return found in "+p0", strict


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check analyticity, the boundary, stationarity and concavity."""
    expect(case.kind == "simplex", "the rule speaks of simplex losses")
    pool, names, last, strict = case.pool, case.variables, len(case.variables) - 1, bool(proof.get("strict"))
    simplex = Simplex(pool, names)
    losses = [simplex.settle(r) for r in case.roots]
    for r in losses:
        ends = simplex.ends(r)
        expect(simplex.analytic(r), "a loss is not shown to be analytic on the open simplex")
        expect(not ends.minus and frozenset() not in ends.plus | ends.none, "a loss is not shown to be above -inf")
    for j in range(last):
        mean = pool.add(*(pool.mul(pool.var(x), along(case, r, j)) for x, r in zip(names, losses, strict=True)))
        expect(vanishes(pool, mean, simplex=names), f"the risk is not stationary at the truth along class {j}")
    norms = [norm(case, spec) for spec in proof["norms"]]
    text = proof["curvatures"]
    curvatures = [] if text is None else parse_graph(pool, text, {"t"}, case.constants, case.refuting)
    directions, shift, matrix = (
        rationals(proof["directions"]),
        rationals([proof["shift"]])[0],
        rationals(proof["matrix"]),
    )
    expect(len(directions) == len(curvatures) == len(shift) and len(matrix) == last, "one direction and shift each")
    expect(all(len(d) == last + 1 and 0 <= min(d) < max(d) <= 1 for d in directions), "a direction leaves [0, 1]")
    sums = [pool.linear(*((c, pool.var(x)) for c, x in zip(d, names, strict=True))) for d in directions]
    parts = [pool.substitute(f, {pool.var("t"): n}) for f, n in zip(curvatures, sums, strict=True)]
    tangent = [[c - d[-1] for c in d[:-1]] for d in directions]
    for j in range(last):
        slope = pool.add(pool.sub(losses[j], losses[last]), *(along(case, n, j) for n, _ in norms))
        for k in range(j, last):
            expect(matrix[j][k] == matrix[k][j], "the matrix is not symmetric")
            said = pool.linear(
                (matrix[j][k], pool.one), *((v[j] * v[k], f) for v, f in zip(tangent, parts, strict=True))
            )
            same = vanishes(pool, pool.sub(along(case, slope, k), said), simplex=names)
            expect(same, f"the curvature of classes {j} and {k} differs")
    signs = [bounded(case, c, s) for c, s in zip(curvatures, shift, strict=True)]
    expect(all(below for below, _ in signs), "a curvature exceeds its bound")
    minus = [[-x for x in row] for row in grown(matrix, tangent, shift)]
    expect(definiteness(minus) in "+p", "the Bayes risk is not shown to be concave")
    if not strict:
        return Fact("proper")
    gain = grown(minus, tangent, [F1 if below else F0 for _, below in signs])
    expect(any(whole for _, whole in norms) or definiteness(gain) == "+", "the Bayes risk is not strictly concave")
    return Fact("strictly_proper")
