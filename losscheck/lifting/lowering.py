"""From the trace to the simplified graph.

Affine parts of the trace (sums, differences, multiples) are lowered as one sum over what is not affine, and a
comparison as one difference. So ``(z0 - m) < (z1 - m)`` cancels ``m = max(z)`` before the graph can absorb it.

>>> from losscheck.expr.trace import record, variable
>>> a, b = variable("a"), variable("b")
>>> m = record("max", a, b)
>>> lower([record("lt", record("sub", a, m), record("sub", b, m))])
[0 < -a + b]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from losscheck.expr import build
from losscheck.expr.graph import Expr
from losscheck.expr.graph import topological as expressions
from losscheck.expr.signs import nonnegative
from losscheck.expr.trace import Trace, topological
from losscheck.lifting.affine import CONSTANT, Form, affine
from losscheck.lifting.rows import ROWS, lower_constant
from losscheck.lifting.unsupported import Unsupported

_LINEAR = frozenset({"add", "sub", "neg", "sum", "mul", "div"})
_COMPARISONS = {"lt": build.less, "le": build.less_equal, "eq": build.equal}


def lower(roots: Sequence[Trace], lost: list[Expr] | None = None) -> list[Expr]:
    """Lower a trace to the simplified graph.

    ``lost`` takes the bases of logarithms and roots that the graph no longer has: it is the code only where they are
    nonnegative.

    Raises
    ------
    Unsupported
        When an operation has no meaning over the reals (``inf - inf``, division by the constant 0).
    """
    found: dict[int, Expr] = {}
    forms: dict[int, Form] = {}
    try:
        for n in topological(roots):
            found[n.serial] = _node(n, found, forms)
    except (ValueError, ZeroDivisionError) as error:
        raise Unsupported(f"the formula has no meaning over the reals: {error}") from error
    lowered = [found[r.serial] for r in roots]
    if lost is not None:
        lost += _lost(list(found.values()), lowered)
    return lowered


def _lost(made: Sequence[Expr], roots: Sequence[Expr]) -> list[Expr]:
    """Bases of logarithms and roots that have cancelled, or were multiplied by 0, if they are not shown nonnegative."""
    gone = set(expressions(made)) - set(expressions(roots))
    bases = {n.args[0] for n in gone if n.op == "log" or (n.op == "pow" and n.value.denominator != 1)}
    return [base for base in bases if not nonnegative(base)]


def _node(n: Trace, found: Mapping[int, Expr], forms: dict[int, Form]) -> Expr:
    if n.op == "const":
        return lower_constant(n.value)
    if n.op == "var":
        return build.var(*n.value)
    if n.op in _LINEAR:
        total = _sum(affine(n, forms), found) if n.serial not in affine(n, forms) else None
        if total is not None:
            return total
    elif n.op in _COMPARISONS:
        left, right = (affine(a, forms) for a in n.args)
        gap = {k: right.get(k, Fraction(0)) - left.get(k, Fraction(0)) for k in left.keys() | right.keys()}
        total = _sum({k: c for k, c in gap.items() if c}, found)
        if total is not None:
            return _COMPARISONS[n.op](build.ZERO, total)
    extra = {} if n.value is None else {"value": n.value}
    return ROWS[n.op].lower(*(found[a.serial] for a in n.args), **extra)


def _sum(form: Form, found: Mapping[int, Expr]) -> Expr | None:
    """Lower an affine form; None where an atom is infinite, because infinities do not cancel."""
    atoms = [(c, found[k]) for k, c in form.items() if k != CONSTANT]
    if any(atom.op == "inf" for _, atom in atoms):
        return None
    return build.add(build.const(form.get(CONSTANT, Fraction(0))), *(build.scale(c, atom) for c, atom in atoms))
