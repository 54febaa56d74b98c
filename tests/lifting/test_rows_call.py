"""Losses with a signature of their own: sizes, labels, and the same graph from every library."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from losscheck.lifting.lifting import lift
from losscheck.lifting.rows_call import RowsCall
from losscheck.lifting.unsupported import Unsupported


def squares(a: Any, b: Any) -> Any:
    return ((a - b) ** 2).mean()


def same_label(e: Any, y: Any) -> Any:
    """The mean squared distance of rows of one label: 0 / 0 where none has a partner."""
    pairs = (y[:, None] == y[None, :]) & ~np.eye(len(y), dtype=bool)
    return (((e[:, None] - e[None]) ** 2).sum(-1) * pairs).sum() / pairs.sum()


@pytest.mark.parametrize(
    ("signature", "n_classes", "widths", "labels"),
    [
        ("a:(B,D):real b:(B,D):real", None, (6, 6), 1),
        ("a:(N,D):real b:(N,D):real y:(N,):{-1,1}", None, (2, 2), 2),
        ("e:(B,D):real y:(B,):index", None, (6,), 8),
        ("e:(N,D):real c:(K,D):real y:(N,):index", 4, (2, 8), 4),
        ("s:(B,B):real m:(B,B):mask", None, (4,), 16),
        ("a:(5,1):real", None, (5,), 1),
    ],
)
def test_sizes_and_labels(signature: str, n_classes: int | None, widths: tuple[int, ...], labels: int) -> None:
    call = RowsCall(signature, n_classes)
    assert (call.widths, len(call.labels)) == (widths, labels)


def test_one_batch_is_one_call() -> None:
    call = RowsCall("a:(B,D):real y:(B,):index")
    (a, y) = call.arguments(np.arange(6.0)[None], (0, 1, 1), np.int64)
    assert (a.shape, y.tolist()) == ((3, 2), [0, 1, 1])
    with pytest.raises(ValueError, match="2 points; rows interact"):
        call.arguments(np.zeros((2, 6)), (0, 1, 1), np.int64)


def test_independent_rows_are_one_row_each() -> None:
    call = RowsCall("a:(N,D):real y:(N,):{0,1} b:(N,D):real")
    a, y, b = call.arguments(np.arange(8.0).reshape(2, 4), (1,), np.float64)
    assert a.tolist() == [[0, 1], [4, 5]]
    assert b.tolist() == [[2, 3], [6, 7]]
    assert y.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("signature", "told"),
    [
        ("s:(B,L):real m:(4,4):mask", "65536 values of its labels"),
        ("x:(N,K):logsimplex", "the domains real, positive"),
        ("x:(B,4,4):real", "48 numbers"),
        ("a:(N,D):real b:(B,D):real", "beside rows that do not"),
    ],
)
def test_what_is_not_read(signature: str, told: str) -> None:
    with pytest.raises(Unsupported, match=told):
        RowsCall(signature)


def test_a_batch_gives_one_number_or_one_for_each_row() -> None:
    with pytest.raises(Unsupported, match="gives 9 numbers for a batch"):
        lift(lambda a, b: a @ b.T, kind="embedding", signature="a:(B,D):real b:(B,D):real")


def test_every_library_gives_the_same_graph() -> None:
    jnp = pytest.importorskip("jax.numpy")
    signature = "a:(B,D):real b:(B,D):real"
    found = {
        lift(fn, kind="embedding", signature=signature).digest
        for fn in (
            squares,
            lambda a, b: torch.nn.functional.mse_loss(a, b),
            lambda a, b: jnp.mean((a - b) ** 2),
        )
    }
    assert len(found) == 1


def test_labels_without_a_value_are_left_out() -> None:
    lifted = lift(same_label, kind="embedding", signature="e:(B,D):real y:(B,):index", backend="numpy")
    assert [values for values, _ in lifted.labels] == [
        (0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1), (1, 0, 0), (1, 0, 1), (1, 1, 0), (1, 1, 1),
    ]  # fmt: skip
    pair = lift(same_label, kind="embedding", signature="e:(2,2):real y:(2,):index", backend="numpy")
    assert [values for values, _ in pair.labels] == [(0, 0), (1, 1)]


def test_one_root_for_each_row() -> None:
    lifted = lift(
        lambda a, b: ((a - b) ** 2).sum(1), kind="embedding", signature="a:(B,D):real b:(B,D):real", backend="numpy"
    )
    assert lifted.labels == (((), 0), ((), 1), ((), 2))
