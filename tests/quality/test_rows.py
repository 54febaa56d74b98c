"""Theory of losses whose rows interact: truths by hand, and losses that break one hypothesis each."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from losscheck.lifting.lifted import Lifted
from losscheck.lifting.lifting import lift
from losscheck.property import properties
from losscheck.verifier import CertificateRejected, verify

PAIR = "a:(B,D):real b:(B,D):real"
TRIPLET = "a:(B,D):real p:(B,D):real n:(B,D):real"
Answers = dict[str, Any]


def length(x: Any) -> Any:
    return np.sqrt((x * x).sum(1, keepdims=True))


def info_nce(a: Any, b: Any) -> Any:
    s = 2 * (a / length(a)) @ (b / length(b)).T
    return (np.log(np.exp(s).sum(1)) - np.diag(s)).mean()


def info_nce_floor(a: Any, b: Any) -> Any:
    unit = torch.nn.functional.normalize
    return torch.nn.functional.cross_entropy(2 * unit(a) @ unit(b).T, torch.arange(len(a)))


def info_nce_plus(a: Any, b: Any) -> Any:
    s = (a / (length(a) + 1e-6)) @ (b / (length(b) + 1e-6)).T
    return (np.log(np.exp(s).sum(1)) - np.diag(s)).mean()


def where_unit(x: Any) -> Any:
    return x / np.where(length(x) > 0, length(x), 1.0)


def cosine_where(a: Any, b: Any) -> Any:
    return 1 - (where_unit(a) * where_unit(b)).sum(1)


def cosine_too_long(a: Any, b: Any) -> Any:
    """Divide by a length that leaves out half of one coordinate, so it is no cosine."""
    short = np.sqrt(a[:, 0] ** 2 + a[:, 1] ** 2 / 4)
    return 1 - (a * b).sum(1) / (short * length(b)[:, 0])


def triplet(a: Any, p: Any, n: Any) -> Any:
    return np.maximum(length(a - p) - length(a - n) + 0.5, 0).mean()


def triplet_of_squares(a: Any, p: Any, n: Any) -> Any:
    return np.maximum(((a - p) ** 2).sum(1) - ((a - n) ** 2).sum(1) + 1, 0)


def covariances(a: Any, b: Any) -> Any:
    a, b = a - a.mean(0), b - b.mean(0)
    return (((a.T @ a) - (b.T @ b)) ** 2).sum() / 16


def first_row_counts(a: Any, b: Any) -> Any:
    return ((a - b) ** 2).sum(1) @ np.array([1.0, 1.0, 1.0 + 2.0**-20])


def prototypes(e: Any, c: Any, y: Any) -> Any:
    d = ((e[:, None] - c[None]) ** 2).sum(-1)
    return np.log(np.exp(-d).sum(1)) + d[np.arange(len(e)), y]


def dot_logistic(a: Any, b: Any, y: Any) -> Any:
    return np.log1p(np.exp(-y * (a * b).sum(1)))


def hinged_spread(e: Any) -> Any:
    return np.maximum(1 - np.sqrt(((e - e.mean(0)) ** 2).mean(0) + 0.01), 0).sum()


def around_mean(e: Any) -> Any:
    return 0.5 * ((e - e.mean(0)) ** 2).sum()


def log_likelihood(m: Any, y: Any, v: Any) -> Any:
    return 0.5 * (np.log(v) + (y - m) ** 2 / v)


def bends_for_one_label(e: Any, y: Any) -> Any:
    """Convex for most labels: for 0 1 0 it is a difference of squares."""
    turned = (y[0] == 0) & (y[1] == 1) & (y[2] == 0)
    return (e[0] ** 2).sum() + (-1.0 if turned else 1.0) * (e[1] ** 2).sum()


CASES: list[tuple[Callable[..., Any], str, Answers]] = [
    (
        info_nce,
        PAIR,
        {
            "nonnegative": True,
            "bounded_above": True,
            "scale_invariant": True,
            "homogeneous_degree": 0.0,
            "shift_invariant": False,
            "permutation_equivariant": True,
            "symmetric_arguments": False,
            "convex": False,
        },
    ),
    (
        info_nce_floor,
        PAIR,
        {"nonnegative": True, "bounded_above": True, "scale_invariant": False, "homogeneous_degree": None},
    ),
    (info_nce_plus, PAIR, {"nonnegative": True, "bounded_above": True, "scale_invariant": False}),
    (cosine_where, PAIR, {"nonnegative": True, "bounded_above": True, "symmetric_arguments": True}),
    (cosine_too_long, PAIR, {"nonnegative": False, "scale_invariant": True, "symmetric_arguments": False}),
    (
        triplet,
        TRIPLET,
        {
            "nonnegative": True,
            "bounded_above": False,
            "shift_invariant": True,
            "gradient_sums_to_zero": True,
            "scale_invariant": False,
            "convex": False,
            "differentiable": False,
            "smoothness": math.inf,
        },
    ),
    (triplet_of_squares, TRIPLET, {"convex": True, "jointly_convex": False, "differentiable": False}),
    (
        covariances,
        PAIR,
        {"shift_invariant": True, "symmetric_arguments": True, "homogeneous_degree": 4.0, "lipschitz": math.inf},
    ),
    (first_row_counts, PAIR, {"permutation_equivariant": False, "jointly_convex": True, "homogeneous_degree": 2.0}),
    (
        prototypes,
        "e:(N,D):real c:(K,D):real y:(N,):index",
        {"nonnegative": True, "convex": True, "shift_invariant": True, "differentiable": True},
    ),
    (
        dot_logistic,
        "a:(N,D):real b:(N,D):real y:(N,):{-1,1}",
        {"nonnegative": True, "convex": True, "jointly_convex": False, "bounded_above": False},
    ),
    (hinged_spread, "e:(B,D):real", {"nonnegative": True, "bounded_above": True, "shift_invariant": True}),
    (
        around_mean,
        "e:(B,D):real",
        {"convex": True, "smoothness": 1.0, "gradient_sums_to_zero": True, "homogeneous_degree": 2.0},
    ),
    (
        log_likelihood,
        "m:(N,):real y:(N,):real v:(N,):positive",
        {"nonnegative": False, "bounded_below": False, "convex": True, "lipschitz": math.inf},
    ),
    (bends_for_one_label, "e:(B,D):real y:(B,):{0,1}", {"convex": False, "permutation_equivariant": False}),
]


@pytest.mark.parametrize(("loss", "signature", "truths"), CASES, ids=lambda x: getattr(x, "__name__", ""))
def test_truths_by_hand(loss: Callable[..., Any], signature: str, truths: Answers) -> None:
    lifted = lift(loss, kind="embedding", signature=signature)
    for name, truth in truths.items():
        found = properties()[name].answer(lifted)
        assert found.verdict.value == ("refuted" if truth is False else "proved"), (name, found.message)
        if not isinstance(truth, bool):
            assert found.value == truth, name
        said = verify(found.certificate)
        assert (said.property, said.graph) == (name, lifted.digest)


def read(loss: Callable[..., Any], signature: str = PAIR) -> Lifted:
    return lift(loss, kind="embedding", signature=signature)


def test_what_has_no_meaning() -> None:
    lifted = read(log_likelihood, "m:(N,):real y:(N,):real v:(N,):positive")
    for name in ("shift_invariant", "scale_invariant", "permutation_equivariant", "symmetric_arguments"):
        assert properties()[name].answer(lifted).verdict.value == "not_applicable", name


def test_the_finding_says_for_which_sizes_and_labels() -> None:
    found = properties()["nonnegative"].answer(read(dot_logistic, "a:(N,D):real b:(N,D):real y:(N,):{-1,1}"))
    assert found.domain == "N = 1, D = 2; a, b in real; labels -1 or 1; where the loss has a value"


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.pop("arguments"),
        lambda c: c.update(n_classes=3),
        lambda c: c["arguments"].append(c["arguments"][0]),
        lambda c: c["arguments"][0].__setitem__(2, "complex"),
        lambda c: c["arguments"][0].__setitem__(1, [["B", 10**9], ["D", 2]]),
        lambda c: c["arguments"][0].__setitem__(2, [0, 1]),
        lambda c: c.update(labels=[[[0], None]]),
        lambda c: c.update(labels=[[[], None], [[], None]]),
        lambda c: c.update(labels=[[[], 7]]),
        lambda c: c.update(variables=c["variables"][::-1]),
    ],
)
def test_hostile_arguments_are_rejected(change: Callable[[Any], Any]) -> None:
    import copy
    import json

    found = properties()["permutation_equivariant"].answer(read(info_nce))
    certificate = copy.deepcopy(json.loads(json.dumps(found.certificate)))
    verify(certificate)
    change(certificate)
    with pytest.raises(CertificateRejected):
        verify(certificate)


def test_a_domain_may_not_be_widened() -> None:
    """The statement's digest names the domains, so a proof for positive numbers is none for all."""
    import json

    found = properties()["nonnegative"].answer(read(lambda a: a.sum(), "a:(B,):positive"))
    certificate = json.loads(json.dumps(found.certificate))
    assert found.verdict.value == "proved"
    certificate["arguments"][0][2] = certificate["domain"] = "real"
    with pytest.raises(CertificateRejected):
        verify(certificate)
