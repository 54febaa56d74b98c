"""Which library a loss is written in, found by reading the names it uses and by calling it once."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from losscheck.lifting.calls import Call, Label
from losscheck.lifting.enclosure import Floats
from losscheck.lifting.patches import own_globals
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
        """Return the values of the loss as a flat float64 array; the exceptions are the loss's own."""
        arguments = self.call.arguments(points, label, self.label_dtype)
        if self.backend == "torch":
            import torch

            with torch.no_grad():
                result = self.fn(*(torch.from_numpy(a) for a in arguments), **self.keywords)
        else:
            with np.errstate(all="ignore"):
                result = self.fn(*arguments, **self.keywords)
        return flat(result)


def flat(result: Any) -> Floats:
    """Return a result as a flat float64 array; of a tuple ``(loss, aux)`` the first."""
    if isinstance(result, (tuple, list)) and result and not isinstance(result[0], (int, float)):
        result = result[0]
    if hasattr(result, "detach"):
        result = result.detach().double().numpy()
    return np.asarray(result, dtype=np.float64).reshape(-1)


def choose(fn: Callable[..., Any], keywords: dict[str, Any], call: Call, backend: str | None) -> Runner:
    """Find a library and a dtype of labels that the loss accepts.

    Raises
    ------
    ValueError
        When ``backend`` is not known.
    Unsupported
        When the loss accepts none.
    """
    if backend not in (None, "numpy", "torch"):
        raise ValueError(f"backend={backend!r} is not known; backends are 'numpy' and 'torch', None finds out")
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
                return runner
    raise Unsupported(
        f"the loss raises {type(failure).__name__} on a valid input: {failure}", where(failure)
    ) from failure


def where(error: BaseException | None) -> str | None:
    """Return ``file:line`` of the innermost frame of an exception that is in no library."""
    found, trace = None, error.__traceback__ if error else None
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__") or ""
        if not name.startswith(("losscheck.", "torch", "numpy", "scipy")):
            found = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


def guesses(fn: Callable[..., Any]) -> tuple[str, ...]:
    """Order the libraries by the names that the code uses; torch only when it has been imported."""
    torch = sys.modules.get("torch")
    if torch is None:
        return ("numpy",)
    if isinstance(fn, torch.nn.Module) or str(getattr(fn, "__module__", "") or "").startswith("torch"):
        return ("torch",)
    used = set()
    for space in own_globals(fn):
        for value in space.values():
            home = value.__name__ if isinstance(value, types.ModuleType) else getattr(value, "__module__", "") or ""
            used.add(str(home).split(".")[0])
    names = _names(fn)
    if "torch" in names or ("torch" in used and not {"np", "numpy"} & names):
        return ("torch", "numpy")
    return ("numpy", "torch")


def _names(fn: Callable[..., Any]) -> set[str]:
    found: set[str] = set()
    queue = [getattr(fn, "func", fn)]
    while queue:
        code = getattr(queue.pop(), "__code__", None)
        if code is not None:
            found |= set(code.co_names)
    return found
