"""Piecewise linear losses of interchangeable classes: one small programme per wrong vertex, up to the classes' order.

For running sums w of a wrong vertex: maximise ``q_(k-1)`` subject to ``q.(v - w) >= 0`` for all vertices v, q >= 0 and
``sum q <= 1``. A positive optimum is a distribution ``p_j = q_j + ... + q_(K-1)`` at which w is optimal (refuted);
optimum 0 for all w proves calibration, and the dual solutions are the certificate (rule ``polyhedral_by_symmetry``).
Convex losses with branches (a sort) are written as the largest of their affine pieces first.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate, combinations
from typing import Any

from losscheck.certificate import graph_json, q
from losscheck.engines.polyhedral import maximise
from losscheck.expr.build import add, const, maximum, scale, var
from losscheck.expr.constants import choices
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems.calibrated_polyhedral import parsed
from losscheck.verdict import Outcome
from losscheck.verifier import CertificateRejected
from losscheck.verifier.cells import Cells, equal_on_cells
from losscheck.verifier.certificate import Case
from losscheck.verifier.chamber import sorted_vertices
from losscheck.verifier.piecewise_linear import ALLOWED, Vector, is_piecewise_linear
from losscheck.verifier.rules.calibrated_polyhedral import in_units
from losscheck.verifier.rules.polyhedral_by_symmetry import merged, representation
from losscheck.verifier.rules.topk_polyhedral import is_wrong
from losscheck.verifier.softmax import formula
from losscheck.verifier.terms import BOOLEAN, Node, walk

LEAST = 5
"""Fewer classes have few enough vertices."""
MOST, MOST_BRANCHED = 8, 4
"""Classes; with branches, whose cells are counted in all orders."""


def separate(every: list[Vector], w: Vector, k: int) -> tuple[Fraction, list[Fraction], list[Any]]:
    """``(e, p, cut)``: the largest lead of the top k for which w is optimal, where, and the dual multipliers."""
    n, one, zero = len(w), Fraction(1), Fraction(0)
    rows = [[b - a for a, b in zip(v, w, strict=True)] for v in every]
    goal = [Fraction(j == k - 1) for j in range(n)]
    x, e, y = maximise(goal, [*rows, [one] * n], [zero] * len(rows) + [one])
    p = list(accumulate(reversed(x)))[::-1]
    size = sum(p) or one
    return e, [c / size for c in p], [[index, q(weight)] for index, weight in enumerate(y[: len(every)]) if weight]


def attempt(lifted: Lifted, prop: str, k: int | None = None) -> Outcome | None:
    """Decide calibration, or that for the top k classes; None when the loss is no such loss, or too large."""
    if len(lifted.variables) > MOST:
        return None
    cases = [parsed(lifted, "proved", choice) for choice in choices(lifted.roots)]
    for case in [*cases, parsed(lifted)]:  # the last with constants as balls: for refutations
        losses, head = in_units(case), dict[str, Any]()
        if not is_piecewise_linear(losses):
            texts = as_maxima(case)
            if texts is None:
                continue
            losses, head = [formula(case, text, set(case.variables)) for text in texts], {"losses": texts}
        elif len(lifted.variables) < LEAST:
            continue
        if found := _decide(lifted, case, losses, prop, k, head):
            return found
    return None


def as_maxima(case: Case) -> list[dict[str, Any]] | None:
    """Losses with branches as the largest of their affine pieces, one graph per label; None when they are not that."""
    branched = all(n.op in ALLOWED | BOOLEAN | {"where"} for n in walk(*case.roots))
    if not branched or len(case.roots) > MOST_BRANCHED:
        return None
    found = []
    for root in case.roots:
        try:
            cells = Cells(case.pool, root, case.variables, defined=True)
            pieces = {c.node for c in cells.found if not c.equations}
            same = equal_on_cells(case.pool, root, case.pool.build("max", None, tuple(pieces)), case.variables)
        except CertificateRejected:
            return None
        if not same:
            return None
        rows = sorted((c, sorted((n.value, x) for n, x in terms.items())) for c, terms in map(case.pool.form, pieces))
        affine = [add(const(c), *(scale(x, var(name)) for name, x in terms)) for c, terms in rows]
        found.append(graph_json([maximum(affine)]))
    return found


def _decide(
    lifted: Lifted, case: Case, losses: list[Node], prop: str, k: int | None, head: dict[str, Any]
) -> Outcome | None:
    try:
        every, wrong = representation(case, losses, k or 1)
    except CertificateRejected:
        return None
    head = {"rule": "polyhedral_by_symmetry", **head} | ({"k": k} if k else {})
    cuts = []
    for w in wrong:
        e, p, cut = separate(every, w, k or 1)
        if e > 0:
            return _witness(lifted, case, losses, prop, head, p, w)
        cuts.append(cut)
    message = (
        "The classes are interchangeable, and up to their order every vertex with a wrong top loses to a right one at "
        f"every distribution ({len(cuts)} linear programmes over {len(every)} vertex vectors)."
    )
    return prove(lifted, prop, {**head, "cuts": cuts}, message=message)


def _witness(
    lifted: Lifted, case: Case, losses: list[Node], prop: str, head: dict[str, Any], p: list[Fraction], w: Vector
) -> Outcome | None:
    k = head.get("k", 1)
    z = _wrong(losses, case.variables, k, w)
    proof = {**head, "p": [q(x) for x in p], "z": [q(x) for x in z]}
    at, scores = ", ".join(map(str, p)), ", ".join(map(str, z))
    message = (
        f"At p = ({at}) the scores z = ({scores}) have the least risk, although they do not rank the "
        f"{'most likely class' if k == 1 else f'{k} most likely classes'} first, strictly."
    )
    if "losses" not in head and losses != case.roots:
        message += " (Scores in units of the loss's one constant.)"
    return refute(lifted, prop, proof, message=message, witness={"p": proof["p"], "z": proof["z"]})


def _wrong(losses: list[Node], names: list[str], k: int, w: Vector) -> list[Fraction]:
    """Scores with a wrong top k whose losses have the running sums w when p is sorted downwards."""
    n = len(names)
    for u, value in sorted_vertices(losses, names):
        for top in combinations(range(n), k):
            rest = [i for i in range(n) if i not in top]
            if is_wrong(u, top) and merged([value[i] for i in top], [value[i] for i in rest]) == w:
                places = [*sorted(top, key=lambda i: value[i]), *sorted(rest, key=lambda i: value[i])]
                return [u[i] for i in places]
    raise LookupError("no vertex has these losses")
