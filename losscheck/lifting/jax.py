"""The JAX frontend: record a loss that is written in JAX, by reading its jaxpr on symbolic arrays.

JAX itself traces the code (``jax.make_jaxpr``) with labels as the numbers they are, in float64; what the code computes
in a narrower format is rounded there in the check against the code. A Python branch on a traced value cannot be read:
JAX refuses it, as it does under ``jax.jit``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from losscheck.expr.trace import Trace
from losscheck.lifting.jax_interpreter import interpret
from losscheck.lifting.jax_table import cells_of, symbolic
from losscheck.lifting.unsupported import Unsupported, refuse_text


@contextmanager
def _without_text(tracer: type) -> Iterator[None]:
    """Refuse the text of traced values while JAX runs the code."""
    text: Any = tracer.__repr__

    def refuse(self: Any) -> str:
        refuse_text()
        said: str = text(self)
        return said

    tracer.__repr__ = refuse  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        tracer.__repr__ = text  # type: ignore[method-assign]


def record_jax(fn: Callable[..., Any], arguments: Sequence[Any], keywords: dict[str, Any]) -> list[Trace]:
    """Read ``fn`` once on the current path; object arrays among the arguments are symbolic.

    Raises
    ------
    Unsupported
        When a construct cannot be read, or the result is no array of numbers.
    """
    import jax

    inputs = [a for a in (*arguments, *keywords.values()) if symbolic(a)]

    def called(*given: Any) -> Any:
        rest = iter(given)
        args = [next(rest) if symbolic(a) else jax.numpy.asarray(a) for a in arguments]
        named = {name: next(rest) if symbolic(a) else a for name, a in keywords.items()}
        result = fn(*args, **named)
        return result[0] if isinstance(result, (tuple, list)) and result else result

    with jax.enable_x64(True), _without_text(jax.core.Tracer):
        try:
            closed = jax.make_jaxpr(called)(*(np.full(a.shape, 0.5) for a in inputs))
        except jax.errors.TracerBoolConversionError as error:
            told = "a Python branch on a value that depends on the input; use jax.numpy.where or jax.lax.cond"
            raise Unsupported(told) from error
        if len(closed.jaxpr.outvars) != 1:
            raise Unsupported(f"the loss returns {len(closed.jaxpr.outvars)} arrays, not one")
        (out,) = interpret(closed.jaxpr, closed.consts, inputs)
    return list(cells_of(out).reshape(-1))
