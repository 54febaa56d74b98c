"""Likelihoods of numbers by a learned density: Fourier heads, bits, and Bayesian flows."""

from __future__ import annotations

import math
from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import softplus
from losscheck.catalogue.entry import Parameter, Study, entry

STUDY = "tests/studies/test_densities.py"


@entry(
    kind="embedding",
    signature="a:(N,D):real b:(N,D):real y:(N,):[-1,1]",
    title="Negative log-likelihood of a Fourier head",
    family="likelihood",
    formula=r"-\log\frac{|\sum_j (a_j + i b_j) e^{-i\pi j y}|^2}{2\sum_j (a_j^2 + b_j^2)}",
    studies=(Study("the density is not negative and adds up to 1", "Gillman et al., 2024, Theorem 3.1", STUDY),),
    hazards=("0 / 0 where all coefficients are 0; log 0 at a root of the polynomial",),
    references=("Gillman et al., Fourier head: helping large language models learn complex distributions, 2024",),
)
def fourier_density(a: Any, b: Any, y: Any) -> Any:
    """By Fejer and Riesz a density is a squared trigonometric polynomial (S095)."""
    xp = array_namespace(a)
    angle = y[:, None] * xp.astype(xp.arange(a.shape[1]), a.dtype) * math.pi
    cosine, sine = xp.cos(angle), xp.sin(angle)
    real, imaginary = xp.sum(a * cosine + b * sine, axis=1), xp.sum(b * cosine - a * sine, axis=1)
    return math.log(2.0) + xp.log(xp.sum(a**2 + b**2, axis=1)) - xp.log(real**2 + imaginary**2)


@entry(
    kind="embedding",
    signature="z:(N,D):real y:(N,):unit",
    title="Cross-entropy of the bits of a number",
    family="regression by classes",
    formula=r"\sum_j 2^{-j}\log(1 + e^{-(2 b_j - 1) z_j}),\quad b_j = \lfloor 2^j y\rfloor \bmod 2",
    studies=(Study("decoding the bits gives y up to 2^-D", "derived", STUDY),),
    hazards=("neighbouring numbers may differ in every bit: the loss jumps in y",),
    status="formula unconfirmed: the bits are the paper's, their weights are not settled",
    references=("Neural field classifiers via target encoding and classification loss, ICLR 2024",),
)
def bit_cross_entropy(z: Any, y: Any) -> Any:
    """Binary cross-entropy with logits of each bit, weighed by its place (S043)."""
    xp = array_namespace(z)
    below = xp.minimum(y, xp.full_like(y, 1 - 0.5 ** (z.shape[1] + 1)))
    total = xp.zeros_like(z[:, 0])
    for j in range(1, z.shape[1] + 1):
        whole = xp.floor(2.0**j * below)
        bit = whole - 2 * xp.floor(whole / 2)
        total = total + 0.5**j * softplus((1 - 2 * bit) * z[:, j - 1])
    return total


@entry(
    kind="embedding",
    signature="m:(N,D):real y:(N,D):real t:(N,):unit",
    title="Bayesian flow network, continuous time",
    family="latent",
    formula=r"-\log\sigma_1 \frac{\|y - m\|^2}{\sigma_1^{2 t}}",
    parameters={"sigma": Parameter(0.02, "(0, 1)", "sigma1, the noise at time 1")},
    studies=(Study("the limit of the loss in n steps", "Graves et al., 2023, Equations 95 and 98", STUDY),),
    hazards=("sigma1^(-2 t) is 2500 at time 1: the weight of the last steps overflows float16 for small sigma1",),
    references=("Graves, Srivastava, Atkinson, Gomez, Bayesian flow networks, 2023",),
)
def bayesian_flow(m: Any, y: Any, t: Any, sigma: float = 0.02) -> Any:
    """Squared error weighed by the accuracy that is reached at time t (S149)."""
    xp = array_namespace(m)
    return -math.log(sigma) * xp.sum((y - m) ** 2, axis=1) * xp.exp(-2 * math.log(sigma) * t)
