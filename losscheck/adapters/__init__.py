"""Losses of other libraries' making, as losses this one can call: prediction first, target second, one value per row.

Plain functions of torch, NumPy, JAX, optax and torchmetrics need no adapter. What does has one file here; the library
itself is never imported, its objects are known by the module of their class.
"""

from __future__ import annotations

import importlib
from typing import Any

from losscheck.loss import Loss

ADAPTERS = {
    "sklearn._loss": "losscheck.adapters.sklearn_loss",
    "sklearn.metrics._scorer": "losscheck.adapters.sklearn_scorer",
    "keras": "losscheck.adapters.keras_loss",
}
"""Where the classes of a library lie, and the module that turns their objects into losses."""


def adapt(thing: Any) -> Loss | None:
    """Return a loss for an object of a library that has an adapter, None for any other.

    >>> adapt(abs) is None
    True
    """
    for home, adapter in ADAPTERS.items():
        if any(_lies_in(each.__module__, home) for each in type(thing).__mro__):
            found: Loss | None = importlib.import_module(adapter).adapt(thing)
            return found
    return None


def makes_losses(thing: Any) -> bool:
    """Whether this is a class whose objects have an adapter."""
    return isinstance(thing, type) and any(
        _lies_in(each.__module__, home) for each in thing.__mro__ for home in ADAPTERS
    )


def _lies_in(module: str, home: str) -> bool:
    return module == home or module.startswith(f"{home}.")
