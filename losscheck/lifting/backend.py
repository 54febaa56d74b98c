"""Which library a loss is written in, found by reading the names it uses and by calling it once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from losscheck.libraries import libraries_named
from losscheck.lifting.calls import Call, Label
from losscheck.lifting.enclosure import Floats
from losscheck.lifting.owned_code import in_library
from losscheck.lifting.samples import probe
from losscheck.lifting.unsupported import Unsupported


@dataclass(frozen=True)
class Runner:
    """A loss that can be called on concrete points, in one library and with one dtype of labels."""

    fn: Callable[..., Any]
    keywords: dict[str, Any]
    call: Call
    backend: str
    label_dtype: Any

    def __call__(self, points: Floats, label: Label) -> Floats:
        """Return the values of the loss as a flat float64 array; the exceptions are the loss's own.

        All points are of one batch, so parameters with a range take their values from the first.
        """
        arguments = self.call.arguments(points[:, : len(self.call.columns)], label, self.label_dtype)
        keywords = {**self.keywords, **self.call.keywords(points[0])}
        if self.backend == "torch":
            import torch

            with torch.no_grad():
                result = self.fn(*(torch.from_numpy(a) for a in arguments), **keywords)
        elif self.backend == "jax":
            result = self._compiled(arguments, self.call.keywords(points[0]))
        else:
            with np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"):  # a loss may catch these
                result = self.fn(*arguments, **keywords)
        return flat(result)

    @cached_property
    def _compiled(self) -> Callable[..., Any]:
        from losscheck.lifting.jax_calling import Compiled

        return Compiled(self.fn, self.keywords)


def flat(result: Any) -> Floats:
    """Return a result as a flat float64 array; of a tuple ``(loss, aux)`` the first."""
    if isinstance(result, (tuple, list)) and result and not isinstance(result[0], (int, float)):
        result = result[0]
    if hasattr(result, "detach"):
        result = result.detach().double().numpy()
    return np.asarray(result, dtype=np.float64).reshape(-1)


def runners(fn: Callable[..., Any], keywords: dict[str, Any], call: Call, backend: str | None) -> list[Runner]:
    """Find the libraries, and for each a dtype of labels, that the loss accepts; the likeliest library first.

    Raises
    ------
    ValueError
        When ``backend`` is not known.
    Unsupported
        When the loss accepts none.
    """
    if backend not in (None, "numpy", "torch", "jax"):
        raise ValueError(f"backend={backend!r} is not known; backends are 'numpy', 'torch' and 'jax', None finds out")
    found: list[Runner] = []
    failure: BaseException | None = None
    for name in guesses(fn) if backend is None else (backend,):
        for dtype in call.label_dtypes:
            runner = Runner(fn, keywords, call, name, dtype)
            try:
                for label in call.labels:
                    runner(probe(call), label)
            except Exception as error:  # whatever the loss raises, it does not accept this
                failure = failure or error
            else:
                found.append(runner)
                break
    if not found:
        message = f"the loss raises {type(failure).__name__} on a valid input: {failure}"
        raise Unsupported(message, where(failure)) from failure
    return found


def where(error: BaseException | None) -> str | None:
    """Return ``file:line`` of the innermost frame of an exception that is in no library."""
    found, trace = None, error.__traceback__ if error else None
    while trace is not None:
        if not in_library(trace.tb_frame.f_globals.get("__name__")):
            found = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


def guesses(fn: Callable[..., Any]) -> tuple[str, ...]:
    """Order the libraries by what the code names; torch and JAX only when they have been imported."""
    named = libraries_named(fn)
    if "jax" in named and "jax" in sys.modules:
        return ("jax",) if named == {"jax"} else ("jax", "numpy")
    if "torch" not in sys.modules:
        return ("numpy",)
    if "torch" in named:
        return ("torch",) if named == {"torch"} else ("torch", "numpy")
    return ("numpy", "torch")
