"""Torch tensors in and out, and reverse-mode gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from losscheck.behaviour.formats import Array


def to_native(values: Array, dtype: str, *, gradient: bool = False, device: str = "cpu") -> Any:
    """Return a fresh tensor of ``dtype`` on a device, a leaf that asks for its gradient if wanted."""
    import torch

    tensor = torch.tensor(values).to(device, getattr(torch, dtype))
    return tensor.requires_grad_(True) if gradient and tensor.is_floating_point() else tensor


def to_array(native: Any) -> Array:
    """Return a tensor (or a Python number) as a float64 array of its own."""
    import torch

    if isinstance(native, torch.Tensor):
        return np.array(native.detach().to(torch.float64).cpu().numpy(force=True))
    return np.array(native, dtype=np.float64)


def dtype_of(native: Any) -> str:
    """Return the dtype a result has, ``python`` for a plain number."""
    return str(native.dtype).removeprefix("torch.") if hasattr(native, "dtype") else "python"


def pull_back(output: Any, leaves: list[Any], cotangent: Array | None) -> list[Array | None]:
    """Return the gradient of ``sum(cotangent * output)`` by each leaf, None where the graph is cut."""
    import torch

    if not isinstance(output, torch.Tensor) or not output.requires_grad:
        return [None for _ in leaves]
    if cotangent is None:
        upstream = torch.ones_like(output)
    else:
        upstream = torch.tensor(np.asarray(cotangent)).to(output).expand(output.shape).clone()
    found = torch.autograd.grad(output, leaves, upstream, allow_unused=True)
    return [None if each is None else to_array(each) for each in found]


def pull_back_twice(output: Any, leaf: Any, direction: Array) -> Array | None:
    """Return the Hessian of ``sum(output)`` by ``leaf`` times ``direction``; None where the gradient has no graph."""
    import torch

    (gradient,) = torch.autograd.grad(output.sum(), [leaf], create_graph=True)
    if not gradient.requires_grad:
        return None
    upstream = torch.tensor(direction).to(gradient)
    (product,) = torch.autograd.grad(gradient, [leaf], upstream, allow_unused=True)
    return np.zeros(leaf.shape) if product is None else to_array(product)
