r"""Generalised sum pooling: features are averaged with the weights of an entropic, partial transport to prototypes.

    \min_{\pi, \rho \ge 0} \sum_{ij} c_{ij}\pi_{ij}
        + \tfrac1\gamma \Big(\sum_{ij}\pi_{ij}\log\pi_{ij} + \sum_j \rho_j\log\rho_j\Big),
    \quad \rho_j + \sum_i \pi_{ij} = \tfrac1L,\quad \sum_{ij}\pi_{ij} = \mu

The stationarity conditions give sum_i pi_ij = sigmoid(t + log sum_i exp(-gamma c_ij)) / L, with t such that they add up
to mu: a soft top-k operator with k = mu L, of the scores log sum_i exp(-gamma c_ij).
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import logsumexp
from losscheck.catalogue.entry import Parameter, Study, entry
from losscheck.catalogue.operators import soft_topk

STUDY = "tests/studies/test_pooling.py"


@entry(
    signature="c:(N,M,L):real",
    title="Generalised sum pooling weights (GSP)",
    family="map",
    formula=r"\frac{1}{\mu L}\,\sigma\Big(t + \log\sum_i e^{-\gamma c_{ij}}\Big),\quad \text{adding up to } 1",
    parameters={
        "mu": Parameter(0.3, "(0, 1]", "the mass that is moved; 1 is the plain mean"),
        "gamma": Parameter(5.0, "(0, inf)", "one over the weight of the entropy"),
    },
    studies=(
        Study("the weights are those of the transport problem", "derived", STUDY),
        Study("mu = 1 is global average pooling", "Gurbuz, Sener, Alatan, 2023", STUDY),
        Study("their slope is that of the published backward pass", "Gurbuz, Sener, Alatan, 2023", STUDY),
    ),
    hazards=("exp(-gamma c) of the published code overflows for costs below -88 / gamma in float32",),
    references=("Gurbuz, Sener, Alatan, Generalized sum pooling for metric learning, ICCV 2023",),
    aliases=("gsp",),
)
def partial_transport_weights(c: Any, mu: float = 0.3, gamma: float = 5.0) -> Any:
    """The share of each of L features in their mean, from their costs to M prototypes (S184)."""
    xp = array_namespace(c)
    length = c.shape[2]
    flat = xp.reshape(xp.permute_dims(-gamma * c, (0, 2, 1)), (-1, c.shape[1]))
    near = xp.reshape(logsumexp(flat), (-1, length))
    if mu == 1:
        return 0 * near + 1 / length
    return soft_topk(near, mu * length) / (mu * length)
