"""The pull of a loss on the label's score against a reference's. Rule ``gradient_pull``."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement
from itertools import product as cartesian
from math import factorial

from losscheck.certificate import graph_json
from losscheck.expr.build import ONE, ZERO, add, exp, lse, mul, neg, power, scale, sub, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.calibrated_comp_sum import comp_sum
from losscheck.theorems.in_probabilities import on_simplex, read
from losscheck.verdict import Outcome

Powers = tuple[int, ...]


def attempt(lifted: Lifted, reference: str) -> Outcome | None:
    """Prove that the pull is at least the reference's, or None."""
    return on_simplex_formulas(lifted, reference) or by_profile(lifted, reference)


def by_profile(lifted: Lifted, reference: str) -> Outcome | None:
    """Prove it of a function of the label's probability by its slope."""
    for choice in choices(lifted.roots):
        found = comp_sum(lifted, Fraction(1), choice)
        if found:
            proof = {"rule": "gradient_pull", "reference": reference, "own": graph_json(found)}
            message = f"The loss is a(s_y) with a = {found[0]}, at least as steep as that of {reference}."
            return prove(lifted, "gradient_lower_bound", proof, message=message)
    return None


def on_simplex_formulas(lifted: Lifted, reference: str) -> Outcome | None:
    """Prove it by the pulls as functions of softmax(z)."""
    names = [f"s{i}" for i in range(len(lifted.variables))]
    total = lse([var(x) for x in lifted.variables])
    formulas = []
    for root, x in zip(chosen(lifted.roots, choices(lifted.roots)[0]), lifted.variables, strict=True):
        s = exp(sub(var(x), total))
        other = sub(ONE, s) if reference == "cross_entropy" else mul(s, sub(ONE, s))
        f = read(on_simplex(lifted.variables, Fraction(1)), neg(add(derivative(root, x), other)), names)
        if f is None:
            return None
        formulas.append(graph_json([homogeneous(f, names) or f]))
    proof = {"rule": "gradient_pull", "reference": reference, "formulas": formulas}
    message = f"The pull on the label's score, less that of {reference}, is a nonnegative function of softmax(z)."
    return prove(lifted, "gradient_lower_bound", proof, message=message)


def homogeneous(f: Expr, names: list[str]) -> Expr | None:
    """A polynomial with 1 replaced by the sum of the probabilities, so that its coefficients show its sign; or None."""
    terms = monomials(f, names)
    if terms is None:
        return None
    degree = max((sum(powers) for powers in terms), default=0)
    made: dict[Powers, Fraction] = {}
    for powers, c in terms.items():
        for extra in combinations_with_replacement(range(len(names)), degree - sum(powers)):
            key = tuple(p + extra.count(i) for i, p in enumerate(powers))
            ways = factorial(len(extra))
            for i in set(extra):
                ways //= factorial(extra.count(i))
            made[key] = made.get(key, Fraction(0)) + c * ways
    parts = [
        scale(c, mul(*(power(var(x), Fraction(e)) for x, e in zip(names, powers, strict=True) if e)))
        for powers, c in made.items()
        if c
    ]
    return add(*parts) if parts else ZERO


def monomials(f: Expr, names: list[str]) -> dict[Powers, Fraction] | None:
    """Coefficients of a polynomial by exponents, or None for anything else."""
    if f.op == "const":
        return {(0,) * len(names): f.value}
    if f.op == "var":
        return {tuple(int(x == f.value[0]) for x in names): Fraction(1)}
    inner = [monomials(a, names) for a in f.args]
    if f.op not in ("add", "mul", "pow") or any(m is None for m in inner):
        return None
    parts = [m for m in inner if m is not None]
    if f.op == "add":
        total = {(0,) * len(names): f.value[0]}
        for c, part in zip(f.value[1:], parts, strict=True):
            for powers, b in part.items():
                total[powers] = total.get(powers, Fraction(0)) + c * b
        return total
    if f.op == "pow":
        if f.value.denominator != 1 or not 0 < f.value <= 12:
            return None
        parts = parts * int(f.value)
    product = {(0,) * len(names): Fraction(1)}
    for part in parts:
        longer: dict[Powers, Fraction] = {}
        for (own, x), (other, y) in cartesian(product.items(), part.items()):
            key = tuple(i + k for i, k in zip(own, other, strict=True))
            longer[key] = longer.get(key, Fraction(0)) + x * y
        product = longer
    return product
