"""T is infinite where the right side alone has risks without bound (rule ``h_transform_bottomless``)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from losscheck.certificate import q
from losscheck.engines.binary_risk import flipped
from losscheck.engines.breakpoints import breakpoints, merge
from losscheck.engines.numeric import evaluate
from losscheck.engines.one_score import scan
from losscheck.expr.constants import choices, chosen
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.h_transform_two_sided import right_side
from losscheck.verdict import Outcome
from losscheck.verifier.hypothesis_set import hypotheses

MESSAGE = "The least risk is -infinity, and wrong scores are bounded away from it: T is infinite."


def h_transform_bottomless(lifted: Lifted, text: str, ts: Sequence[float]) -> Outcome | None:
    """Show that T is infinite at every t where it looks so, or return None."""
    side = right_side(lifted)
    if side is None or not hypotheses(text).everything:
        return None
    f = chosen([side[0]], choices([side[0]])[0])[0]
    g = flipped(f, "x")
    hints = merge(h for root in (f, g) for h in breakpoints(root, "x"))
    x = scan(None, hints)
    with np.errstate(all="ignore"):
        own, other = (np.broadcast_to(v, x.shape) for v in evaluate([f, g], {"x": x}))
        eta = (1 + np.array(ts)[:, None]) / 2
        right = eta * own + np.where(eta < 1, (1 - eta) * other, 0)
        wrong = eta * other + np.where(eta < 1, (1 - eta) * own, 0)
    falls = (right[:, -1] < -1e6) & (wrong.min(axis=1) > -1e6)
    some = [i for i in range(len(ts)) if falls[i]]
    if not some:
        return None
    proof = {
        "rule": "h_transform_bottomless", "hypotheses": text, "t": [ts[i] for i in some], "breaks": hints,
        "levels": [q(float(wrong[i].min()) - 1.0) for i in some],
    }  # fmt: skip
    return prove(lifted, "h_transform", proof, message=MESSAGE)
