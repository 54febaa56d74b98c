"""Call JAX code on many points: compiled once per shape, or operation by operation where it cannot be compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

EAGER = 60
"""Every call of this number runs the code as Python sees it, operation by operation."""
FAR, EAGER_FAR = 60.0, 3
"""Of the calls with numbers beyond this every third runs so too."""


class Compiled:
    """A function of arrays and keywords, called in float64; compiled, but for some calls.

    Fusing operations moves results by less than the rounding of each, which the check against the code allows for. Code
    that does something else when it is traced (``isinstance(x, jax.core.Tracer)``) shows in the calls that are not.
    """

    def __init__(self, fn: Callable[..., Any], keywords: Mapping[str, Any]) -> None:
        import jax

        self._fn, self._keywords = fn, dict(keywords)
        self._calls = self._far = 0
        self._compiled: Any = jax.jit(lambda arguments, moving: fn(*arguments, **{**self._keywords, **moving}))

    def __call__(self, arguments: Sequence[Any], moving: Mapping[str, float]) -> Any:
        """Return the result; ``moving`` are keywords that change from call to call."""
        import jax

        with jax.enable_x64(True):
            given = [jax.numpy.asarray(a) for a in arguments]
            self._calls += 1
            far = any(np.max(np.abs(a), initial=0) > FAR for a in arguments)
            self._far += far
            eager = self._calls % EAGER == 0 or (far and self._far % EAGER_FAR == 0)
            if self._compiled is not None and not eager:
                try:
                    return self._compiled(given, dict(moving))
                except jax.errors.JAXTypeError:  # it needs numbers where tracing has none
                    self._compiled = None
            return self._fn(*given, **{**self._keywords, **moving})
