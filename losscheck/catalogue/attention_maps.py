"""Weights of attention from queries and keys: each row of positions is a distribution, or a kernel."""

from __future__ import annotations

import math
from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import ratio, relu
from losscheck.catalogue.entry import Parameter, Study, entry

SIGNATURE = "q:(N,L,D):real k:(N,L,D):real"
STUDY = "tests/studies/test_attention.py"


@entry(
    signature=SIGNATURE,
    title="cosFormer attention weights",
    family="map",
    formula=r"\frac{s_{ij}}{\sum_l s_{il}},\quad s_{ij} = [q_i]_+^\top [k_j]_+ \cos\frac{\pi(i - j)}{2 M}",
    studies=(
        Study("no weight is negative; a row adds up to 1, or is empty", "Qin et al., 2022", STUDY),
        Study("cos(a - b) = cos a cos b + sin a sin b splits it: linear in the length", "Qin et al., 2022", STUDY),
    ),
    hazards=("0 / 0 where no entry of a query and a key is positive together; here such a row is 0",),
    references=("Qin et al., cosFormer: rethinking softmax in attention, ICLR 2022",),
)
def cosformer(q: Any, k: Any) -> Any:
    """Products of positive parts, falling with the distance of positions as a quarter of a cosine (S171)."""
    xp = array_namespace(q)
    length = q.shape[1]
    place = xp.astype(xp.arange(length), q.dtype)
    near = xp.cos((place[:, None] - place[None, :]) * (math.pi / (2 * length)))
    weight = xp.sum(relu(q)[:, :, None, :] * relu(k)[:, None, :, :], axis=3) * near
    return ratio(weight, xp.sum(weight, axis=2, keepdims=True), 0.0)


@entry(
    signature=SIGNATURE,
    title="Gaussian kernel attention (SOFT)",
    family="map",
    formula=r"e^{-\|q_i - k_j\|^2 / (2\sqrt d)}",
    studies=(
        Study("in (0, 1]; with keys equal to queries symmetric and positive semidefinite", "Lu et al., 2021", STUDY),
        Study("Newton's iteration from 2 A / |A|_1^2 finds the pseudo-inverse", "Lu et al., 2021", STUDY),
    ),
    references=("Lu et al., SOFT: softmax-free transformer with linear complexity, NeurIPS 2021",),
)
def gaussian_attention(q: Any, k: Any) -> Any:
    """A Gaussian kernel of queries and keys, not normalised (S172)."""
    xp = array_namespace(q)
    squared = xp.sum((q[:, :, None, :] - k[:, None, :, :]) ** 2, axis=3)
    return xp.exp(-squared / (2 * math.sqrt(q.shape[2])))


@entry(
    signature="q:(N,L,D):real k:(N,L,D):real v:(N,L,D):real",
    title="Galerkin attention",
    family="map",
    formula=r"\tfrac1L\,q\,(k^\top v)",
    studies=(
        Study("with k^T q = L I it is the Petrov-Galerkin projection of v", "Cao, 2021", STUDY),
        Study("it is the attention with weights q.k / L, in time linear in the length", "Cao, 2021", STUDY),
    ),
    hazards=("nothing bounds the weights: keys and values are meant to be layer-normalised, which is the caller's",),
    references=("Cao, Choose a transformer: Fourier or Galerkin, NeurIPS 2021",),
)
def galerkin_attention(q: Any, k: Any, v: Any) -> Any:
    """Attention without softmax: columns of v, tested by those of k, in the span of those of q (S173)."""
    xp = array_namespace(q)
    return q @ (xp.permute_dims(k, (0, 2, 1)) @ v) / q.shape[1]


@entry(
    signature=SIGNATURE,
    title="Hedgehog attention weights",
    family="map",
    formula=r"\frac{\phi(q_i)^\top\phi(k_j)}{\sum_l\phi(q_i)^\top\phi(k_l)},\quad"
    r" \phi(x) = (\mathrm{softmax}(x), \mathrm{softmax}(-x))",
    parameters={"scale": Parameter(1.0, "(0, inf)", "what queries and keys are multiplied by; a learned matrix")},
    studies=(Study("weights are positive and each row adds up to 1", "derived", STUDY),),
    references=("Zhang et al., The hedgehog and the porcupine: expressive linear attentions, ICLR 2024",),
)
def hedgehog(q: Any, k: Any, scale: float = 1.0) -> Any:
    """Linear attention with softmax features of either sign (S185)."""
    xp = array_namespace(q)

    def features(x: Any) -> Any:
        both = []
        for signed in (scale * x, -scale * x):
            weight = xp.exp(signed - xp.max(signed, axis=2, keepdims=True))
            both.append(weight / xp.sum(weight, axis=2, keepdims=True))
        return xp.concat(both, axis=2)

    weight = xp.sum(features(q)[:, :, None, :] * features(k)[:, None, :, :], axis=3)
    return weight / xp.sum(weight, axis=2, keepdims=True)
