"""Cross-entropy of a linear layer, block by block, and spherical losses, against whole matrices."""

import tracemalloc
from typing import Any

import numpy as np
import pytest

from losscheck.kernel import kernels
from losscheck.kernels import linear_cross_entropy as module
from losscheck.kernels.passes.spherical_output import SphericalOutput, z_slopes

KERNELS = kernels()
RUN = KERNELS["linear_cross_entropy"].run


def layer(n: int, v: int, d: int, dtype: Any) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(2)
    return rng.standard_normal((n, d)).astype(dtype), rng.standard_normal((v, d)).astype(dtype), rng.integers(0, v, n)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize(("n", "v"), [(5, 3), (70, 33), (33, 700)])
def test_blocks_add_up_to_the_whole(n: int, v: int, dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK_ROWS", 16)
    monkeypatch.setattr(module, "BLOCK_CLASSES", 128)
    h, w, y = layer(n, v, 8, dtype)
    logits = h.astype(float) @ w.astype(float).T
    slopes = np.empty_like(logits)
    value = KERNELS["cross_entropy"].run(logits, y, grad=slopes, scale=0.5)
    one, many = np.empty_like(h), np.empty_like(w)
    got = RUN(h, w, y, grad_hidden=one, grad_weight=many, scale=0.5)
    tight = {"float16": 2e-3, "float32": 2e-5, "float64": 1e-12}[dtype]
    np.testing.assert_allclose(got, value, rtol=tight, atol=tight)
    np.testing.assert_allclose(one, slopes @ w, rtol=tight, atol=10 * tight)
    np.testing.assert_allclose(many, slopes.T @ h, rtol=tight, atol=10 * tight)
    assert got.dtype == dtype


def test_the_filter_keeps_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK_CLASSES", 4)
    h, w, y = layer(2, 40, 8, "float64")
    exact, broad = (np.empty_like(h), np.empty_like(w)), (np.empty_like(h), np.empty_like(w))
    RUN(h, w, y, grad_hidden=exact[0], grad_weight=exact[1])
    threshold = 5e-2
    RUN(h, w, y, grad_hidden=broad[0], grad_weight=broad[1], threshold=threshold)
    hidden, weight = (np.linalg.norm(a - b, axis=1).max() for a, b in zip(exact, broad, strict=True))
    assert 0 < hidden <= threshold * len(w) * np.linalg.norm(w, axis=1).max()
    assert 0 < weight <= threshold * len(h) * np.linalg.norm(h, axis=1).max()


def test_memory_is_a_block_and_not_all_logits() -> None:
    h, w, y = layer(2048, 20_000, 4, "float32")
    grads = np.empty_like(h), np.empty_like(w)
    tracemalloc.start()
    RUN(h, w, y, grad_hidden=grads[0], grad_weight=grads[1])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 0.45 * 4 * len(h) * len(w)


def test_special_logits_and_refusals() -> None:
    h, w = np.array([[1.0], [np.nan], [2.0]]), np.array([[1.0], [np.inf], [2.0]])
    grad = np.empty_like(h)
    assert np.isnan(RUN(h, w, [0, 1, 2], grad_hidden=grad)).all()
    assert np.isnan(grad).all()
    assert RUN(h[:1], w[:1], [0], grad_hidden=grad[:1]) == 0 == grad[0, 0]
    with pytest.raises(TypeError, match="hidden has dtype float64 and weight float32; give one dtype"):
        RUN(h, w.astype("float32"), [0, 1, 2])
    with pytest.raises(ValueError, match=r"give \(N, D\) and \(V, D\)"):
        RUN(h, np.ones((3, 2)), [0, 1, 2])
    with pytest.raises(ValueError, match=r"labels lie in 0 \.\. 3; allowed are 0 \.\. 2"):
        RUN(h, w, [0, 1, 3])
    with pytest.raises(ValueError, match=r"threshold is -1; give a number in \[0, inf\)"):
        RUN(h, w, [0, 1, 2], threshold=-1)


def test_steps_on_a_spherical_loss_are_those_on_the_whole_matrix() -> None:
    rng = np.random.default_rng(3)
    w = rng.standard_normal((50, 6))
    fast = SphericalOutput(w)
    for _ in range(40):
        h, y = rng.standard_normal(6), int(rng.integers(50))
        grad = np.empty((1, 50))
        value = KERNELS["z_loss"].run((w @ h)[None], [y], 0.5, 4.0, grad=grad)
        got, slope = fast.step(h, y, 0.05, lambda *a: z_slopes(*a, 0.5, 4.0))
        np.testing.assert_allclose(got, value[0], rtol=1e-9)
        np.testing.assert_allclose(slope, grad[0] @ w, rtol=1e-8, atol=1e-12)
        w = w - 0.05 * np.outer(grad[0], h)
        np.testing.assert_allclose(fast.weight(), w, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(fast.gram, w.T @ w, rtol=1e-8, atol=1e-9)
