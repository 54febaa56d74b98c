r"""OrthoGrad: the part of a gradient that does not merely scale the weights, at its old length.

    g - \frac{\langle w, g\rangle}{\langle w, w\rangle} w, rescaled to \|g\|

In a network whose scores are homogeneous in w, moving along w only scales the scores: cross-entropy falls so without
anything being learned ("naive loss minimisation"), until the softmax collapses. This map takes that direction out.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import ratio
from losscheck.catalogue.entry import Study, entry

STUDY = "tests/studies/test_softmax_collapse.py"


@entry(
    signature="g:(N,D):real w:(N,D):real",
    title="Orthogonal gradient (perpGrad)",
    family="map",
    formula=r"\frac{\|g\|}{\|g_\perp\|} g_\perp,\quad g_\perp = g - \frac{\langle w, g\rangle}{\langle w, w\rangle} w",
    studies=(
        Study("orthogonal to w, as long as g, and at an acute angle to it", "Prieto et al., 2025", STUDY),
        Study("a step along it never shortens w", "derived: Pythagoras", STUDY),
        Study("of homogeneous scores it leaves no slope in their scale", "Prieto et al., 2025; Euler", STUDY),
    ),
    hazards=(
        "g parallel to w leaves nothing to rescale: 0 / 0; here the result is 0",
        "g nearly parallel to w: what is left is rounding, and is stretched to the length of g all the same",
        "squares of entries beyond 2^8 overflow in float16",
    ),
    references=("Prieto et al., Grokking at the edge of numerical stability, ICLR 2025",),
    aliases=("orthograd",),
)
def orthogonal_gradient(g: Any, w: Any) -> Any:
    """The gradient without its part along w, rescaled to its length (S016)."""
    xp = array_namespace(g)
    along = ratio(xp.sum(w * g, axis=1), xp.sum(w * w, axis=1), 0.0)
    rest = g - along[:, None] * w
    return rest * ratio(_length(g), _length(rest), 1.0)[:, None]


def _length(v: Any) -> Any:
    """Return the norms of rows; at 0 the gradient is 0, a subgradient, not infinity times 0."""
    xp = array_namespace(v)
    square = xp.sum(v * v, axis=1)
    return xp.where(square > 0, xp.sqrt(xp.where(square > 0, square, xp.ones_like(square))), square)
