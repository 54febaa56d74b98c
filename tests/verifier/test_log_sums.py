"""Signs of log-sum-exps less what lies below them: what is known, and what looks alike and is not."""

from __future__ import annotations

from fractions import Fraction

import pytest

from losscheck.verifier.log_sums import above
from losscheck.verifier.terms import Node, Pool

P = Pool()
X, Y, Z = (P.var(n) for n in "xyz")
ONE = Fraction(1)


def lse(*args: Node) -> Node:
    return P.make("lse", None, tuple(sorted(args, key=lambda n: n.id)))


def minus(top: Node, *parts: tuple[Fraction | int, Node]) -> Node:
    return P.linear((ONE, top), *((-Fraction(c), n) for c, n in parts))


def log(c: Fraction | int) -> Node:
    return P.make("log", None, (P.const(c),))


THREE = lse(X, Y, Z)
NEG = P.scale(-1, X)
COSH = lse(X, NEG)
THIRD = Fraction(1, 3)


@pytest.mark.parametrize(
    ("n", "sign"),
    [
        (minus(THREE, (1, X)), "+"),
        (minus(THREE, (THIRD, X), (THIRD, Y), (THIRD, Z)), "+"),
        (minus(THREE, (THIRD, X), (THIRD, Y), (THIRD, Z), (1, log(3))), "p"),
        (minus(THREE, (THIRD, X), (THIRD, Y), (THIRD, Z), (1, log(Fraction(31, 10)))), "?"),
        (minus(THREE, (THIRD, X), (THIRD, Y), (THIRD, Z), (1, P.one)), "?"),  # log 3 > 1, but that is no rational
        (minus(THREE, (Fraction(1, 2), X), (Fraction(1, 2), Y)), "p"),
        (minus(THREE, (2, X), (-1, Y)), "?"),  # weights must not be negative
        (minus(THREE, (1, X), (1, P.one)), "?"),
        (minus(COSH, (1, log(2))), "p"),
        (minus(COSH, (Fraction(1, 2), log(4))), "p"),
        (minus(COSH, (1, log(Fraction(19, 10)))), "+"),
        (minus(COSH, (1, log(3))), "?"),
        (minus(P.make("max", None, (X, Y)), (1, X)), "p"),
    ],
)
def test_signs(n: Node, sign: str) -> None:
    assert above(n) == sign
    turned = {"+": "-", "p": "m", "?": "?"}[sign]
    assert above(P.scale(-2, n)) == turned


def test_an_argument_that_may_be_minus_infinity_is_no_strict_gap() -> None:
    a, b = (P.make("log", None, (v,)) for v in (X, Y))
    assert above(minus(lse(a, b), (1, a))) == "p"
