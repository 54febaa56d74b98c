r"""Losses whose noisy linear minimisers are the clean ones, or multiples of them: linear classes tolerate the noise.

Let labels be flipped with one rate r < 1/2, and scores be ``w.x``.

- ``symmetric`` (premise; no ridge): noisy risk is ``(1 - 2 r)`` times clean risk plus a constant
  (rules/noise_by_symmetry.py), so both have the same minimisers and minimising sequences.
- ``quadratic``: ``l_1(z) = a z^2 - b z + c_1`` and ``l_0(z) = a z^2 + b z + c_0``, identities, with a > 0, or with
  a = 0 and a ridge ``(s / 2) |w|^2``, s > 0. With ``A = E x x'`` and ``m = E +-x`` the clean risk is
  ``w'(a A + s/2) w - b w.m`` plus a constant, and the noisy one has ``(1 - 2 r) b`` for b. Minimisers exist, as m lies
  in the range of A, and solve ``(2 a A + s) w = b m`` and ``... = (1 - 2 r) b m``: the noisy ones are the clean ones
  times ``1 - 2 r > 0``, with the same signs of all scores (Manwani, Sastry 2013).

Proof node: ``{"rule": "linear_noise_by_scaling", "params": {...}, "rate": null or "1/5", "gamma": ..., "ridge": "0",
"way": "symmetric", "premise": proof}`` or ``{..., "way": "quadratic", "a": "1", "b": "2"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.linear_risk import is_quadratic
from losscheck.verifier.rules.linear_noise_by_lines import question
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise, or the two identities."""
    params = dict(proof["params"])
    asked = {**proof, "rate": "0"} if params["rate"] is None else proof
    _, _, ridge = question(params, asked)
    if proof["way"] == "symmetric":
        expect(ridge == 0, "a ridge is not symmetric")
        checker.premise(proof["premise"], "symmetric")
        return Fact("linear_class_noise_tolerant", params=params)
    expect(proof["way"] == "quadratic", "nothing else follows")
    a, b = rational(proof["a"]), rational(proof["b"])
    expect(a > 0 or (a == 0 and ridge > 0), "the risk has no minimisers")
    expect(is_quadratic(case, a, b), "a loss is not the quadratic function that the proof says")
    return Fact("linear_class_noise_tolerant", params=params)
