"""T by branch and bound over distributions (rule ``h_transform_cells``): comp-sum and piecewise linear losses."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.certificate import graph_json, q
from losscheck.engines.capped_filling import capped_inner
from losscheck.engines.convex_inner import ConvexInner
from losscheck.engines.inner_risks import CompSumInner, Inner, VertexInner
from losscheck.engines.numeric import evaluate
from losscheck.engines.quick_filling import QuickFilling
from losscheck.engines.regret_search import RegretSearch
from losscheck.expr.constants import choices
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.calibrated_polyhedral import parsed
from losscheck.theorems.h_transform_comp_sum import bands_json, profiles
from losscheck.verdict import Outcome
from losscheck.verifier.balls import Undefined
from losscheck.verifier.certificate import CertificateRejected
from losscheck.verifier.comp_sum_risk import CompSumRisk
from losscheck.verifier.cover import Exhausted
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.piecewise_linear import is_piecewise_linear
from losscheck.verifier.piecewise_risk import PiecewiseRisk
from losscheck.verifier.softmax import equivariant

Array = NDArray[np.float64]
WIDEST = 9.5e-5
"""How close the bounds are brought where closer ones take too many cells."""
MESSAGE = "Branch and bound over the distributions of each regret encloses T."


def part(inner: Inner, wide: Inner, k: int, t: Fraction) -> dict[str, Any] | None:
    """The certificate's part for one t, or None."""
    search = RegretSearch(inner, wide, k, t)
    high, rest = search.best()
    for width in (inner.width, WIDEST):
        target = max(high, 0.0) - width
        covered = wide.covered(k, t, target + 1e-9)
        grown = search.tree(target, None if covered is None else covered[0])
        if grown is not None:
            break
    else:
        return None
    tree, acts = grown
    p = search.floats([rest])
    wrong, right = inner.wrong(p)[1][0], inner.right(p)[1][0]
    return {
        "tree": tree,
        "swaps": covered and {"from": q(covered[0]), "low": q(Fraction(target)), "bands": bands_json(covered[1])},
        "points": [[q(x) for x in inner.exactly(act, False)] for act in acts],
        "vertices": {" ".join(map(q, r)): wide.support(s, r, t, True) for r, (_, s, _) in search.vertex.items()},
        "rest": [q(x) for x in rest],
        "wrong": [q(x) for x in inner.exactly(wrong, True)],
        "tangent": inner.support(right, rest, t, False),
    }


def _function(root: Expr) -> Callable[[Array], Array]:
    return lambda x: evaluate([root], {"s": x})[0]


def fits(lifted: Lifted, choice: dict[str, str], form: dict[str, Any]) -> bool:
    """Whether the verifier takes the loss for this function of softmax."""
    try:
        CompSumRisk(parsed(lifted, "proved", choice), form)
    except (CertificateRejected, Undefined, Exhausted, OverflowError):
        return False
    return True


def logarithm(phi: Expr) -> bool:
    """Whether ``s phi'(s)`` looks constant."""
    s = np.linspace(0.05, 1, 20)
    return float(np.ptp(s * _function(derivative(phi, "s"))(s))) < 1e-12


def looks_convex(lifted: Lifted) -> bool:
    """Whether middles of random pairs of scores lie below their chords, for every class, in floats."""
    rng, shape = np.random.default_rng(0), (2, 400, len(lifted.variables))
    ends = rng.normal(size=shape) * rng.choice([0.3, 1.0, 3.0, 10.0], (1, 400, 1))
    with np.errstate(all="ignore"):
        a, b, middle = (
            np.array(evaluate(lifted.roots, dict(zip(lifted.variables, z.T, strict=True))))
            for z in (*ends, ends.mean(axis=0))
        )
        above = middle - (a + b) / 2 > 1e-9 * (1 + np.abs(a) + np.abs(b))
    return not above.any()


def readings(lifted: Lifted, text: str) -> Iterator[tuple[Inner, Inner, dict[str, Any]]]:
    """Ways to compute the risks over the least and the most scores, with what the certificate says about each."""
    over = hypotheses(text)
    caps = [over.least] if over.least == over.most else [over.least, over.most]
    if not equivariant(parsed(lifted, "proved", choices(lifted.roots)[0])):
        return
    for choice in choices(lifted.roots):
        case = parsed(lifted, "proved", choice)
        if is_piecewise_linear(case.roots):
            try:
                tables = [PiecewiseRisk(case, over, cap).found for cap in caps]
            except CertificateRejected:
                continue
            inners = [VertexInner([z for z, _ in found], [v for _, v in found]) for found in tables]
            yield inners[0], inners[-1], {"risk": "vertices"}
    for alpha, phi in profiles(lifted):
        form = {"risk": "comp-sum", "alpha": q(alpha), "own": graph_json([phi])}
        if len(caps) == 2 or (caps[0] is not None and logarithm(phi)):
            continue  # no worst point is known; the logarithm is convex in the scores as well
        if any(fits(lifted, choice, form) for choice in choices(lifted.roots)):
            filling = QuickFilling(_function(phi), _function(derivative(phi, "s")))
            made = [
                CompSumInner(filling) if cap is None else capped_inner(filling, math.exp(2 * alpha * cap))
                for cap in caps
            ]
            yield made[0], made[-1], form
    if not looks_convex(lifted):
        return  # no minorants, and descents that may stop anywhere
    if len(caps) == 2:
        for alpha, phi in profiles(lifted):
            if logarithm(phi):
                capped = ConvexInner(lifted, parsed(lifted, "proved", choices(lifted.roots)[0]), over, caps[0])
                yield capped, capped, {"risk": "minorants", "worst": {"alpha": q(alpha), "own": graph_json([phi])}}
    smooth = [ConvexInner(lifted, parsed(lifted, "proved", choices(lifted.roots)[0]), over, cap) for cap in caps]
    yield smooth[0], smooth[-1], {"risk": "minorants"}


def h_transform_cells(lifted: Lifted, text: str, ts: Sequence[float]) -> Outcome | None:
    """Enclose T at as many t as branch and bound closes, or return None."""
    k = len(lifted.variables)
    if lifted.kind != "logits" or not 3 <= k <= 5:
        return None
    for inner, wide, form in readings(lifted, text):
        found = [(t, part(inner, wide, k, Fraction(repr(t)))) for t in ts if t > 0]
        closed = [(t, made) for t, made in found if made is not None]
        proof = {
            "rule": "h_transform_cells", "hypotheses": text, "t": [t for t, _ in closed], **form,
            "parts": [made for _, made in closed],
        }  # fmt: skip
        outcome = prove(lifted, "h_transform", proof, message=MESSAGE) if closed else None
        if outcome:
            return outcome
    return None
