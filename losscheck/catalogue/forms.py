"""The same entry in the two libraries it runs on: what an audit reads, once as NumPy code and once as torch code."""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from losscheck.loss import Loss

LIBRARIES = ("numpy", "torch")


@dataclass(frozen=True)
class Form:
    """A function for either library, said to be for one of them: the audit looks at what a callable object holds."""

    function: Callable[..., Any]
    library: ModuleType

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function."""
        return self.function(*args, **kwargs)


def in_form(loss: Loss, library: str) -> Loss:
    """Return ``loss``, whose function runs on both libraries, to be audited as code for ``library``.

    Raises
    ------
    ValueError
        When the library is not one of the two, or the loss is a target string.
    ImportError
        When the library is not installed.

    >>> from losscheck.catalogue import find
    >>> in_form(find("hinge").loss, "numpy").name
    'hinge'
    """
    if library not in LIBRARIES:
        raise ValueError(f"library={library!r}; give one of {', '.join(LIBRARIES)}")
    if isinstance(loss.function, str):
        raise ValueError(f"loss.function={loss.function!r} is a target; give a loss that holds its function")
    return dataclasses.replace(loss, function=Form(loss.function, importlib.import_module(library)), label=loss.name)
