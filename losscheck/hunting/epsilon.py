"""Constants that guard a loss in one format and are lost in another: 1e-8 is 0 in float16, 1 - 1e-8 is 1 in float32."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.formats import round_to
from losscheck.expr.trace import Trace, topological


def dead_constant(culprit: Trace, dtype: str) -> str | None:
    """Say which constant below an operation rounds to 0, 1 or -1 in a format, though it is none of them.

    >>> from losscheck.expr.trace import constant, record, variable
    >>> guarded = record("add", variable("p"), constant(1e-8))
    >>> dead_constant(guarded, "float16"), dead_constant(guarded, "float32")
    ('the constant 1e-08 is 0 in float16', None)
    """
    for n in topological([culprit]):
        if n.op != "const" or isinstance(n.value, bool) or not np.isfinite(n.value):
            continue
        held = float(round_to(np.array(float(n.value)), dtype))
        if held != float(n.value) and held in (0.0, 1.0, -1.0):
            return f"the constant {float(n.value):.9g} is {held:g} in {dtype}"
    return None
