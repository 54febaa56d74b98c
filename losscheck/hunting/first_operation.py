"""The first operation at which floats leave the mathematics: the trace of the code, read in a format and exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import ctx

from losscheck.behaviour.formats import EPSILON, LARGEST, round_to
from losscheck.expr.trace import Trace, topological
from losscheck.hunting.epsilon import dead_constant
from losscheck.hunting.rewrite import rewrite
from losscheck.lifting import ball
from losscheck.lifting.backend import runners
from losscheck.lifting.calls import Call
from losscheck.lifting.lifting import traces_of
from losscheck.lifting.rows import ROWS

PRECISION = 1500


@dataclass(frozen=True)
class Operation:
    """An operation that goes wrong: what it is, what it gives in the format, what it is over the reals, a remedy.

    ``dead`` says which constant below it the format loses.
    """

    text: str
    got: float
    exact: str
    rewrite: str | None
    dead: str | None = None

    def __str__(self) -> str:
        remedy = (f"; {self.dead}" if self.dead else "") + (f"; write {self.rewrite}" if self.rewrite else "")
        return f"the first operation that goes wrong is {self.text} = {self.got:.6g} instead of {self.exact}{remedy}"


def first_operation(
    function: Callable[..., Any],
    point: Mapping[str, float],
    dtype: str,
    *,
    kind: str,
    n_classes: int | None = None,
    label: Any = None,
    params: Mapping[str, Any] | None = None,
) -> Operation | None:
    """Return the first operation whose float result is off by more than half its digits; None where there is none.

    ``point`` gives the variables of the kind by name (``v``, ``z``, ``p``, ``z0`` ...), ``label`` the label, by default
    the first.

    Raises
    ------
    Unsupported
        When the code cannot be read.

    >>> import numpy as np
    >>> found = first_operation(lambda v: np.log(1 + np.exp(-v)), {"v": -800.0}, "float64", kind="margin")
    >>> found.text, found.rewrite
    ('exp(neg(v))', 'logaddexp(0, x), in torch softplus(x), for log(1 + exp(x))')
    """
    call = Call(kind, n_classes)
    runner = runners(function, dict(params or {}), call, None)[0]
    traces, _ = traces_of(runner, call.labels[0] if label is None else label)
    rounded, exact = _read(traces[0], point, dtype)
    coarsest = dtype
    for n in topological([traces[0]]):
        if n.op == "cast":
            # What is cast on purpose is as good as its format from there on.
            coarsest = max(coarsest, n.value, key=lambda each: EPSILON.get(each, 0.0))
        if n.args and not n.is_boolean and _wrong(rounded[n.serial], exact[n.serial], coarsest):
            lost = _absorbed(n, rounded)
            culprit = n if lost is None else lost
            text = repr(culprit)
            shown = text if len(text) <= 80 else f"{culprit.op}(...)"
            return Operation(shown, float(rounded[culprit.serial]), exact[culprit.serial].str(12, radius=False),
                             rewrite(traces[0], culprit), dead_constant(culprit, dtype))  # fmt: skip
    return None


def _read(root: Trace, point: Mapping[str, float], dtype: str) -> tuple[dict[int, Any], dict[int, Any]]:
    """Read a trace in a format, rounding after each operation, and in balls."""
    rounded: dict[int, Any] = {}
    exact: dict[int, Any] = {}
    before, ctx.prec = ctx.prec, PRECISION
    try:
        with np.errstate(all="ignore"):
            for n in topological([root]):
                if n.op in ("const", "var"):
                    x = point[n.value[0]] if n.op == "var" else n.value
                    exact[n.serial] = x if isinstance(x, bool) else ball.double(float(x))
                    rounded[n.serial] = np.asarray(x if isinstance(x, bool) else float(x))
                    continue
                row, extra = ROWS[n.op], {} if n.value is None else {"value": n.value}
                value = np.asarray(row.numpy(*(rounded[a.serial] for a in n.args), **extra))
                rounded[n.serial] = value if value.dtype == bool else round_to(value.astype(np.float64), dtype)
                exact[n.serial] = row.exact(*(exact[a.serial] for a in n.args), **extra)
    finally:
        ctx.prec = before
    return rounded, exact


def _wrong(got: Any, exact: Any, dtype: str) -> bool:
    """Whether a float is not the real number, by more than half the digits; what leaves the range is wrong too."""
    if isinstance(exact, bool) or exact is None or not exact.is_finite():
        return False
    value = float(got)
    if not np.isfinite(value):
        return True
    true = float(exact.mid())
    if abs(true) > LARGEST[dtype]:
        return True
    return bool(abs(value - true) > EPSILON[dtype] ** 0.5 * abs(true))


def _absorbed(n: Trace, rounded: Mapping[int, Any]) -> Trace | None:
    """Return the sum below that is exactly one of its terms: the other, not 0, was lost there."""
    for below in n.args:
        if below.op in ("add", "sub", "sum") and len(below.args) > 1:
            terms = [float(rounded[a.serial]) for a in below.args]
            total = float(rounded[below.serial])
            if any(abs(total) == abs(t) for t in terms) and sum(t != 0.0 for t in terms) > 1:
                return below
    return None
