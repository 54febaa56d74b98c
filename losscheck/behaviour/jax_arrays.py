"""JAX arrays in and out, and gradients by its transformations; everything runs where 64-bit numbers are enabled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from losscheck.behaviour.formats import Array


def surroundings() -> AbstractContextManager[Any]:
    """Return the context in which the loss is called: JAX rounds to 32 bits outside of it."""
    import jax

    context: AbstractContextManager[Any] = jax.enable_x64(True)
    return context


def to_native(values: Array, dtype: str, *, gradient: bool = False) -> Any:
    """Return an array of ``dtype``; whether a gradient is wanted is said when it is taken."""
    import jax.numpy as jnp

    with surroundings():
        return jnp.asarray(np.asarray(values), dtype=jnp.dtype(dtype))


def to_array(native: Any) -> Array:
    """Return a result as a float64 array of its own."""
    return np.array(np.asarray(native), dtype=np.float64)


def dtype_of(native: Any) -> str:
    """Return the dtype a result has, ``python`` for a plain number."""
    return str(native.dtype) if hasattr(native, "dtype") else "python"


class PullBack:
    """Gradients of one function by the arguments at some places: compiled once per shape, where it can be compiled."""

    def __init__(self, call: Callable[..., Any], places: Sequence[int]) -> None:
        import jax

        def plain(arguments: Sequence[Any], upstream: Any) -> Any:
            _, back = jax.vjp(_of_some(call, arguments, places), *(arguments[i] for i in places))
            return back(upstream)

        self._plain, self._compiled = plain, jax.jit(plain)

    def __call__(self, arguments: Sequence[Any], out: Any, cotangent: Array | None) -> list[Array | None]:
        """Return the gradients of ``sum(cotangent * out)``; ``out`` is what a call with these arguments gave."""
        import jax
        import jax.numpy as jnp

        with surroundings():
            upstream = np.ones(out.shape) if cotangent is None else np.broadcast_to(cotangent, out.shape)
            above = jnp.asarray(upstream, dtype=out.dtype)
            try:
                found = self._compiled(list(arguments), above)
            except jax.errors.JAXTypeError:  # it needs numbers where tracing has none
                found = self._plain(list(arguments), above)
            return [to_array(each) for each in found]


def pull_back_twice(call: Callable[..., Any], arguments: Sequence[Any], place: int, direction: Array) -> Array:
    """Return the Hessian of ``sum(call(*arguments))`` by one argument, times ``direction``."""
    import jax
    import jax.numpy as jnp

    some = _of_some(call, arguments, [place])
    with surroundings():
        leaf = arguments[place]
        moved = jnp.asarray(direction, dtype=leaf.dtype)
        return to_array(jax.jvp(jax.grad(lambda x: some(x).sum()), (leaf,), (moved,))[1])


def _of_some(call: Callable[..., Any], arguments: Sequence[Any], places: Sequence[int]) -> Callable[..., Any]:
    def of_some(*some: Any) -> Any:
        import jax.numpy as jnp

        every = list(arguments)
        for place, value in zip(places, some, strict=True):
            every[place] = value
        out = call(*every)
        return jnp.asarray(out[0] if isinstance(out, tuple | list) else out)

    return of_some
