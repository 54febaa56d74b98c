"""Digits and slopes of entries far out, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from losscheck.catalogue import find


@pytest.mark.parametrize(("dtype", "rel"), [(torch.float32, 2e-5), (torch.float64, 1e-12)])
def test_shares_of_soft_topk_next_to_0_and_1(dtype: torch.dtype, rel: float) -> None:
    # One winner by 60: sigmoid(-(60 + t)) = 2 sigmoid(t), so e^-60 = 2 e^2t up to e^-29, and t = -30 - log(2) / 2.
    z = torch.tensor([[1060.0, 1000.0, 1000.0]], dtype=dtype, requires_grad=True)
    share = find("soft_topk").function(z)
    other = math.exp(-30) / math.sqrt(2)
    assert share[0, 1:].tolist() == pytest.approx([other, other], rel=rel)
    # d share_1 / d z_1 = s_1 - s_1 s_1 / (s_0 + s_1 + s_2) with slopes s_1 = s_2 = other, s_0 = 2 other.
    (slope,) = torch.autograd.grad(share[0, 1], z)
    assert slope[0].tolist() == pytest.approx([-other / 2, other * 3 / 4, -other / 4], rel=rel)


def test_soft_topk_of_any_number_and_gap() -> None:
    z = np.random.default_rng(0).normal(0, 100, (50, 6))
    for kept in (0.5, 1.0, 2.0, 4.75):
        assert find("soft_topk").function(z, kept=kept).sum(axis=1) == pytest.approx(np.full(50, kept), abs=1e-12)


def test_the_orthogonal_gradient_of_nothing_has_a_slope() -> None:
    g, w = torch.zeros(1, 2, dtype=torch.float64, requires_grad=True), torch.tensor([[3.0, 4.0]], dtype=torch.float64)
    made = find("orthogonal_gradient").function(g, w)
    assert made.tolist() == [[0.0, 0.0]]
    (slope,) = torch.autograd.grad(made[0, 0], g)
    assert slope[0].tolist() == pytest.approx([1 - 9 / 25, -12 / 25])  # the projection


def test_the_arcsine_loss_of_a_small_probability() -> None:
    value = find("arcsine_probability").function(np.float32([1e-8]), np.array([0]))
    assert abs(value[0]) <= 2e-11  # 2/3 p^1.5 = 7e-13, and a rounding of sqrt(p)


def test_where_the_complementary_log_log_overflows() -> None:
    def slope(z: float) -> float:
        score = torch.tensor([z], requires_grad=True)
        find("cloglog").function(score, torch.tensor([1])).backward()
        return float(score.grad[0])

    assert slope(-88.0) == pytest.approx(-1)
    assert slope(-89.0) == -math.inf  # 1 / e^-89 = 4.5e38 is beyond float32
