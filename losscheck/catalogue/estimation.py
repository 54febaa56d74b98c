"""Losses of unnormalised models: telling data from noise, and likelihoods with an estimated normaliser."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import logsumexp, softplus
from losscheck.catalogue.entry import Parameter, Study, entry

STUDY = "tests/studies/test_estimation.py"


@entry(
    kind="embedding",
    signature="p:(N,):real n:(N,M):real",
    title="Noise-contrastive estimation",
    family="estimation",
    formula=r"-\log\sigma(p - c) - \sum_j\log\sigma(c - n_j),\quad c = \log(M \cdot \text{noise density})",
    parameters={"offset": Parameter(0.0, "(-inf, inf)", "log of the number of noise draws times the noise's density")},
    studies=(Study("the best score is the log-density of the data", "Gutmann, Hyvarinen, 2010, Theorem 1", STUDY),),
    references=(
        "Gutmann, Hyvarinen, Noise-contrastive estimation, AISTATS 2010",
        "Wu, Xiong, Yu, Lin, Unsupervised feature learning via non-parametric instance discrimination, CVPR 2018",
    ),
    aliases=("nce",),
)
def noise_contrastive(p: Any, n: Any, offset: float = 0.0) -> Any:
    """The logistic loss of telling one row of data from its draws of noise (S030)."""
    return softplus(offset - p) + array_namespace(p).sum(softplus(n - offset), axis=1)


@entry(
    kind="embedding",
    signature="p:(N,):real n:(N,M):real",
    title="Compositional likelihood of an unnormalised model",
    family="estimation",
    formula=r"-p + \log\tfrac1M\sum_j e^{n_j}",
    studies=(
        Study("the estimate of the log-normaliser is too small on average (Jensen)", "Jiang et al., 2023", STUDY),
    ),
    references=("Jiang et al., Learning unnormalized statistical models via compositional optimization, ICML 2023",),
)
def compositional_likelihood(p: Any, n: Any) -> Any:
    """Minus a log-density, with the normaliser estimated from log importance weights n (S031)."""
    count = array_namespace(p).ones_like(p) * n.shape[1]
    return logsumexp(n) - array_namespace(p).log(count) - p


@entry(
    kind="embedding",
    signature="s:(N,):real n:(N,M):real w:(N,M):positive",
    title="Weighted InfoNCE of scores",
    family="embedding",
    formula=r"\log\left(e^{s} + \sum_j w_j e^{n_j}\right) - s",
    references=("Yu, Ge, Li, Zhou, Heterogeneous graph contrastive learning, 2024",),
)
def weighted_contrastive(s: Any, n: Any, w: Any) -> Any:
    """Cross-entropy of the positive against weighted negatives (S130)."""
    return softplus(logsumexp(n + array_namespace(s).log(w)) - s)
