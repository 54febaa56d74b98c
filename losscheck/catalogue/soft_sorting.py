"""Differentiable sorting: a network of soft swaps, and the loss that orders a group of negatives before positives."""

from __future__ import annotations

import math
from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.entry import Parameter, Study, entry

STUDY = "tests/studies/test_soft_sorting.py"
STEEPNESS = Parameter(10.0, "(0, inf)", "inf sorts exactly")


@entry(
    signature="x:(N,L):real",
    title="Soft odd-even sorting network",
    family="map",
    formula=r"\prod_t \bigoplus_i \begin{pmatrix}\alpha & 1 - \alpha\\ 1 - \alpha & \alpha\end{pmatrix},\quad"
    r" \alpha = \tfrac12 + \tfrac1\pi\arctan(\beta (x_{i+1} - x_i))",
    parameters={"steepness": STEEPNESS},
    studies=(
        Study("rows and columns add up to 1", "Petersen et al., 2022", STUDY),
        Study("tends to the permutation that sorts", "Petersen et al., 2022", STUDY),
        Study("the softly sorted values rise with every value", "Petersen et al., 2022", STUDY),
    ),
    references=("Petersen, Borgelt, Kuehne, Deussen, Monotonic differentiable sorting networks, ICLR 2022",),
)
def soft_sort(x: Any, steepness: float = 10.0) -> Any:
    """A doubly stochastic matrix per row that softly sorts it, with a Cauchy sigmoid: rows are places."""
    xp = array_namespace(x)
    n = x.shape[1]
    values = [x[:, i] for i in range(n)]
    eye = xp.astype(xp.arange(n)[:, None] == xp.arange(n)[None, :], x.dtype)
    rows = [eye[i][None, :] + 0 * x for i in range(n)]
    for layer in range(n):
        for i in range(layer % 2, n - 1, 2):
            keep = 0.5 + xp.atan(steepness * (values[i + 1] - values[i])) / math.pi
            values[i], values[i + 1] = (
                keep * values[i] + (1 - keep) * values[i + 1],
                (1 - keep) * values[i] + keep * values[i + 1],
            )
            share = keep[:, None]
            rows[i], rows[i + 1] = (
                share * rows[i] + (1 - share) * rows[i + 1],
                (1 - share) * rows[i] + share * rows[i + 1],
            )
    return xp.stack(rows, axis=1)


@entry(
    kind="embedding",
    signature="p:(N,3):[-1,1] n:(N,L):[-1,1]",
    title="Group ordering by soft sorting (GroCo)",
    family="embedding",
    formula=r"-\tfrac1T\sum_i t_i\log r_i + (1 - t_i)\log(1 - r_i),\quad r_i = \sum_{j \in P} \Pi_{ij}",
    parameters={"steepness": STEEPNESS},
    studies=(Study("falls as positives move away from negatives", "Shvetsova et al., 2023", STUDY),),
    hazards=("log 0 once the network is certain: here both are floored at 1e-6",),
    references=("Shvetsova et al., Learning by sorting: self-supervised learning with group ordering, ICCV 2023",),
)
def group_ordering(p: Any, n: Any, steepness: float = 10.0) -> Any:
    """Binary cross-entropy of where the soft order puts positives: on the last places (S114)."""
    xp = array_namespace(p)
    order = soft_sort(xp.concat([n, p], axis=1), steepness)
    share = xp.sum(order[:, :, n.shape[1] :], axis=2)
    share = xp.minimum(xp.maximum(share, xp.full_like(share, 1e-6)), xp.full_like(share, 1 - 1e-6))
    last = -xp.sum(xp.log(share[:, n.shape[1] :]), axis=1)
    return (last - xp.sum(xp.log(1 - share[:, : n.shape[1]]), axis=1)) / share.shape[1]
