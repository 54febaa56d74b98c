"""What a regression loss is as a function of the prediction, without its terms of the observation alone.

Lemma. Let ``l(yhat, y) = g(yhat, y) + c(y)``, where c is a number for every observation. For every y the functions of
yhat differ by a constant, and for every law of finite support the expected losses differ by ``E c(Y)``. So l and g
agree in convexity, differentiability, the Lipschitz constants of the loss and of its slope, whether the influence is
bounded, the functionals they elicit, and Bayes acts.

Checked: the sum is split as its normal form has it; every term that is left out has no variable but y, is smooth
between the named breakpoints on the whole domain of y, and is a number at each of them (for counts at 0 as well). The
premise is about g with the same domain.

Proof node: ``{"rule": "apart_from_labels", "breaks": ["1", ...], "proof": {...}}``.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import curve
from losscheck.verifier.defined import exactly
from losscheck.verifier.points import counted, positives
from losscheck.verifier.terms import walk
from losscheck.verifier.verify import Checker, Fact

KINDS = ("regression",)
SHAPES = ("convex", "differentiable", "lipschitz", "smoothness", "bounded_influence", "elicits", "bayes_act")


def split(case: Case) -> Case:
    """The loss without its terms of y alone, which are shown to be numbers by :func:`check`."""
    pool = case.pool
    _, terms = pool.form(case.roots[0])
    kept = {n: k for n, k in terms.items() if any(m.op == "var" and m.value != "y" for m in walk(n))}
    expect(kept and len(kept) < len(terms), "the loss has no term of the observation alone")
    return replace(case, roots=[pool.linear(*((k, n) for n, k in kept.items()))])


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that what is left out is a number, then the premise."""
    pool, inner = case.pool, split(case)
    alone = pool.sub(case.roots[0], inner.roots[0])
    low = Fraction(0) if positives(case)["y"] or counted(case) else None
    breaks = [rational(b) for b in proof["breaks"]]
    curve(pool, alone, "y", low, None, list(proof["breaks"]))
    for y in {*breaks, *([Fraction(0)] if counted(case) else [])}:
        exactly(pool, alone, {"y": y})
    fact = Checker(inner).fact(proof["proof"])
    expect(fact.property in SHAPES, f"{fact.property} may depend on terms of the observation")
    return fact
