"""Formulas of one variable given as text, ``sqrt(2*u)``, read into the verifier's terms.

Formulas by pieces are written ``t**2 if t <= 1/2 else t - 1/4``, with ends that may be any constants. Only numbers, the
variable, ``+ - * / **`` with a rational exponent and ``sqrt exp log abs min max tanh atan`` are read; nothing is ever
evaluated as code. Decimals mean themselves: 0.1 is 1/10.
"""

from __future__ import annotations

import ast
from fractions import Fraction
from itertools import pairwise

from losscheck.verifier.balls import ZERO, Enclosure
from losscheck.verifier.certificate import CertificateRejected, expect
from losscheck.verifier.defined import natural
from losscheck.verifier.terms import Node, Pool, walk

LONGEST, LARGEST = 400, Fraction(10) ** 12
NAMES = ("u", "t")
SHAPES = dict.fromkeys(("sqrt", "exp", "log", "abs", "tanh", "atan"), (1, 1)) | {"min": (1, 9), "max": (1, 9)}


def formula_text(pool: Pool, text: object, name: str = "u") -> Node:
    """The formula as a function of ``name``; in the text the variable is called u or t."""
    if not isinstance(text, str) or len(text) > LONGEST:
        raise CertificateRejected("a formula is a text of at most 400 characters")
    try:
        return _whole(pool, ast.parse(text.strip(), mode="eval").body, pool.var(name))
    except (SyntaxError, RecursionError, MemoryError, ZeroDivisionError, ValueError):
        raise CertificateRejected(f"{text[:60]!r} is no formula of u") from None


def formula_pieces(pool: Pool, text: object, name: str = "t") -> list[tuple[Node, Node]]:
    """``(end, formula)`` of every piece, from the left; the last end is 1. The ends increase inside (0, 1)."""
    if not isinstance(text, str) or len(text) > 8 * LONGEST:
        raise CertificateRejected("a formula by pieces is a text of at most 3200 characters")
    found: list[tuple[Node, Node]] = []
    try:
        n: ast.expr = ast.parse(text.strip(), mode="eval").body
        while isinstance(n, ast.IfExp):
            c = n.test
            if not (isinstance(c, ast.Compare) and isinstance(c.left, ast.Name) and c.left.id == name):
                raise CertificateRejected("a piece is `... if t <= constant else`")
            expect(len(c.ops) == 1 and isinstance(c.ops[0], ast.LtE), "a piece is `... if t <= constant else`")
            end = _read(pool, c.comparators[0], pool.var(name), [])
            expect(all(m.op != "var" for m in walk(end)), "the end of a piece is a constant")
            found.append((end, _whole(pool, n.body, pool.var(name))))
            n = n.orelse
        found.append((pool.one, _whole(pool, n, pool.var(name))))
    except (SyntaxError, RecursionError, MemoryError, ZeroDivisionError, ValueError):
        raise CertificateRejected(f"{text[:60]!r} is no formula of t") from None
    ranges = [(ZERO, ZERO), *(Enclosure({})(end) for end, _ in found)]
    expect(all(a[1] < b[0] for a, b in pairwise(ranges)), "the ends of the pieces do not increase")
    return found


def _whole(pool: Pool, n: ast.expr, x: Node) -> Node:
    """Read a formula of which no logarithm or power cancels: ``log(u - 2) - log(u - 2)`` has no value anywhere."""
    made: list[Node] = []
    found = _read(pool, n, x, made)
    kept = set(walk(found))
    powers = {m.args[0] for m in kept if m.op == "pow"}
    for m in {m for part in made if part not in kept for m in walk(part)} - kept:
        partial = (m.op == "log" and m.args[0] not in powers) or (m.op == "pow" and not natural(m))
        gone = partial and any(a.op == "var" for a in walk(m))
        expect(not gone, "a term of the formula cancels, or is multiplied by 0; leave it out")
    return found


def _read(pool: Pool, n: ast.expr, x: Node, made: list[Node]) -> Node:
    found = _part(pool, n, x, made)
    made.append(found)
    return found


def _part(pool: Pool, n: ast.expr, x: Node, made: list[Node]) -> Node:
    if isinstance(n, ast.Constant) and type(n.value) in (int, float):
        value = Fraction(repr(n.value))
        expect(abs(value) <= LARGEST, "a number in a formula is too large")
        return pool.const(value)
    if isinstance(n, ast.Name):
        expect(n.id in NAMES, f"{n.id!r} in a formula is not known; the variable is u (or t)")
        return x
    if isinstance(n, ast.UnaryOp) and isinstance(n.op, ast.UAdd | ast.USub):
        return pool.scale(1 if isinstance(n.op, ast.UAdd) else -1, _read(pool, n.operand, x, made))
    if isinstance(n, ast.BinOp):
        left, right = _read(pool, n.left, x, made), _read(pool, n.right, x, made)
        if isinstance(n.op, ast.Div):
            expect(right is not pool.zero, "a formula divides by 0")
            made.append(pool.power(right, Fraction(-1)))
            return pool.mul(left, made[-1])
        return _joined(pool, n.op, left, right)
    if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and not n.keywords:
        least, most = SHAPES.get(n.func.id, (1, 0))
        expect(least <= len(n.args) <= most, f"{n.func.id} in a formula: functions are {', '.join(SHAPES)}")
        return _called(pool, n.func.id, [_read(pool, a, x, made) for a in n.args])
    raise CertificateRejected(f"{type(n).__name__} is not allowed in a formula")


def _joined(pool: Pool, op: ast.operator, a: Node, b: Node) -> Node:
    if isinstance(op, ast.Add | ast.Sub):
        return pool.linear((Fraction(1), a), (Fraction(1 if isinstance(op, ast.Add) else -1), b))
    if isinstance(op, ast.Mult):
        return pool.mul(a, b)
    expect(isinstance(op, ast.Pow) and b.op == "const" and abs(b.value) <= 64, "an exponent is a number up to 64")
    return pool.power(a, b.value)


def _called(pool: Pool, name: str, args: list[Node]) -> Node:
    a = args[0]
    if name == "sqrt":
        return pool.power(a, Fraction(1, 2))
    if name == "exp":
        return pool.exp(a)
    if name == "tanh":
        half = pool.power(pool.add(pool.one, pool.exp(pool.scale(2, a))), Fraction(-1))
        return pool.linear((Fraction(1), pool.one), (Fraction(-2), half))
    if name in ("min", "max"):
        return a if len(args) == 1 else pool.build(name, None, tuple(args))
    return pool.build(name, None, (a,))
