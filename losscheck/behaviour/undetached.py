"""Run a loss as if it had never said ``detach``, ``no_grad`` or ``stop_gradient``: what it holds constant moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def undetached(backend: str = "torch") -> Iterator[None]:
    """Make ``detach`` and ``no_grad`` do nothing within the block; what leaves torch (NumPy, ``item``) stays cut.

    Of JAX the same for ``jax.lax.stop_gradient`` under that name.

    >>> import torch
    >>> x = torch.tensor(3.0, requires_grad=True)
    >>> with undetached():
    ...     y = x.detach() * x
    >>> float(torch.autograd.grad(y, x)[0])
    6.0
    """
    if backend == "jax":
        from unittest.mock import patch

        with patch("jax.lax.stop_gradient", lambda x: x):
            yield
        return
    import torch
    from torch.overrides import TorchFunctionMode

    class Attached(TorchFunctionMode):
        """Record every function, and let tensors through ``detach`` as they are."""

        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            if function in (torch.Tensor.detach, torch.detach):
                return args[0]
            with torch.enable_grad():
                return function(*args, **(kwargs or {}))

    with Attached():
        yield
