"""``losscheck.lift``: read a callable as one expression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from losscheck.expr.build import const, equal, var, where
from losscheck.expr.graph import Expr


def lift(fn: Any, *, kind: str, n_classes: int | None = 3, params: Mapping[str, Any] | None = None) -> Expr:
    """Read the code of a loss as an expression over the reals, checked against the code.

    Parameters
    ----------
    fn
        A torch or NumPy callable, a ``torch.nn.Module``, a SymPy expression of the kind's variables, or
        ``{label: SymPy expression}``.
    kind
        How it is called (margin, binary, signed, probability, logits, simplex).
    n_classes
        Number of classes K of kinds logits and simplex.
    params
        Keyword arguments bound to the loss.

    Returns
    -------
    Expr
        The loss of one row. Kinds with a label have the variable ``y`` and branch on it.

    Raises
    ------
    Unsupported
        The code cannot be read; the message names the construct and its source line.

    Examples
    --------
    >>> import numpy as np
    >>> lift(lambda v: np.log1p(np.exp(-v)), kind="margin")
    lse(-v, 0)
    >>> import sympy
    >>> lift(sympy.sympify("(1 - v)**2"), kind="margin")
    (-1 + v)**2
    """
    if callable(fn):
        from losscheck.lifting.lifting import lift as read

        lifted = read(fn, kind=kind, n_classes=n_classes, params=dict(params or {}))
    else:
        from losscheck.lifting.sympy import lift_sympy

        lifted = lift_sympy(fn, kind=kind, n_classes=n_classes)
    out = lifted.roots[-1]
    for label, root in zip(reversed(lifted.labels[:-1]), reversed(lifted.roots[:-1]), strict=True):
        out = where(equal(var("y"), const(label)), root, out)
    return out
