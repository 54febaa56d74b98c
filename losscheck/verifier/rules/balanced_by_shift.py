r"""Scores that recover p after a shift by log priors: calibrated for ``argmax p / prior`` (Menon et al. 2021).

Let ``m_y(u) = l_y(u - b)`` with ``b_i = log a_i``, a_i > 0 rational, and let every minimising sequence u_n of the risk
of m have softmax(u_n) -> p, for every p of the closed simplex. It does

- log: if ``m_y(u) = c (lse(u) - u_y) + const_y`` with c > 0, as C_p - H(p) = c KL(p || softmax(u)) bounds
  ``|softmax(u) - p|`` (Pinsker);
- proper: by the rule ``proper_through_softmax`` applied to m.

For l, ``exp(z_i) = exp(u_i) / a_i``, so ``exp(z_i - z_t) -> (p_i / a_i) / (p_t / a_t)`` whenever p_t > 0.

- proved: a = prior. If t alone maximises p_i / prior_i, all other limits are below 1, so z_t is eventually alone on
  top: no sequence of scores with another class on top, or a tie, is minimising.
- refuted: an interior p with t alone maximising p_i / prior_i, and j != t with p_j / a_j >= p_t / a_t. Way log: the
  risk is least at u = log p, where z_j = u_j - b_j >= z_t, a wrong score.

Proof node: ``{"rule": "balanced_by_shift", "params": {"prior": [...]}, "prior": ["3/5", ...], "adjusted": [a_i],
"scale": c | null, "premise": null | proof, "p": [...] (refuted)}``.
"""

from __future__ import annotations

from dataclasses import replace as change
from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.defined import exactly
from losscheck.verifier.identity import same
from losscheck.verifier.points import defined_everywhere, whole_domain
from losscheck.verifier.rules.calibrated_dual_witness import distribution
from losscheck.verifier.rules.risk_at_truth import nominal
from losscheck.verifier.softmax import replace
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact


def shifted(case: Case, adjusted: list[Fraction]) -> list[Node]:
    """The losses as functions of ``u = z + log a``."""
    pool = case.pool
    logs = [pool.build("log", None, (pool.const(a),)) for a in adjusted]
    moved = {x: pool.sub(pool.var(x), b) for x, b in zip(case.variables, logs, strict=True)}
    return [replace(case, root, moved) for root in case.roots]


def log_scores(case: Case, roots: list[Node], c: Fraction) -> bool:
    """Whether each loss is ``c (lse(u) - u_y)`` and a constant, everywhere."""
    pool = case.pool
    u = [pool.var(x) for x in case.variables]
    total = pool.build("lse", None, tuple(u))
    origin = dict.fromkeys(case.variables, Fraction(0))
    for x, root in zip(u, roots, strict=True):
        rest = pool.linear((Fraction(1), root), (-c, total), (c, x))
        constant = exactly(pool, rest, origin)
        low, high = Enclosure({})(constant)
        if not (low.is_finite() and high.is_finite() and same(pool, rest, constant)):
            return False
    return c > 0 and all(defined_everywhere(root, whole_domain(case)) for root in case.roots)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the shifted losses, and which class leads."""
    n, params = len(case.variables), dict(proof["params"])
    expect(case.kind == "logits" and list(params) == ["prior"], "a prior is asked of a logit loss")
    prior, adjusted = ([rational(x) for x in proof[key]] for key in ("prior", "adjusted"))
    expect(len(prior) == len(adjusted) == len(params["prior"]) == n, "one number per class")
    expect(min(*prior, *adjusted) > 0, "priors are positive")
    expect(all(map(nominal, params["prior"], prior)), "the prior is not that of the question")
    roots = shifted(case, adjusted)
    if proof["premise"] is None:
        expect(log_scores(case, roots, rational(proof["scale"])), "the loss is not the log score of shifted softmax")
    else:
        expect(proof["premise"]["rule"] == "proper_through_softmax", "only that rule speaks of the closed simplex")
        inner = Checker(change(case, roots=roots))
        inner.steps = checker.steps
        inner.premise(proof["premise"], "recovers_probability")
    if "p" not in proof:
        expect(adjusted == prior, "the shift is not that of the prior")
        return Fact("balanced_calibrated", params=params)
    p, _ = distribution(proof["p"], n, top=False)
    expect(proof["premise"] is None and min(p) > 0, "the minimiser is known for the log score and interior p")
    lead, reached = ([x / a for x, a in zip(p, by, strict=True)] for by in (prior, adjusted))
    t = lead.index(max(lead))
    expect(lead.count(lead[t]) == 1, "the lead is tied")
    expect(any(reached[j] >= reached[t] for j in range(n) if j != t), "the scores are not wrong")
    return Fact("balanced_calibrated", holds=False, params=params)
