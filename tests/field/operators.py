"""Losses of libraries that import torchvision, where its compiled operators are of another build than torch.

torchvision registers Python parts of ``nms`` and ``qnms`` while it is imported, which fails where the compiled library
did not load. None of the losses uses an operator; so the two are declared by their schema, here and in the worker.
"""

from __future__ import annotations

import importlib
import importlib.util
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_DECLARED: list[Any] = []


def declare() -> None:
    """Declare torchvision's operators where it is installed and does not import as it is."""
    if _DECLARED or importlib.util.find_spec("torchvision") is None:
        return
    torch = importlib.import_module("torch")
    try:
        importlib.import_module("torchvision")
    except RuntimeError:
        library = torch.library.Library("torchvision", "FRAGMENT")
        for name in ("nms", "qnms"):
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        _DECLARED.append(library)  # what it declares lives as long as it does


@dataclass(frozen=True)
class Declared:
    """A loss that travels with the declaration: whoever loads it gets the loss itself."""

    function: Callable[..., Any]

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how it is loaded."""
        import cloudpickle

        return _loaded, (cloudpickle.dumps(self.function),)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the loss."""
        return self.function(*args, **kwargs)


def _loaded(data: bytes) -> Any:
    declare()
    return pickle.loads(data)
