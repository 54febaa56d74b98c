"""Keras 3 losses, on the backend Keras runs on: prediction first, one value per row.

What is audited is ``call``, the mathematics of the loss: ``__call__`` would cast everything to ``floatx`` first, and
reduce. ``from_logits`` decides the kind.

References
----------
.. [1] F. Chollet et al., Keras 3, ``keras/src/losses/losses.py``.
"""

from __future__ import annotations

import importlib
import os
import pickle
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from losscheck.loss import Loss

# Class -> kind on probabilities, kind on scores; how each is called, never what is true of it.
KINDS = {
    "BinaryCrossentropy": ("probability", "binary"),
    "BinaryFocalCrossentropy": ("probability", "binary"),
    "SparseCategoricalCrossentropy": ("simplex", "logits"),
    "CategoricalCrossentropy": (None, "soft"),
    "CategoricalFocalCrossentropy": (None, "soft"),
    "Hinge": ("signed", "signed"),
    "SquaredHinge": ("signed", "signed"),
    "MeanSquaredError": ("regression", "regression"),
    "MeanAbsoluteError": ("regression", "regression"),
    "MeanAbsolutePercentageError": ("regression", "regression"),
    "Huber": ("regression", "regression"),
    "LogCosh": ("regression", "regression"),
}
_LIBRARY = {"jax": "jax.numpy", "torch": "torch", "numpy": "numpy"}
_COLUMNS = frozenset({"probability", "binary", "signed", "regression"})


@dataclass(frozen=True)
class KerasLoss:
    """A Keras loss called with the prediction first; ``library`` is that of the arrays it computes with."""

    loss: Any
    library: ModuleType
    column: bool

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel with the backend: the process that loads it must not import Keras with another."""
        import cloudpickle

        return _restored, (
            importlib.import_module("keras").backend.backend(),
            cloudpickle.dumps(self.loss),
            self.column,
        )

    def __call__(self, prediction: Any, target: Any) -> Any:
        """Return the loss of each row; a row of one number is a column to Keras, which takes means over rows."""
        if self.column:
            return self.loss.call(target[:, None], prediction[:, None])
        return self.loss.call(target, prediction)


def _restored(backend: str, data: bytes, column: bool) -> KerasLoss:
    """Read what an audit sent to its worker, where Keras may not have been imported yet."""
    if "keras" not in sys.modules:
        os.environ["KERAS_BACKEND"] = backend
    running = importlib.import_module("keras").backend.backend()
    if running != backend:
        raise ImportError(f"the loss computes with {backend!r}, but Keras runs on {running!r} here; set KERAS_BACKEND")
    return KerasLoss(pickle.loads(data), importlib.import_module(_LIBRARY[backend]), column)


def adapt(thing: Any) -> Loss | None:
    """Return a Keras loss as a loss; None for what is none, or where its backend's arrays are not known here.

    Raises
    ------
    ValueError
        If Keras runs on a backend whose arrays cannot be made here.
    """
    if not callable(getattr(thing, "call", None)) or not hasattr(thing, "reduction"):
        return None
    backend = importlib.import_module("keras").backend.backend()
    if backend not in _LIBRARY:
        raise ValueError(f"Keras runs on {backend!r}; set KERAS_BACKEND to one of {', '.join(_LIBRARY)}")
    name = type(thing).__name__
    settings = getattr(thing, "_fn_kwargs", {})
    scores = bool(getattr(thing, "from_logits", settings.get("from_logits", False)))
    kind = KINDS.get(name, (None, None))[scores]
    library = importlib.import_module(_LIBRARY[backend])
    return Loss(KerasLoss(thing, library, kind in _COLUMNS), kind=kind, label=name)
