"""Code whose branches no recorded comparison shows: a lift must be refused, or be the code also far out and near 0.

Every loss here was read wrongly once: its formula held at all points near 0, and what the code does elsewhere was
hidden from the recording, behind a type, a caught exception, a comparison of NaN or an undefined sub-expression.
"""

import functools
import math
import warnings

import numpy as np
import pytest
import torch
from scipy import special

from losscheck.expr.build import topological
from losscheck.lifting.graph_ball import graph_balls
from losscheck.lifting.lifting import lift
from losscheck.lifting.unsupported import Unsupported


# ---- what the recording sees as something else than the call does
def a_python_float(v):
    return np.array([0.0 if isinstance(x, float) and x < -100 else max(0.0, 1 - x) for x in v.tolist()])


def a_python_float_in_torch(v):
    return torch.tensor([0.0 if isinstance(x, float) and x < -100 else max(0.0, 1 - x) for x in v.tolist()])


def a_python_float_near_zero(v):
    return np.array([5.0 if isinstance(x, float) and 0 < abs(x) < 1e-7 else abs(x) for x in v.tolist()])


def an_attribute(v):
    return np.where(v > 90, 0.0, v**2) if hasattr(v, "strides") else v**2


def a_type(v):
    return np.where(v > 90, 0.0, v**2) if type(v) is np.ndarray else v**2


def a_type_in_torch(v):
    return torch.where(v > 90, torch.zeros_like(v), v**2) if type(v) is torch.Tensor else v**2


class Escaping(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        if type(x) is torch.Tensor:
            return torch.from_numpy(np.where(x.numpy() > 90, 0, x.numpy() ** 2))
        return x**2


def a_function_of_its_own(v):
    return Escaping.apply(v)


def a_type_in_regression(yhat, y):
    pairs = zip(yhat.tolist(), y.tolist(), strict=True)
    return np.array([0.0 if isinstance(a, float) and a - b > 150 else (a - b) ** 2 for a, b in pairs])


# ---- exceptions that a recorded value does not raise
def a_value_error(v):
    found = []
    for x in v:
        try:
            math.sqrt(x + 100)
        except ValueError:
            found.append(7.0)
        else:
            found.append(np.exp(-x))
    return np.array(found)


def a_floating_point_error(v):
    try:
        with np.errstate(invalid="raise"):
            np.log(v + 100)
    except FloatingPointError:
        return 0 * v + 5
    return np.exp(-v)


# ---- what is not a number on a part of the line
def infinities_that_cancel(v):
    r = np.maximum(0, v + 100)
    return (1 / r - 1 / r) + np.maximum(0, 1 - v)


def a_branch_on_nan(v):
    x = np.log(v[0] + 100)
    if x < 0 or x >= 0:
        return np.exp(-v)
    return 3.0 + 0 * v


def a_mask_on_nan(v):
    x = np.log(v + 100)
    return np.where((x < 0) | (x >= 0), np.exp(-v), 3.0)


def a_position_of_nan(v):
    far_below = np.stack([np.zeros_like(v), np.log(v + 100) - 1e6], -1)
    return np.where(np.argmax(far_below, -1) == 0, np.exp(-v), 3.0)


def a_maximum_that_drops_nan(v):
    return np.fmax(np.log(v + 100) * 0, -1) + np.exp(-v)


def relative_entropy_of_negative_numbers(v):
    return special.rel_entr(v + 100, 2 * (v + 100))


def an_infinite_entropy(v):
    return np.where(np.isinf(special.entr(v + 100)), 5.0, 1 / (1 + np.exp(v)))


def a_complex_root(v):
    return np.abs(np.sqrt((v + 100).astype(complex)))


def an_overflow_of_float32(v):
    return np.where(np.isinf(np.exp(v.astype(np.float32))), 0.0, np.exp(v))


def a_cancelling_logarithm_in_a_sliver(v):
    return np.log(np.abs(v - 3.3) - 1e-4) * 0 + np.exp(-v)


def a_mask_on_nan_in_a_sliver(v):
    x = np.log((v - 3.3) ** 2 - 1e-4)
    return np.where((x < 0) | (x >= 0), np.exp(-v), 3.0)


# ---- what a warning, or one row of a batch, decides
def a_warning_that_is_counted(v):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        np.log(v + 50)
    return -(v**2) if caught else v**2


def a_warning_that_is_an_error(v):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return np.exp(-v)
        except RuntimeWarning:
            return 0 * v


def the_largest_of_a_batch(v):
    return v**2 - (v.max() > 1e6)


def the_largest_of_a_batch_in_torch(v):
    return v**2 - (v.max() > 1e6).double()


def any_of_a_batch(v):
    return -(v**2) if (v > 1e5).any() else v**2


REFUSED = [
    a_warning_that_is_counted, a_warning_that_is_an_error, the_largest_of_a_batch, the_largest_of_a_batch_in_torch,
    any_of_a_batch,
    a_cancelling_logarithm_in_a_sliver, a_mask_on_nan_in_a_sliver,
    a_python_float, a_python_float_in_torch, a_python_float_near_zero, an_attribute, a_type, a_type_in_torch,
    a_function_of_its_own, a_value_error, a_floating_point_error, infinities_that_cancel, a_branch_on_nan,
    a_mask_on_nan, a_position_of_nan, a_maximum_that_drops_nan, relative_entropy_of_negative_numbers,
    an_infinite_entropy, a_complex_root, an_overflow_of_float32,
]  # fmt: skip


@pytest.mark.parametrize("loss", REFUSED, ids=lambda f: f.__name__)
def test_a_branch_far_out_that_is_not_recorded_is_refused(loss):
    with pytest.raises(Unsupported):
        lift(loss, kind="margin")


def test_a_branch_on_a_gap_that_is_not_recorded_is_refused():
    with pytest.raises(Unsupported):
        lift(a_type_in_regression, kind="regression")


# ---- what is read as the code has it
def isnan(v):
    return np.where(np.isnan(np.log(v + 100)), 5.0, 1 / (1 + np.exp(v)))


def isnan_in_torch(v):
    return torch.where(torch.isnan(torch.log(v + 100)), torch.full_like(v, 5.0), torch.sigmoid(-v))


def isfinite(v):
    return np.where(np.isfinite(np.sqrt(v + 100)), np.log1p(np.exp(-np.abs(v))) + np.maximum(-v, 0), 0.0)


def unlike_itself(v):
    x = np.log1p(v + 99)
    return np.where(x != x, 5.0, 1 / (1 + np.exp(v)))


def like_itself(v):
    x = (v + 100.0) ** 1.5
    return np.where(x == x, np.exp(-v), 0.0)


def in_a_sliver(v):
    """No random point falls between 3.3 - 1e-4 and 3.3 + 1e-4."""
    return np.where(np.isnan(np.log(np.abs(v - 3.3) - 1e-4)), 5.0, np.abs(v))


def nan_to_num(v):
    return np.nan_to_num(np.sqrt(v + 100), nan=3.0)


def nan_to_num_in_torch(v):
    return torch.nan_to_num(torch.sqrt(v + 100), nan=3.0)


@pytest.mark.parametrize(
    "loss",
    [isnan, isnan_in_torch, isfinite, unlike_itself, like_itself, in_a_sliver, nan_to_num, nan_to_num_in_torch],
    ids=lambda f: f.__name__,
)
def test_what_is_not_a_number_is_a_branch(loss):
    (root,) = lift(loss, kind="margin").roots
    assert "where" in {n.op for n in topological([root])}
    for v in (-1e6, -250.0, -100.5, -99.5, 0.0, 3.3, 3.30009, 50.0):
        given = np.array([v])
        with np.errstate(all="ignore"):
            value = float(loss(torch.from_numpy(given) if "torch" in loss.__name__ else given)[0])
        (ball,) = graph_balls([root], {"v": v})
        assert abs(ball - value) <= 1e-9 * abs(value)


def test_asking_for_nan_of_a_number_that_always_is_one_is_no_branch():
    def loss(z, y):
        log = torch.log_softmax(z, 1)
        assert not torch.isnan(torch.log(torch.softmax(z, 1))).any()
        return -torch.where(torch.isfinite(log), log, 0.0)[torch.arange(len(y)), y]

    ops = {n.op for n in topological(lift(loss, kind="logits").roots)}
    assert "where" not in ops


@functools.cache
def remembered(x):
    return max(0.0, 1 - x)


@pytest.mark.parametrize(
    "loss",
    [
        lambda v: v.clone().apply_(lambda x: 0 if x > 90 else x * x),  # read memory that a recorded tensor has not
        lambda v: v.clone().map_(v, lambda a, b: a * b),
        lambda v: v * float(v.untyped_storage()[0]),
    ],
)
def test_memory_is_not_read(loss):
    with pytest.raises(Unsupported, match="depends on the input"):
        lift(loss, kind="margin", backend="torch")


def test_a_cache_of_values_is_refused():
    with pytest.raises(Unsupported, match="key of a dict"):
        lift(lambda v: np.array([remembered(x) for x in v.tolist()]), kind="margin")


def test_thresholds_far_out_are_compared_on_both_sides():
    # torch.clamp at 1e4 and NumPy's branch at -5e5 are beyond every ordinary point
    assert lift(lambda v: torch.clamp(v, -1e4, 1e4) ** 2, kind="margin", backend="torch").points >= 100

    def wrong_at_the_threshold(v):
        x = float(v[0])
        return np.maximum(0, 1 - v) if x < -5e5 else np.where(v == -5e5, 0.0, np.maximum(0, 1 - v))

    (root,) = lift(wrong_at_the_threshold, kind="margin").roots
    assert "eq" in {n.op for n in topological([root])}


def test_a_maximum_of_the_whole_batch_that_only_prevents_overflow_is_read():
    def loss(z, y):
        e = np.exp(z - z.max())  # rows far below the largest become 0 / 0
        return -np.log(e[np.arange(len(y)), y] / e.sum(1))

    assert lift(loss, kind="logits").points >= 100
