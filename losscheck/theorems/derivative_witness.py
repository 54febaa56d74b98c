"""Small boxes on which derivatives have a wrong sign. Rule ``derivative_witness``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.certificate import q
from losscheck.engines.numeric import evaluate
from losscheck.engines.points import at, points
from losscheck.expr.derivative import derivative
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.verdict import Outcome

RADII = ("1/4194304", "1/1099511627776")
Array = NDArray[np.float64]


def jacobian(lifted: Lifted) -> tuple[dict[str, Array], Array]:
    """Points, and all derivatives there: (roots, variables, points); points with |z| <= 20, where floats are sharp."""
    sample = points(lifted)
    near = np.all(np.abs(np.array(list(sample.values()))) <= 20, axis=0)
    sample = {x: v[near] for x, v in sample.items()}
    width = len(next(iter(sample.values())))
    found = [
        np.broadcast_to(v, width)
        for root in lifted.roots
        for v in evaluate([derivative(root, x) for x in lifted.variables], sample)
    ]
    return sample, np.array(found).reshape(len(lifted.roots), len(lifted.variables), width)


def first(
    lifted: Lifted, name: str, sample: dict[str, Array], gap: Array, proof: dict[str, Any], message: str
) -> Outcome | None:
    """A refutation at one of the points with the largest gaps, or None."""
    size = np.where(np.isfinite(gap), gap, 0.0)
    for k in dict.fromkeys([int(np.argmax(size)), *np.flatnonzero(size > 1e-3)[:3].tolist()]):
        if size[k] > 1e-9:
            place = at(sample, k)
            for radius in RADII:
                node = {"rule": "derivative_witness", "at": place, "radius": radius, "along": None, **proof}
                text = f"{message} at ({', '.join(place)})."
                if found := refute(lifted, name, node, message=text, witness={"at": place, **proof}):
                    return found
    return None


@np.errstate(all="ignore")
def not_a_gradient(lifted: Lifted) -> Outcome | None:
    """A map whose Jacobian is not symmetric, or not positive semidefinite, or None."""
    name, k = "jacobian_symmetric_psd", len(lifted.variables)
    sample, j = jacobian(lifted)
    for i in range(k):
        for m in range(i):
            proof = {"what": "asymmetric", "i": i, "j": m}
            message = f"ds_{i}/dz_{m} and ds_{m}/dz_{i} differ"
            if found := first(lifted, name, sample, np.abs(j[i, m] - j[m, i]), proof, message):
                return found
    for v in _directions(j):
        gap = -np.einsum("i,ijn,j->n", v, j, v)
        proof = {"what": "negative", "along": [q(float(x)) for x in v]}
        if found := first(lifted, name, sample, gap, proof, "The Jacobian is negative along a direction"):
            return found
    return None


def _directions(j: Array) -> Iterator[Array]:
    """The units, their differences, and the most negative eigenvector met, rounded."""
    k = len(j)
    yield from np.eye(k)
    yield from (np.eye(k)[a] - np.eye(k)[b] for a, b in pairwise(range(k)))
    fine = j[:, :, np.isfinite(j).all(axis=(0, 1))]
    values, vectors = np.linalg.eigh((fine + fine.transpose(1, 0, 2)).transpose(2, 0, 1) / 2)
    worst = int(np.argmin(values[:, 0]))
    yield np.round(vectors[worst, :, 0] * 64) / 64


@np.errstate(all="ignore")
def gradient_sum(lifted: Lifted) -> Outcome | None:
    """A label whose derivatives do not add up to 0, or None."""
    sample, j = jacobian(lifted)
    for y in range(len(lifted.roots)):
        proof, message = {"what": "sum", "i": y}, f"The derivatives of the loss of label {y} do not add up to 0"
        if found := first(lifted, "gradient_sums_to_zero", sample, np.abs(j[y].sum(axis=0)), proof, message):
            return found
    return None


@np.errstate(all="ignore")
def no_identity(lifted: Lifted, asked: str | None) -> Outcome | None:
    """A derivative that is not ``s_j - [j = y]``, or None."""
    sample, j = jacobian(lifted)
    z = np.array(list(sample.values()))
    s = np.exp(z - z.max(axis=0))
    s = s / s.sum(axis=0)
    eye = np.eye(len(z))
    for y in range(len(lifted.roots)):
        for m in range(len(z)):
            if asked == "softmax":
                gap, what = np.abs(j[y, m] - s[m] + eye[y, m]), "softmax"
                message = f"The derivative of the loss of label {y} in score {m} is not softmax_{m} - {eye[y, m]:.0f}"
            else:
                gap, what = np.abs(j[y, m] - j[0, m] + eye[y, m] - eye[0, m]), "common"
                message = f"The gradients of labels {y} and 0 do not differ by e_0 - e_{y}"
            if found := first(lifted, "gradient_identity", sample, gap, {"what": what, "i": y, "j": m}, message):
                return found
    return None


@np.errstate(all="ignore")
def less_pull(lifted: Lifted, reference: str) -> Outcome | None:
    """A label whose score is pulled less than by the reference, or None."""
    sample, j = jacobian(lifted)
    z = np.array(list(sample.values()))
    s = np.exp(z - z.max(axis=0))
    s = s / s.sum(axis=0)
    for y in range(len(lifted.roots)):
        other = (1 - s[y]) * (1 if reference == "cross_entropy" else s[y])
        proof = {"what": "pull", "i": y, "reference": reference}
        message = f"The loss of label {y} pulls less on its score than {reference}"
        if found := first(lifted, "gradient_lower_bound", sample, j[y, y] + other, proof, message):
            return found
    return None
