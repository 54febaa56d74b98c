r"""ReinMax: the gradient of a mean over a categorical draw, from one draw and one gradient, of second order.

    2 J(\pi_1) g - \tfrac12 J(\pi) g,\quad \pi_1 = \tfrac12 (\mathrm{softmax}(z / \tau) + e_y),\
    J(p) = \mathrm{diag}(p) - p p^\top

for scores z, a label y drawn from softmax(z), and the gradient g of f at the one-hot vector of y. It is Heun's rule
where the straight-through estimator is Euler's: for tau = 1 its mean is the gradient of E f exactly if f is quadratic.
It is a rule for gradients and no loss: the map takes the place of the gradient in z. Confirmed in the authors' code.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import is_label, softmax
from losscheck.catalogue.entry import Parameter, Study, entry

STUDY = "tests/studies/test_gradient_rules.py"


@entry(
    signature="z:(N,K):real g:(N,K):real y:(N,):index",
    title="ReinMax gradient of a categorical draw",
    family="map",
    formula=r"2 J(\pi_1) g - \tfrac{1}{2} J(\pi) g,\quad \pi_1 = \tfrac{1}{2}(\mathrm{softmax}(z/\tau) + e_y),\;"
    r" J(p) = \mathrm{diag}(p) - p p^\top",
    parameters={"tau": Parameter(1.0, "[1, inf)", "the temperature of the chances that are mixed with the draw")},
    studies=(
        Study("for tau = 1 its mean is the gradient of E f for quadratic f", "Liu et al., 2023", STUDY),
        Study("straight-through has this for linear f only", "Liu et al., 2023", STUDY),
        Study("its entries add up to 0: shifting the scores changes nothing", "derived", STUDY),
    ),
    hazards=(
        "for tau > 1 the mean is not exact even for linear f: variance is traded for bias",
        "where the draw is nearly sure, differences of nearly equal numbers: the small entries lose their digits",
    ),
    references=("Liu, Dong, Liu, Yu, Gao, Bridging discrete and backpropagation, NeurIPS 2023",),
    aliases=("reinmax",),
)
def reinmax_gradient(z: Any, g: Any, y: Any, tau: Any = 1.0) -> Any:
    """Twice the softmax gradient at the mean of chances and draw, less half of it at the chances (S163)."""
    xp = array_namespace(z)
    drawn = xp.where(is_label(z, y), xp.ones_like(z), xp.zeros_like(z))
    return 2 * _through(0.5 * (softmax(z / tau) + drawn), g) - 0.5 * _through(softmax(z), g)


def _through(p: Any, g: Any) -> Any:
    return p * (g - array_namespace(p).sum(p * g, axis=1)[:, None])
