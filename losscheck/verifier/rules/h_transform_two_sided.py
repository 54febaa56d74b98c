"""The transformation T of a loss of two classes, from certified infima of its conditional risks.

With f(x) = l(x, +), g(x) = l(-x, +), eta = (1 + t)/2 and scores in [-A, A],

    N = inf over 0 <= x <= A of  eta g(x) + (1 - eta) f(x),    P = inf over 0 <= x <= A of  eta f(x) + (1 - eta) g(x)

are the least risks of the wrong side (x = 0 among them) and of the right side, and ``T(t) = N - min(N, P)``, at a point
whose scores fill [-A, A]. Upper bounds of N and P are values at rational points of the certificate; the lower bounds
are these values less the certificate's tolerance, and every box must stay above them.

Lemma (which point is worst). Where ``d(x) = g(x) - f(x)`` is non-decreasing on [0, most A], the T of [-A, A] does not
decrease in A, so that its infimum over the points is that of the least A. Proof: let A' > A and N' < N, taken at
x' > A (in the limit). Then N' - P' >= N'(x') - P(x') = t d(x') >= t d(x) = N(x) - P(x) for x in [0, A] with P(x) = P
(in the limit), and N(x) >= N. If N' = N, then P' <= P. Without that, N of the most A and P of the least bound T below,
and its values at both ends bound it above.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure, Range
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import curve
from losscheck.verifier.defined import exactly
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.infimum import difference, mixture, mixtures_at_least, positive_part
from losscheck.verifier.terms import Node
from losscheck.verifier.transform_claim import asked, transform_fact
from losscheck.verifier.two_sided import two_sided
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed", "logits")


def infima(
    case: Case, f: Node, g: Node, a: Fraction | None, etas: list[Fraction], proof: dict[str, Any], hints: Any
) -> list[Range]:
    """Enclose ``inf eta f + (1 - eta) g`` over [0, a] for every eta; the certificate holds a point for each."""
    pool, tolerance = case.pool, rational(proof["tolerance"])
    points = [rational(x) for x in proof["points"]]
    expect(len(points) == len(etas) and tolerance > 0, "one point per infimum, and a tolerance")
    expect(all(x >= 0 and (a is None or x <= a) for x in points), "a point is outside the scores")
    slack = Enclosure({})(pool.const(tolerance))[1]
    found, mixes = [], []
    for eta, x in zip(etas, points, strict=True):
        w = eta, 1 - eta
        top = Enclosure({})(exactly(pool, mixture(pool, w, (f, g)), {"x": x}))[1]
        expect(top.is_finite(), "a risk is not finite")
        level = (top - slack).lower()
        found.append((level, top))
        mixes.append((w, level))
        for end in [Fraction(0)] + ([] if a is None else [a]):
            value = Enclosure({})(exactly(pool, mixture(pool, w, (f, g)), {"x": end}))[0]
            expect(value >= level, "the risk is lower at an end of the scores")
    if a is None or a > 0:
        mixtures_at_least([curve(pool, n, "x", Fraction(0), a, hints, (f, g)) for n in (f, g)], mixes)
    return found


def worst_is_least(case: Case, f: Node, g: Node, most: Fraction, hints: list[Any]) -> bool:
    """Whether ``g - f`` is shown non-decreasing on [0, most]."""
    ends = [str(x) for x in (Fraction(0), most) if str(x) not in hints]
    d = curve(case.pool, case.pool.sub(g, f), "x", Fraction(-1), most + 1, [*hints, *ends], (f, g))
    inside = [i for i, p in enumerate(d.pieces) if p.a is not None and p.b is not None and p.b > 0 and p.a < most]
    steps = [s for i, c in enumerate(d.cuts) if c.high >= 0 and c.low <= most for s in d.step(i)]
    return all(d.on(d.derivative(i), i) in "+p0" for i in inside) and all(s in "+0" for s in steps)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Enclose the infima and subtract."""
    over, ts = hypotheses(proof["hypotheses"]), asked(proof["t"])
    f, g, scale = two_sided(case, over)
    etas = [(1 + t) / 2 for t in ts] + [(1 - t) / 2 for t in ts]
    n = len(ts)
    sets = [None] if over.least is None or over.most is None else [scale * over.least, scale * over.most]
    if len(sets) == 2 and (sets[0] == sets[1] or proof["worst"] == "least"):
        expect(sets[0] == sets[1] or worst_is_least(case, f, g, sets[1] or Fraction(0), proof["breaks"]), "no worst x")
        sets = sets[:1]
    found = [infima(case, f, g, a, etas, part, proof["breaks"]) for a, part in zip(sets, proof["sets"], strict=True)]
    bounds = []
    for i in range(n):
        right, wrong = [r[i] for r in found], [r[n + i] for r in found]
        ends = [positive_part(difference(w, p))[1] for p, w in zip(right, wrong, strict=True)]
        bounds.append((positive_part(difference(wrong[-1], right[0]))[0], min(ends)))
    return transform_fact("h_transform", proof, bounds)
