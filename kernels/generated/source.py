"""The source of a loop: one assignment per node of the graph, for one element after the other.

Both sides of every ``where`` are computed and one is chosen, so that LLVM can vectorise the loop. Inputs are columns,
one per variable; an element with an input that is not finite gets NaN, since a graph over the reals says nothing of it.

>>> from losscheck.expr.build import ONE, ZERO, maximum, sub, var
>>> print(source([maximum([ZERO, sub(ONE, var("v"))])], ["v"], 0))
def loop(x, value):
    for i in range(value.shape[0]):
        v = x[0, i]
        t0 = 1.0 - v
        t1 = larger(0.0, t0)
        finite = (abs(x[0, i]) < inf)
        value[i] = t1 if finite else nan
<BLANKLINE>
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

from losscheck.expr.graph import Expr, topological
from losscheck.expr.numba_reading import NUMBA

Text = Callable[..., str]


def _sum(n: Expr, *xs: str) -> str:
    """The sum from left to right: factors of 1 and a constant of 0 are left out."""
    out = repr(float(n.value[0])) if n.value[0] != 0 else ""
    for c, x in zip(n.value[1:], xs, strict=True):
        term = x if abs(c) == 1 else f"{abs(float(c))!r} * {x}"
        out = f"{out} {'-' if c < 0 else '+'} {term}" if out else f"-{term}" if c < 0 else term
    return out


def _power(n: Expr, x: str) -> str:
    q = n.value
    if q.denominator == 1:
        return f"1.0 / {x}" if q == -1 else f"1.0 / {x} ** {-int(q)}" if q < 0 else f"{x} ** {int(q)}"
    return f"root({x}, {float(q)!r})"


def _folded(name: str) -> Text:
    return lambda n, *xs: reduce(lambda a, b: f"{name}({a}, {b})", xs)


def _called(name: str) -> Text:
    return lambda n, *xs: f"{name}({', '.join(xs)})"


TEXT: dict[str, Text] = NUMBA | {
    "add": _sum,
    "pow": _power,
    "exp": _called("exp"),
    "log": _called("log"),
    "log1p": _called("log1p"),
    "expm1": _called("expm1"),
    "log_ndtr": _called("log_ndtr"),
    "max": _folded("larger"),
    "min": _folded("smaller"),
    "where": lambda n, c, a, b: f"{a} if {c} else {b}",
}


def source(roots: Sequence[Expr], columns: Sequence[str], slopes: int) -> str:
    """Source of ``loop(x, value)``, or of ``loop(x, value, grad)``: the first root is the value, others are slopes."""
    order = topological(roots)
    names = {n: n.value[0] if n.op == "var" else TEXT[n.op](n) for n in order if not n.args}
    used = {n.value[0] for n in order if n.op == "var"}
    lines = [f"{name} = x[{j}, i]" for j, name in enumerate(columns) if name in used]
    for index, n in enumerate(n for n in order if n.args):
        names[n] = f"t{index}"
        lines += _assigned(n, names[n], [names[a] for a in n.args])
    finite = " & ".join(f"(abs(x[{j}, i]) < inf)" for j in range(len(columns)))
    lines += [f"finite = {finite}", f"value[i] = {names[roots[0]]} if finite else nan"]
    lines += [f"grad[{j}, i] = {names[roots[1 + j]]} if finite else nan" for j in range(slopes)]
    head = f"def loop(x, value{', grad' if slopes else ''}):\n    for i in range(value.shape[0]):\n"
    return head + "".join(f"        {line}\n" for line in lines)


def _assigned(n: Expr, name: str, xs: list[str]) -> list[str]:
    if n.op != "lse":
        return [f"{name} = {TEXT[n.op](n, *xs)}"]
    first = [f"m, s = {xs[0]}, 0.0"]
    return [*first, *(f"m, s = join(m, s, {x})" for x in xs[1:]), f"{name} = m + log_above(s)"]
