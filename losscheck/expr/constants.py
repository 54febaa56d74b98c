"""Choices of the real numbers that a code's float constants stand for.

A double of more than 12 significand bits stands for every real within 2 ulp. A proof may choose; the choice is named
in the finding. The simplest rational (smallest denominator) is what an author means by 0.1 or 0.3333333333333333.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from functools import cache

from losscheck.expr.build import add, atan, const, exp, log, power, scale, substitute
from losscheck.expr.graph import Expr, topological

LARGEST_DENOMINATOR = 10_000
F1 = Fraction(1)


def floats(roots: Iterable[Expr]) -> list[float]:
    """The float constants of a graph."""
    return sorted({n.value for n in topological(roots) if n.op == "float"})


def simplest(x: float) -> Fraction | None:
    """The simplest rational within 2 ulp, if its denominator is small enough to be meant.

    >>> simplest(1 / 30)
    Fraction(1, 30)
    """
    exact = Fraction(x)
    guess = exact.limit_denominator(LARGEST_DENOMINATOR)
    return guess if abs(guess - exact) <= 2 * Fraction(math.ulp(x)) else None


@cache
def written(x: float) -> str | None:
    """What an author may mean by a double: a simple rational, a part of pi, or ``exp(r)``, ``log(r)``, ``pow(r,e)``.

    >>> written(1 / 30), written(math.exp(0.6)), written(math.log(3)), written(-(2.3**0.6))
    ('1/30', 'exp(3/5)', 'log(3)', '-pow(12167/1000,1/5)')
    >>> written(0.9**2.1), written(math.pi / 2), written(1e-6)
    ('pow(9/10,21/10)', '2*atan(1)', '1/1000000')
    """
    found = simplest(x)
    if found is not None:
        return str(found)
    sign, size = ("-", -x) if x < 0 else ("", x)
    near = 2 * math.ulp(size)
    inside = Fraction(4 * size / math.pi).limit_denominator(64)
    if inside and abs(float(inside) * math.pi / 4 - size) <= near:
        return f"{sign}{inside}*atan(1)"
    if abs(math.log(size)) < 30:
        inside = Fraction(math.log(size)).limit_denominator(100)
        if abs(math.exp(inside) - size) <= near:
            return f"{sign}exp({inside})"
    if size < 20:
        inside = Fraction(math.exp(size)).limit_denominator(1000)
        if inside > 1 and abs(math.log(inside) - size) <= near:
            return f"{sign}log({inside})"
    if 1e-6 < size < 1e6:
        for root in range(2, 11):
            inside = (Fraction(size) ** root).limit_denominator(10**6 if root == 2 else 10**4)
            if inside > 0 and abs(float(inside) ** (1 / root) - size) <= near:
                return f"{sign}pow({inside},1/{root})"
    for tenth in range(1, 100):  # 0.9**2.1
        base = Fraction(tenth, 10)
        if base != 1:
            e = Fraction(math.log(size) / math.log(base)).limit_denominator(20)
            if abs(e) < 20 and abs(math.exp(float(e) * math.log(base)) - size) <= near:
                return f"{sign}pow({base},{e})" if e.denominator > 1 else f"{sign}{base**e.numerator}"
    return None


@cache
def in_terms(x: float, numbers: tuple[Fraction, ...]) -> str | None:
    """What a double is in terms of other constants: ``a + b r^e``, ``a + b log(r)``; capped losses have such levels.

    >>> in_terms((1 - 0.5**0.7) / 0.7, (Fraction(1, 2), Fraction(7, 10)))
    '10/7-10/7*pow(1/2,7/10)'
    """
    near = [r for r in numbers if 0 < r < 100][:12]
    forms: list[tuple[str, float, tuple[Fraction, ...]]]
    forms = [(f"log({r})", math.log(r), (F1, -F1)) for r in near if r != 1]
    forms += [
        (f"pow({r},{e})", float(r) ** float(e), (F1, -F1, 1 / e, -1 / e, e, -e))
        for r in near for e in near if e.denominator > 1 and r != 1
    ]  # fmt: skip
    for form, y, factors in forms:
        for factor in factors:
            shift = Fraction(x - float(factor) * y).limit_denominator(100)
            if abs(float(shift) + float(factor) * y - x) <= 2 * math.ulp(x):
                times = "" if abs(factor) == 1 else f"{abs(factor)}*"
                return f"{shift or ''}{'-' if factor < 0 else '+' if shift else ''}{times}{form}"
    return None


def real(text: str) -> Expr:
    """The constant that a choice names.

    >>> real("1/30"), real("-exp(3/5)"), real("1-2*log(3)")
    (1/30, -exp(3/5), 1 - 2*log(3))
    """
    if "(" not in text:
        return const(Fraction(text))
    name = next(x for x in ("log", "exp", "pow", "atan") if f"{x}(" in text)
    head, arguments = text[:-1].split(f"{name}(")
    cut = max(head.rfind("+"), head.rfind("-"), 0)
    factor = head[cut:].removesuffix("*")
    inside = [const(Fraction(x)) for x in arguments.split(",")]
    if name == "pow":
        made = power(inside[0], inside[1].value)
    else:
        made = {"log": log, "exp": exp, "atan": atan}[name](inside[0])
    return add(
        const(Fraction(head[:cut] or 0)), scale(Fraction(factor + "1" if factor in ("", "+", "-") else factor), made)
    )


def choices(roots: Iterable[Expr]) -> list[dict[str, str]]:
    """Assignments ``{hex double: constant}`` worth trying: the simplest constants, then the doubles themselves."""
    roots = list(roots)
    named = {x: written(x) for x in floats(roots)}
    if None in named.values():
        held = (n.value if n.op == "add" else (n.value,) for n in topological(roots) if n.op in ("add", "const", "pow"))
        plain = [abs(c) for values in held for c in values]
        plain += [Fraction(r) for r in named.values() if r is not None and "(" not in r]
        named = {x: r or in_terms(x, tuple(sorted(set(plain)))) for x, r in named.items()}
    moved = {x.hex(): r for x, r in named.items() if r is not None and ("(" in r or Fraction(r) != Fraction(x))}
    return [moved, {}] if moved else [{}]


def chosen(roots: Iterable[Expr], choice: dict[str, str]) -> list[Expr]:
    """The graph with its float constants replaced by exact ones."""
    roots = list(roots)
    swap = {
        n: real(choice[n.value.hex()]) if n.value.hex() in choice else const(Fraction(n.value))
        for n in topological(roots)
        if n.op == "float"
    }
    return substitute(roots, swap)
