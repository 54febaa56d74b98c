"""A distribution whose conditional risk is not lowest where softmax(z) = p.

Lemma. Let p be interior and z' a point with ``C_p(z') < m``, where m bounds C_p below near the scores of p: for every
sequence with softmax(z_n) -> p, that is ``z_n = log p + c_n 1 + o(1)``, ``lim inf C_p(z_n) >= m``. Then no minimising
sequence has softmax(z_n) -> p (and minimising sequences always exist): softmax does not recover p.

The bound m is one of
- shift: l_y(z + c 1) = l_y(z) as an identity, and m the least value on a box around log p (no continuity is assumed);
- line: a rational m with ``C_p >= m`` on the tube of all ``log p + c 1 + e``, c real and |e_i| at most a radius: shown
  on boxes whose ranges are at least m, those of large |c| without end, the others halved as often as it takes;
- flows: an affine minorant of C_p (:mod:`losscheck.verifier.minorant`) whose slopes add up to 0, at log p: it only sees
  differences of scores, so it converges along the sequence whatever the c_n are.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.balls import INF, NINF, Enclosure, Range, Undefined, exact, point
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.minorant import minorant
from losscheck.verifier.rules.calibrated_dual_witness import distribution
from losscheck.verifier.softmax import shift_invariant
from losscheck.verifier.verify import Checker, Fact
from losscheck.verifier.weighted import weighted

FAR, MOST = Fraction(32), 1500


def bound(case: Case, p: list[Fraction], proof: dict[str, Any]) -> arb:
    """A ball below which no lim inf of C_p along softmax(z_n) -> p lies."""
    names, logs = case.variables, [exact(x).log() for x in p]
    if "flows" in proof:
        weights: dict[Any, Fraction] = {}
        for root, w in zip(case.roots, p, strict=True):
            weights[root] = weights.get(root, Fraction(0)) + w
        low = minorant(weights, proof["flows"], names)
        expect(sum(low.slopes.values()) == 0, "the minorant changes along the diagonal")
        return low.total + sum((exact(low.slopes[x]) * y for x, y in zip(names, logs, strict=True)), arb(0))
    radius = exact(rational(proof["radius"]))
    expect(radius > 0, "the box around log p needs a positive radius")
    if "line" in proof:
        return along(case, p, logs, radius, exact(rational(proof["line"])))
    expect(shift_invariant(case), "the loss is not shown invariant under shifts of all scores")
    box: dict[str, Range] = {x: ((y - radius).lower(), (y + radius).upper()) for x, y in zip(names, logs, strict=True)}
    return Enclosure(box)(risk(case, p))[0]


def along(case: Case, p: list[Fraction], logs: list[arb], radius: arb, level: arb) -> arb:
    """The level, shown on the tube around ``log p + c 1`` for all real c."""
    node = risk(case, p)
    stack: list[tuple[Fraction | None, Fraction | None]] = [(None, -FAR), (FAR, None), (-FAR, FAR)]
    used = 0
    while stack:
        a, b = stack.pop()
        used += 1
        expect(used <= MOST, "the risk along the line is not shown above the level")
        box: dict[str, Range] = {
            x: (
                NINF if a is None else (y + exact(a) - radius).lower(),
                INF if b is None else (y + exact(b) + radius).upper(),
            )
            for x, y in zip(case.variables, logs, strict=True)
        }
        try:
            if Enclosure(box)(node)[0] >= level:
                continue
        except Undefined:
            pass
        expect(a is not None and b is not None, "the risk at the ends of the line is not shown above the level")
        if a is not None and b is not None:
            stack += [(a, (a + b) / 2), ((a + b) / 2, b)]
    return level


def risk(case: Case, p: list[Fraction]) -> Any:
    """The node of C_p."""
    return weighted(case, list(zip(p, case.roots, strict=True)))


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Compare C_p at a point with its least value where softmax(z) is close to p."""
    expect(case.kind == "logits", "the rule is about logits")
    p, _ = distribution(proof["p"], len(case.variables), top=False)
    expect(min(p) > 0, "p must be interior")
    z = [rational(x) for x in proof["z"]]
    at = Enclosure({x: point(c) for x, c in zip(case.variables, z, strict=True)})
    best, low = at(risk(case, p))[1], bound(case, p, proof)
    expect(best < low, f"the risk {best} is not below {low}")
    return Fact("recovers_probability", False, {"link": "softmax"})
