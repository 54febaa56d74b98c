r"""Losses in which a parameter only sets the scale: what holds at one value holds for every value.

Lemma. Let sigma, a > 0 be functions of the parameters g, and let the loss satisfy, as an identity in z and g,

    a(h) l(sigma(g) z; g) = a(g) l(sigma(h) z; h)        (all arguments are scaled)

for one value h. Then ``l(z; g) = (a(g) / a(h)) l(c z; h)`` with ``c = sigma(h) / sigma(g) > 0``: the loss at g is a
positive multiple of that at h, of arguments in another unit. Each of these holds at g if it holds at h: convex,
nonincreasing, nonnegative, bounded below or above, differentiable, symmetric, the invariances, derivatives that add up
to 0, calibration (for the largest or the top k scores: scaling keeps their order), recovery of probabilities from one
score, bounded influence, and the elicited functional, where that functional of ``c y`` is c times that of y (mean,
median, quantile, expectile).

Hypotheses checked: sigma and a are shown positive on the intervals; the losses are defined at every finite point for
every value; no branch is on parameters alone; the identity of every label has normal form zero; the property at h by
its own rule, without a number.

Proof node: ``{"rule": "range_by_scale", "scale": graph, "factor": graph, "values": {"g": "1"}, "proof": {...}}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import Box
from losscheck.verifier.identity import same
from losscheck.verifier.parameter_pieces import has, regular
from losscheck.verifier.parameters import at, cases, defined_for_all, everywhere
from losscheck.verifier.softmax import formula
from losscheck.verifier.vanished import nothing_vanished
from losscheck.verifier.verify import Checker, Fact

PARAMETERS = True
KINDS = ("margin", "binary", "signed", "logits", "regression")
KEPT = frozenset({
    "convex", "nonincreasing", "nonnegative", "bounded_below", "bounded_above", "differentiable", "symmetric",
    "shift_invariant", "scale_invariant", "permutation_equivariant", "gradient_sums_to_zero",
    "classification_calibrated", "topk_calibrated", "bounded_influence", "elicits",
})  # fmt: skip


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the identity and the property at one value."""
    pool, parameters = case.pool, dict(case.parameters)
    box: Box = dict(parameters)
    expect(case.domain == "real" and bool(parameters), "the rule needs real arguments and a parameter")
    scale, factor = (formula(case, proof[k], {*parameters}) for k in ("scale", "factor"))
    expect(all(regular(n, box) and has(pool, n, ">", box) for n in (scale, factor)), "a scale is not shown positive")
    said = proof["values"]
    expect(isinstance(said, dict) and said.keys() == parameters.keys(), "one value for each parameter")
    values = {name: rational(x) for name, x in said.items()}
    expect(all(low <= values[name] <= high for name, (low, high) in parameters.items()), "a value lies outside")
    expect(len(cases(case)) == 1, "a loss branches on a parameter alone")
    value, here = everywhere(case), {pool.var(name): pool.const(x) for name, x in values.items()}
    for root in case.roots:
        expect(defined_for_all(case, root, value), "a loss is not shown to be defined")
        wide = pool.substitute(root, {pool.var(x): pool.mul(scale, pool.var(x)) for x in case.variables})
        one, other = pool.mul(pool.substitute(factor, here), wide), pool.mul(factor, pool.substitute(wide, here))
        expect(same(pool, one, other), "a parameter is not shown to be a scale")
    there = at(case, values)
    nothing_vanished(there)
    inner = Checker(there)
    inner.steps = checker.steps
    found = inner.fact(proof["proof"])
    checker.steps = inner.steps
    kept = found.property in KEPT or (found.property == "recovers_probability" and case.kind != "logits")
    expect(found.holds and kept, f"scaling need not keep {found.property}")
    expect(found.bounds is None and found.value is None, "the proof shows more than a property")
    return Fact(found.property, params=found.params)
