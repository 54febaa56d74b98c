"""Simplifying constructors for exp, log and log-sum-exp.

Sums of exponentials become one ``exp(lse(...))``, so ``1 / (1 + exp(-x))``, ``expit`` and ``torch.sigmoid`` are the
node ``exp(-lse(0, -x))``, and softmax probabilities are ``exp(-lse(zj - zy))``.
"""

from __future__ import annotations

from fractions import Fraction

from losscheck.expr import arithmetic
from losscheck.expr.absorb import common_shift, raw
from losscheck.expr.graph import Expr, node
from losscheck.expr.linear import affine, combine
from losscheck.expr.signs import nonnegative


def as_log(n: Expr) -> Expr | None:
    """The logarithm of ``n`` without a ``log`` around a sum, when ``n`` is visibly a positive combination of exps."""
    if n.op == "exp":
        return n.args[0]
    if n.op == "const" and n.value == 1:
        return arithmetic.ZERO
    if (n.op == "const" and n.value > 0) or (n.op == "float" and n.value > 0):
        return node("log", None, (n,))
    if n.op == "mul" or (n.op == "pow" and n.args[0].op in ("const", "float")):
        logs = [as_log(a) for a in n.args]
        if all(x is not None for x in logs):
            total = arithmetic.add(*(x for x in logs if x is not None))
            return arithmetic.scale(n.value, total) if n.op == "pow" else total
        return None
    if n.op == "add" and n.value[0] >= 0 and all(c > 0 for c in n.value[1:]):
        parts = [] if n.value[0] == 0 else [as_log(arithmetic.const(n.value[0]))]
        for c, t in zip(n.value[1:], n.args, strict=True):
            inner = as_log(t) if t.op in ("exp", "mul") else None
            if inner is None:
                return None
            parts.append(arithmetic.add(inner, _log_const(c)))
        return lse([p for p in parts if p is not None])
    return None


def _log_const(c: Fraction) -> Expr:
    return arithmetic.ZERO if c == 1 else node("log", None, (arithmetic.const(c),))


def exp(a: Expr) -> Expr:
    """Exponential."""
    if a.op == "const" and a.value == 0:
        return arithmetic.ONE
    if a.op == "inf":
        return a if a.value > 0 else arithmetic.ZERO
    c0, terms = affine(a)
    factors: list[Expr] = []
    for t, c in sorted(terms.items(), key=lambda item: item[0].key):
        if t.op == "log" and (nonnegative(t.args[0])) and (c > 0 or t.args[0].op in ("const", "float")):
            factors.append(arithmetic.power(t.args[0], c))
            terms = {k: v for k, v in terms.items() if k is not t}
    if factors:
        return arithmetic.mul(*factors, exp(arithmetic.linear(c0, terms)))
    return node("exp", None, (a,))


def log(a: Expr) -> Expr:
    """Natural logarithm."""
    if a.op == "const" and a.value == 1:
        return arithmetic.ZERO
    if a.op == "const" and a.value == 0:
        return node("inf", -1)
    if a.op == "inf" and a.value > 0:
        return a
    inner = as_log(a)
    if inner is not None:
        return inner
    if a.op == "pow" and nonnegative(a.args[0]):
        return arithmetic.scale(a.value, log(a.args[0]))
    if a.op == "mul" and all(nonnegative(x) for x in a.args):
        return arithmetic.add(*(log(x) for x in a.args))
    if a.op == "add" and len(a.args) == 1 and a.value[0] == 0 and a.value[1] > 0:
        return arithmetic.add(log(a.args[0]), _log_const(a.value[1]))
    return node("log", None, (a,))


def lse(args: list[Expr]) -> Expr:
    """``log(sum(exp(a) for a in args))``: nested ones flattened, a shared shift pulled out, equal terms counted."""
    flat: list[Expr] = []
    for a in args:
        c0, terms = affine(a)
        inner = [t for t, c in terms.items() if t.op == "lse" and c == 1]
        if a.op == "inf":
            if a.value > 0:
                return a
        elif len(inner) == 1:
            rest = {t: c for t, c in terms.items() if t is not inner[0]}
            flat.extend(
                arithmetic.linear(*combine((Fraction(1), affine(b)), (Fraction(1), (c0, rest)))) for b in inner[0].args
            )
        else:
            flat.append(a)
    if not flat:
        return node("inf", -1)
    counts: dict[Expr, int] = {}
    for a in flat:
        counts[a] = counts.get(a, 0) + 1
    flat = [arithmetic.add(a, _log_const(Fraction(n))) if n > 1 else a for a, n in counts.items()]
    if len(flat) == 1:
        return flat[0]
    shift, flat = common_shift("lse", flat)
    body = raw("lse", flat)
    if not shift[0] and not shift[1]:
        return body
    return arithmetic.linear(*combine((Fraction(1), shift), (Fraction(1), (Fraction(0), {body: Fraction(1)}))))


def one_minus(t: Expr) -> Expr | None:
    """``1 - t`` as one exponential when t is a softmax probability: ``1 - exp(-lse(0, x)) = exp(-lse(0, -lse(x)))``."""
    if t.op != "exp":
        return None
    c0, terms = affine(t.args[0])
    if c0 or len(terms) != 1:
        return None
    ((inner, c),) = terms.items()
    if c != -1 or inner.op != "lse":
        return None
    others = [a for a in inner.args if not (a.op == "const" and a.value == 0)]
    if len(others) == len(inner.args):
        return None
    tail = lse(others)
    return exp(arithmetic.neg(lse([arithmetic.ZERO, arithmetic.neg(tail)])))
