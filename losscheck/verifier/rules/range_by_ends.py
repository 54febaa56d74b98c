r"""Losses that are affine in every parameter: what mixtures keep and the corners have, every value has.

Lemma. Let the loss be affine in each parameter, the others fixed. Then at every g of the box it is a mixture
``sum of w_c l(.; c)`` of the losses at the corners c, with weights ``w_c >= 0`` of sum 1 that depend on g alone. So
each of these holds for every g if it holds at every corner:

- what is an identity or an inequality between values of the loss: convex, jointly convex, nonincreasing, nonnegative,
  symmetric, local, the invariances, symmetric arguments, data processing, triangle inequality, a target that is best;
  bounds and derivatives (bounded below, above, differentiable, derivatives that add up to 0);
- proper, strictly proper and the functional of a regression loss: the truth, or the functional, minimises every
  corner's expected loss, so it minimises the mixture, alone where it is alone at the corners (mixtures of minimising
  sequences minimise every corner, too);
- calibration of one score where every corner is proved by the rule ``calibrated_convex``, whose conditions, convexity
  and ``f1'(0) = -f0'(0) < 0``, mixtures keep.

Hypotheses checked: no operation but sums, products with one factor that uses the parameter, and branches whose
condition does not use it; on the real domain the losses are defined at every finite point for every value, elsewhere
logarithms and powers have arguments that are not negative; the corners by their own rules, none with a number.

Proof node: ``{"rule": "range_by_ends", "proofs": [{...}, ...]}``, corners as itertools.product orders the ends.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import sign
from losscheck.verifier.defined import natural
from losscheck.verifier.parameters import at, defined_for_all, everywhere
from losscheck.verifier.terms import Node, walk
from losscheck.verifier.vanished import nothing_vanished
from losscheck.verifier.verify import SCORES, Checker, Fact

PARAMETERS = True
KINDS = (*SCORES, "regression", "divergence", "set")
DOMAINS = ("real", "unit", "simplex", "simplex+")
MIXED = frozenset({
    "convex", "jointly_convex", "nonincreasing", "nonnegative", "symmetric", "local", "shift_invariant",
    "scale_invariant", "permutation_equivariant", "symmetric_arguments", "data_processing", "triangle_inequality",
    "min_at_target", "bounded_below", "bounded_above", "differentiable", "gradient_sums_to_zero", "proper",
    "strictly_proper", "elicits",
})  # fmt: skip
ONE_SCORE = ("margin", "binary", "signed")
MOST = 4


def affine_in(root: Node, name: str) -> bool:
    """Whether a node is affine in a variable, by its structure."""
    uses: dict[Node, bool] = {}
    for n in walk(root):
        below = [uses[a] for a in n.args]
        uses[n] = any(below) or (n.op == "var" and n.value == name)
        if not any(below):
            continue
        plain = n.op == "add" or (n.op == "mul" and sum(below) == 1) or (n.op == "where" and not below[0])
        if not plain:
            return False
    return True


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the loss and every corner."""
    expect(case.domain in DOMAINS and 1 <= len(case.parameters) <= MOST, f"from 1 to {MOST} parameters")
    value = everywhere(case)
    for root in case.roots:
        expect(all(affine_in(root, name) for name in case.parameters), "a loss is not affine in a parameter")
        expect(defined_for_all(case, root, value), "a loss is not shown to be defined")
        bases = [n.args[0] for n in walk(root) if n.op == "log" or (n.op == "pow" and not natural(n))]
        expect(case.domain == "real" or all(sign(n, value) in "+p" for n in bases), "a loss may not be defined inside")
    corners = list(product(*case.parameters.values()))
    expect(isinstance(proof["proofs"], list) and len(proof["proofs"]) == len(corners), "one proof per corner")
    found = []
    for corner, inner in zip(corners, proof["proofs"], strict=True):
        here = at(case, dict(zip(case.parameters, corner, strict=True)))
        nothing_vanished(here)
        part = Checker(here)
        part.steps = checker.steps
        found.append(part.fact(inner))
        checker.steps = part.steps
    name, params = found[0].property, found[0].params
    by_slopes = case.kind in ONE_SCORE and all(inner["rule"] == "calibrated_convex" for inner in proof["proofs"])
    expect(name in MIXED or (name == "classification_calibrated" and by_slopes), f"mixtures need not keep {name}")
    expect(
        all(f.holds and (f.property, f.params) == (name, params) for f in found), "not every corner has the property"
    )
    expect(not any(f.bounds is not None or f.value is not None for f in found), "a corner shows more than a property")
    return Fact(name, params=params)
