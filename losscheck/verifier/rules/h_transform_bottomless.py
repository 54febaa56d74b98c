r"""T is infinite where the least risk is -infinity.

Two classes, all scores, f(x) and g(x) the losses of the score x >= 0 when its sign is right or wrong, ``eta = (1 +
t)/2``. If ``eta f + (1 - eta) g`` tends to -inf with x, no scores come near the least risk: every wrong x has an
infinite regret, its risk being finite, and so T(t) = inf. The wrong risks, ``eta g + (1 - eta) f``, are shown to be
bounded below as well, so that the right side alone is bottomless: a sequence of risks that tends to the least one is
right from some place on.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import INF, Enclosure, exact
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import curve
from losscheck.verifier.defined import exactly
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.infimum import mixture, mixtures_at_least
from losscheck.verifier.transform_claim import asked, transform_fact
from losscheck.verifier.two_sided import two_sided
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed", "logits")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the limit of the right side and the bounds of the wrong one."""
    over, ts = hypotheses(proof["hypotheses"]), asked(proof["t"])
    expect(over.everything, "scores that are bounded have finite risks")
    f, g, _ = two_sided(case, over)
    c, d = (curve(case.pool, n, "x", Fraction(0), None, proof["breaks"], (f, g)) for n in (f, g))
    levels = []
    for t, text in zip(ts, proof["levels"], strict=True):
        eta = (1 + t) / 2
        right = mixture(case.pool, (eta, 1 - eta), (c.pieces[-1].node, d.pieces[-1].node))
        expect(c.end(right, last=True) == -1, "the risk is not shown to tend to -infinity")
        level = exact(rational(text))
        wrong = mixture(case.pool, (1 - eta, eta), (f, g))
        at0 = Enclosure({})(exactly(case.pool, wrong, {"x": Fraction(0)}))[0]
        expect(at0 >= level, "the wrong risk is lower at 0")
        levels.append(((1 - eta, eta), level))
    mixtures_at_least([c, d], levels)
    return transform_fact("h_transform", proof, [(INF, INF)] * len(ts))
