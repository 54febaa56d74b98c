"""Stable rewrites: what to write instead of a chain of operations that leaves the range or loses its digits."""

from __future__ import annotations

from losscheck.expr.trace import Trace, topological


def rewrite(root: Trace, culprit: Trace) -> str | None:
    """Return a stable form of the chain around an operation that goes wrong; None where none is known.

    >>> from losscheck.expr.trace import constant, record, variable
    >>> root = record("log", record("sigmoid", variable("z")))
    >>> rewrite(root, root)
    'logsigmoid(x), or -softplus(-x), for log(sigmoid(x))'

    A product with a logarithm is to blame only where the logarithm is not:

    >>> rewrite(record("mul", variable("w"), root), root)
    'logsigmoid(x), or -softplus(-x), for log(sigmoid(x))'
    """
    order = topological([root])
    users = [n for n in order if culprit in n.args]
    above = [m for m in order if any(n in m.args for n in users)]
    # The chain is recognised at its outermost operation: the culprit, or what uses it, or what uses that.
    near = (*above, *users, culprit)
    return next(filter(None, map(_known, near)), None) or next(filter(None, map(_product, near)), None)


def _known(n: Trace) -> str | None:
    if n.op == "log" and (said := _log_of(n.args[0])):
        return said
    if n.op == "log1p" and n.args[0].op == "exp":
        return "logaddexp(0, x), in torch softplus(x), for log1p(exp(x))"
    if n.op == "sub" and _is_one(n.args[1]) and n.args[0].op == "exp":
        return "expm1(x) for exp(x) - 1"
    if n.op == "sub" and _is_one(n.args[0]) and n.args[1].op == "sigmoid":
        return "sigmoid(-x) for 1 - sigmoid(x)"
    if n.op == "div" and n.args[0].op == "exp" and _sums_exponentials(n.args[1]):
        return "softmax, or exp(x - logsumexp(x)), for exp(x) / sum(exp(x))"
    if n.op == "div" and _is_one(n.args[0]) and _sums_exponentials(n.args[1]):
        return "sigmoid(-x) for 1 / (1 + exp(x))"
    return None


def _product(n: Trace) -> str | None:
    """Return what to write for a product with a logarithm, whose own argument is in order."""
    return "xlogy(x, y) for x * log(y)" if n.op == "mul" and any(a.op == "log" for a in n.args) else None


def _log_of(x: Trace) -> str | None:
    """Return the stable form of the logarithm of ``x``."""
    if x.op == "sigmoid":
        return "logsigmoid(x), or -softplus(-x), for log(sigmoid(x))"
    if x.op == "sub" and _is_one(x.args[0]):
        if x.args[1].op == "sigmoid":
            return "logsigmoid(-x), or -softplus(x), for log(1 - sigmoid(x))"
        return "log1p(-x) for log(1 - x)"
    if x.op == "div" and _sums_exponentials(x.args[1]):
        return "log_softmax(x), or x - logsumexp(x), for log(exp(x) / sum(exp(x)))"
    if x.op == "exp" and x.args[0].op == "sub" and x.args[0].args[1].op == "lse":
        return "log_softmax(x) for log(softmax(x))"
    if _sums_exponentials(x):
        terms = x.args
        if len(terms) == 2 and any(map(_is_one, terms)):
            return "logaddexp(0, x), in torch softplus(x), for log(1 + exp(x))"
        return "logsumexp(x) for log(sum(exp(x)))"
    if x.op == "add" and any(map(_is_one, x.args)):
        return "log1p(x) for log(1 + x)"
    return None


def _sums_exponentials(x: Trace) -> bool:
    """Whether ``x`` is a sum of exponentials and perhaps 1."""
    if x.op not in ("add", "sum"):
        return False
    parts = [p for a in x.args for p in (a.args if a.op in ("add", "sum") else (a,))]
    return any(p.op == "exp" for p in parts) and all(p.op == "exp" or _is_one(p) for p in parts)


def _is_one(x: Trace) -> bool:
    return x.op == "const" and not isinstance(x.value, bool) and float(x.value) == 1.0
