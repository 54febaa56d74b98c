"""Exact signs of polynomials against roots planted by hand."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

from losscheck.verifier.polynomial import polynomial, polynomial_sign
from losscheck.verifier.terms import Node, Pool

POOL = Pool()
X = POOL.var("x")


def planted(factor: int, roots: list[Fraction], flat: bool) -> Node:
    coefficients = [Fraction(factor)]
    for r in roots:
        shifted = [Fraction(0), *coefficients]
        coefficients = [s - r * c for s, c in zip(shifted, [*coefficients, Fraction(0)], strict=True)]
    if flat:
        powers = (POOL.power(X, Fraction(i)) if i else POOL.one for i in range(len(coefficients)))
        return POOL.add(*(POOL.scale(c, p) for c, p in zip(coefficients, powers, strict=True)))
    return POOL.mul(POOL.const(factor), *(POOL.add(X, POOL.const(-r)) for r in roots))


def test_random_roots() -> None:
    rng = random.Random(1)
    ends = [None, *(Fraction(k, 4) for k in range(-4, 9))]
    for _ in range(1500):
        roots = [Fraction(rng.randint(-4, 8), 4) for _ in range(rng.randint(0, 5))]
        factor = rng.choice([-2, 3])
        a, b = rng.choice(ends), rng.choice(ends)
        if a is not None and b is not None and a >= b:
            continue
        inside = {r: k for r, k in Counter(roots).items() if (a is None or r > a) and (b is None or r < b)}
        if any(k % 2 for k in inside.values()):
            want = "?"
        else:
            high = Fraction(5) if b is None else b
            m = high - Fraction(1, 999)
            value = Fraction(factor)
            for r in roots:
                value *= m - r
            want = {(True, True): "p", (True, False): "+", (False, True): "m", (False, False): "-"}[
                value > 0, bool(inside)
            ]
        assert polynomial_sign(planted(factor, roots, rng.random() < 0.5), "x", a, b) == want, (factor, roots, a, b)


def test_irrational_roots() -> None:
    f = POOL.add(POOL.power(X, Fraction(2)), POOL.const(-2))
    assert polynomial_sign(f, "x", Fraction(0), Fraction(2)) == "?"
    assert polynomial_sign(f, "x", Fraction(3, 2), None) == "+"
    assert polynomial_sign(POOL.power(f, Fraction(2)), "x", None, None) == "p"


def test_others_are_not_polynomials() -> None:
    assert polynomial(POOL.exp(X), "x") is None
    assert polynomial(POOL.power(X, Fraction(-1)), "x") is None
    assert polynomial(POOL.var("y"), "x") is None
    assert polynomial_sign(POOL.zero, "x", None, None) == "0"
