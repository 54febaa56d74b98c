"""The switch-free formula that a function of one variable follows around a point, in floats: for searching.

>>> from losscheck.expr.build import const, maximum, sub, var
>>> hinge = maximum([const(0), sub(const(1), var("v"))])
>>> branch_at(hinge, "v", 0.5) is sub(const(1), var("v"))
True
"""

from __future__ import annotations

import numpy as np

from losscheck.engines.numeric import evaluate
from losscheck.expr.build import neg, rebuild
from losscheck.expr.graph import Expr, topological


def branch_at(root: Expr, name: str, at: float) -> Expr:
    """``root`` with every switch decided as at the point."""
    order = topological([root])
    point = {name: np.array([at])}
    values = {n: float(np.ravel(v)[0]) for n, v in zip(order, evaluate(order, point), strict=True)}
    done: dict[Expr, Expr] = {}
    for n in order:
        if n.op in ("max", "min"):
            best = max(n.args, key=lambda a: values[a]) if n.op == "max" else min(n.args, key=lambda a: values[a])
            done[n] = done[best]
        elif n.op == "abs":
            done[n] = done[n.args[0]] if values[n.args[0]] >= 0 else neg(done[n.args[0]])
        elif n.op == "where":
            done[n] = done[n.args[1] if values[n.args[0]] else n.args[2]]
        else:
            done[n] = rebuild(n, [done[a] for a in n.args])
    return done[root]
