"""Piecewise linear losses of interchangeable classes: one small programme per wrong vertex, up to the classes' order.

For running sums w of a wrong vertex: maximise ``q_(k-1)`` subject to ``q.(v - w) >= 0`` for all vertices v, q >= 0 and
``sum q <= 1``. A positive optimum is a distribution ``p_j = q_j + ... + q_(K-1)`` at which w is optimal (refuted);
optimum 0 for all w proves calibration, and the dual solutions are the certificate (rule ``polyhedral_by_symmetry``).
"""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate, combinations
from typing import Any

from losscheck.certificate import q
from losscheck.engines.polyhedral import maximise
from losscheck.expr.constants import choices
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems.calibrated_polyhedral import parsed
from losscheck.verdict import Outcome
from losscheck.verifier import CertificateRejected
from losscheck.verifier.certificate import Case
from losscheck.verifier.chamber import sorted_vertices
from losscheck.verifier.piecewise_linear import Vector, is_piecewise_linear
from losscheck.verifier.rules.calibrated_polyhedral import in_units
from losscheck.verifier.rules.polyhedral_by_symmetry import merged, representation
from losscheck.verifier.rules.topk_polyhedral import is_wrong

LEAST = 5
"""Fewer classes have few enough vertices."""
MOST = 8


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
    if not LEAST <= len(lifted.variables) <= MOST:
        return None
    cases = [parsed(lifted, "proved", choice) for choice in choices(lifted.roots)]
    for case in [*cases, parsed(lifted)]:  # the last with constants as balls: for refutations
        if is_piecewise_linear(in_units(case)) and (found := _decide(lifted, case, prop, k)):
            return found
    return None


def _decide(lifted: Lifted, case: Case, prop: str, k: int | None) -> Outcome | None:
    try:
        every, wrong = representation(case, k or 1)
    except CertificateRejected:
        return None
    head: dict[str, Any] = {"rule": "polyhedral_by_symmetry"} | ({"k": k} if k else {})
    cuts = []
    for w in wrong:
        e, p, cut = separate(every, w, k or 1)
        if e > 0:
            return _witness(lifted, case, prop, head, p, w)
        cuts.append(cut)
    message = (
        "The classes are interchangeable, and up to their order every vertex with a wrong top loses to a right one at "
        f"every distribution ({len(cuts)} linear programmes over {len(every)} vertex vectors)."
    )
    return prove(lifted, prop, {**head, "cuts": cuts}, message=message)


def _witness(
    lifted: Lifted, case: Case, prop: str, head: dict[str, Any], p: list[Fraction], w: Vector
) -> Outcome | None:
    k = head.get("k", 1)
    z = _wrong(case, p, k, w)
    proof = {**head, "p": [q(x) for x in p], "z": [q(x) for x in z]}
    at, scores = ", ".join(map(str, p)), ", ".join(map(str, z))
    message = (
        f"At p = ({at}) the scores z = ({scores}) have the least risk, although they do not rank the "
        f"{'most likely class' if k == 1 else f'{k} most likely classes'} first, strictly."
    )
    if in_units(case) != case.roots:
        message += " (Scores in units of the loss's one constant.)"
    return refute(lifted, prop, proof, message=message, witness={"p": proof["p"], "z": proof["z"]})


def _wrong(case: Case, p: list[Fraction], k: int, w: Vector) -> list[Fraction]:
    """Scores with a wrong top k whose losses have the running sums w when p is sorted downwards."""
    n = len(p)
    for u, value in sorted_vertices(in_units(case), case.variables):
        for top in combinations(range(n), k):
            rest = [i for i in range(n) if i not in top]
            if is_wrong(u, top) and merged([value[i] for i in top], [value[i] for i in rest]) == w:
                places = [*sorted(top, key=lambda i: value[i]), *sorted(rest, key=lambda i: value[i])]
                return [u[i] for i in places]
    raise LookupError("no vertex has these losses")
