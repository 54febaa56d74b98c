"""Binary losses are proper by the sign of their weight on every piece (rule ``proper_by_pieces``)."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from losscheck.certificate import q
from losscheck.engines.numeric import evaluate
from losscheck.expr.build import ONE, sub, substitute, var
from losscheck.expr.constants import choices, chosen
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome

P = var("p", "unit")
TINY = np.geomspace(1e-17, 1e-3, 400)
GRID = np.unique(np.concatenate([TINY, 1 - TINY, np.linspace(1e-3, 1 - 1e-3, 4001)]))


def binary(lifted: Lifted) -> list[Expr] | None:
    """``[l0, l1]`` as functions of p; None when there are more than two classes."""
    if lifted.kind == "probability":
        return list(lifted.roots)
    if lifted.n_classes != 2:
        return None
    return substitute(lifted.roots, {var("p0", "unit"): sub(ONE, P), var("p1", "unit"): P})


def arms(n: Expr) -> list[Expr]:
    """What a nest of max, min and where may be equal to."""
    if n.op in ("max", "min", "where"):
        return [arm for a in n.args[n.op == "where" :] for arm in arms(a)]
    return [n]


def switches(roots: list[Expr]) -> list[Expr]:
    """The expressions whose sign decides a branch."""
    found: dict[Expr, None] = {}
    for n in topological(roots):
        if n.op == "abs":
            found[n.args[0]] = None
        elif n.op in ("lt", "le", "eq"):
            found[sub(n.args[0], n.args[1])] = None
        elif n.op in ("max", "min"):
            found.update((sub(a, c), None) for i, a in enumerate(n.args) for c in n.args[:i])
            leaves = arms(n)
            found.update((sub(a, c), None) for i, a in enumerate(leaves[:12]) for c in leaves[:i])
    return list(found)


def affine_root(n: Expr) -> Fraction | None:
    """The zero of ``c0 + c1 p``, exactly."""
    if n.op == "var":
        return Fraction(0)
    if n.op == "add" and len(n.args) == 1 and n.args[0].op == "var":
        return Fraction(-n.value[0] / n.value[1])
    return None


def roots_of(n: Expr) -> list[Fraction]:
    """Rational guesses of the zeros in (0, 1)."""
    exact = affine_root(n)
    if exact is not None:
        return [exact]
    return _numeric(n)


def _numeric(n: Expr) -> list[Fraction]:
    y = evaluate([n], {"p": GRID})[0]
    found = [Fraction(float(GRID[i])) for i in np.flatnonzero(y == 0)]
    for i in np.flatnonzero(y[:-1] * y[1:] < 0):
        a, b, ya = GRID[i], GRID[i + 1], y[i]
        for _ in range(80):
            m = (a + b) / 2
            ym = evaluate([n], {"p": np.array([m])})[0][0]
            a, b = (m, b) if ym * ya > 0 else (a, m)
        found.append(Fraction(float((a + b) / 2)))
    return [x.limit_denominator(10_000) for x in found[:40]]


def breakpoints(roots: list[Expr]) -> list[Fraction]:
    """Where some branch may switch, inside (0, 1)."""
    found: set[Fraction] = set()
    for choice in choices(roots):
        for n in switches(chosen(roots, choice)):
            found.update(c for c in roots_of(n) if 0 < c < 1)
    return sorted(found)


def attempt(lifted: Lifted, strict: bool) -> Outcome | None:
    """Prove (strict) properness of a binary loss, or None."""
    roots = binary(lifted)
    if roots is None:
        return None
    cuts = breakpoints(roots)
    proof = {"rule": "proper_by_pieces", "strict": strict, "breaks": [q(c) for c in cuts]}
    where = f" and across the {len(cuts)} breakpoints" if cuts else ""
    message = (
        f"The truth is {'the only' if strict else 'a'} minimiser of every conditional risk: "
        f"p l1' + (1-p) l0' = 0 and l0' {'>' if strict else '>='} 0 on every piece{where}."
    )
    return prove(lifted, "strictly_proper" if strict else "proper", proof, message=message)
