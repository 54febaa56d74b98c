r"""The psi-transform is infinite beyond a regret from which T is.

T on [-1, 1] is even, ``T = N - C`` with N the least wrong risk, concave in theta, and C the least risk. Let ``T(a) =
T(1) = inf`` for some 0 < a < 1, by risks: C is -inf and N is not, at a and at 1 (``h_transform_bottomless``). Then
``T = inf`` on all of [a, 1]:

- C is an infimum of functions affine in theta and even, so that ``{C > -inf}`` is an interval around 0 or empty; as it
  does not hold a, it holds nothing beyond a;
- N > -inf between a and 1, being concave and > -inf at both.

So T is finite on (-a, a) at most. psi, the supremum of the affine functions below T, is therefore infinite at every
theta beyond a: all ``s (x - a)`` with s > 0 are below T, on (-a, a) because T >= 0.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import INF
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.transform_claim import asked, transform_fact
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that T is infinite at a and at 1, and that every theta is beyond a."""
    part = proof["transform"]
    expect(isinstance(part, dict) and part.get("rule") == "h_transform_bottomless", "risks have to fall without bound")
    fact = checker.premise(part, "h_transform")
    ts = asked(fact.params["t"])
    expect(fact.params["hypotheses"] == "All" and len(ts) == 2 and 0 < ts[0] < ts[1] == 1, "T at some a and at 1")
    thetas = asked(proof["theta"])
    expect(all(theta > ts[0] for theta in thetas), "a theta is not beyond a")
    return transform_fact("psi_transform", proof, [(INF, INF)] * len(thetas), "theta")
