"""Losses that are objects: what they were made with, and the same loss made with something else."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from typing import Any

LEFT_ALONE = ("builtins", "functools", "jax", "jaxlib", "losscheck", "numba", "numpy", "torch", "types")
"""Packages whose objects are no losses of a user."""


def made_with(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the arguments an object of a class was made with, read off attributes of the same names.

    Only where they tell how to make the same object again: each argument has an attribute, but for those that are
    None unless given; nothing in the object is learnt. Functions, classes and methods were not made in this sense.

    >>> class Hinge:
    ...     def __init__(self, margin=1.0, reduction="mean"):
    ...         self.margin, self.reduction = margin, reduction
    ...     def __call__(self, v):
    ...         return (self.margin - v).clip(0).mean()
    >>> Hinge.__module__ = "of_a_user"
    >>> made_with(Hinge(2.0))
    {'margin': 2.0, 'reduction': 'mean'}
    >>> made_with(lambda v: v)
    {}
    """
    made: type[Any] = type(function)
    if isinstance(function, type) or made.__module__.split(".")[0] in LEFT_ALONE or _learns(function):
        return {}
    try:
        parameters = list(inspect.signature(made).parameters.values())
    except (TypeError, ValueError):
        return {}
    found: dict[str, Any] = {}
    for p in parameters:
        missing = p.default if p.default is None else p.empty
        value = getattr(function, p.name, missing)
        if value is p.empty or p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD, p.POSITIONAL_ONLY):
            return {}
        found[p.name] = value
    return found


def settings(function: Callable[..., Any]) -> dict[str, Any]:
    """Return those arguments an object was made with that are numbers or strings and have a default.

    What has none is what the loss is about (a number of classes), and may be kept for others to read.
    """
    found = made_with(function)
    defaults = inspect.signature(type(function)).parameters if found else {}
    return {
        name: value
        for name, value in found.items()
        if isinstance(value, int | float | str) and defaults[name].default is not inspect.Parameter.empty
    }


def remade(function: Callable[..., Any], given: Mapping[str, Any]) -> Callable[..., Any]:
    """Return an object of the same class made with ``given`` instead of what ``function`` was made with.

    >>> class Power:
    ...     def __init__(self, p=2):
    ...         self.p = p
    ...     def __call__(self, v):
    ...         return v**self.p
    >>> Power.__module__ = "of_a_user"
    >>> remade(Power(), {"p": 3})(2.0)
    8.0
    """
    made: type[Any] = type(function)
    twin: Callable[..., Any] = made(**{**made_with(function), **given})
    mode = getattr(function, "training", None)
    if isinstance(mode, bool) and callable(train := getattr(twin, "train", None)):
        train(mode)
    return twin


def called_as(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return what says which arguments a call takes: ``forward`` of a torch module, else the callable itself."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(function, torch.nn.Module):
        forward: Callable[..., Any] = function.forward
        return forward
    return function


def _learns(function: Callable[..., Any]) -> bool:
    """Whether a torch module has parameters or buffers, which being made again would not give back."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(function, torch.nn.Module) and bool(function.state_dict())
