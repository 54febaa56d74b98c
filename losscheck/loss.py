"""What a user hands to an audit: a callable, a module, a target string, or a `Loss` that says more about one of them.

A target string is ``"package.module:attr"`` or ``"path/file.py:attr"``, with the arguments of a class or factory
behind it where there are some (`losscheck.target`). It is never imported where it is named, only where it is audited:
in the worker.

>>> def squared(yhat, y):
...     return (yhat - y) ** 2
>>> Loss(squared, kind="regression").name
'squared'
>>> infer_kind("torch.nn.functional:cross_entropy")
'logits'
"""

from __future__ import annotations

import difflib
import functools
import importlib
import importlib.util
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from losscheck.kinds import WELL_KNOWN
from losscheck.target import Target, parse_target


@dataclass(frozen=True)
class Loss:
    """A loss with what is declared about it: its kind or signature, parameters, claims and references."""

    function: Callable[..., Any] | str
    kind: str | None = None
    signature: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    claims: Mapping[str, Any] = field(default_factory=dict)
    references: tuple[str, ...] = ()
    label: str | None = None

    @property
    def name(self) -> str:
        """The name a report shows: the label, or the function's own name."""
        return self.label or display_name(self.function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function with the declared parameters."""
        function = load_target(self.function) if isinstance(self.function, str) else self.function
        return function(*args, **{**self.params, **kwargs})


def as_loss(given: Any) -> Loss:
    """Return what the user gave as a `Loss`.

    Raises
    ------
    TypeError
        When it is neither callable nor a string nor a `Loss`.
    KeyError
        When a plain name is not in the catalogue.
    ValueError
        When any other string does not have the form of a target.
    """
    if isinstance(given, Loss):
        return given
    if isinstance(given, str):
        if given.isidentifier():
            from losscheck.catalogue import find  # the catalogue holds objects of this module

            return find(given).loss
        parse_target(given)
        return Loss(given)
    from losscheck.adapters import adapt, makes_losses  # adapters make objects of this module

    adapted = adapt(given() if makes_losses(given) else given)
    if adapted is not None:
        return adapted
    if callable(given):
        return Loss(given)
    raise TypeError(
        f"loss={given!r} is a {type(given).__name__}; give a callable, a torch.nn.Module, a losscheck.Loss, or a "
        "target such as 'package.module:attr', 'path/file.py:attr' or the name of a loss in the catalogue"
    )


def load_target(target: str) -> Callable[..., Any]:
    """Import what a target names.

    Raises
    ------
    ImportError
        When the module or file does not exist or does not import, has no such attribute, or its call raises.
    """
    named = parse_target(target)
    place, attribute = named.place, named.attribute
    module: Any
    if place.endswith(".py"):
        path = Path(place).resolve()
        if not path.is_file():
            raise ImportError(f"{target!r}: the file {place} does not exist")
        spec = importlib.util.spec_from_file_location(path.stem, path)
        if spec is None or spec.loader is None:
            raise ImportError(f"{target!r}: {place} cannot be read as a Python module")
        module = importlib.util.module_from_spec(spec)
        sys.modules.setdefault(path.stem, module)
        sys.modules[str(path)] = module  # two files may have one stem: a worker watches every file it read for edits
        sys.path.insert(0, str(path.parent))
        try:
            spec.loader.exec_module(module)
        finally:
            sys.path.remove(str(path.parent))
    else:
        module = _imported(target, place)
    for part in attribute.split("."):
        if not hasattr(module, part):
            close = difflib.get_close_matches(part, vars(module), n=3) if hasattr(module, "__dict__") else []
            hint = f"; did you mean {', '.join(close)}?" if close else ""
            raise ImportError(f"{target!r}: {place} has no attribute {attribute!r}{hint}")
        module = getattr(module, part)
    if named.keywords is not None:
        module = _made(target, module, named)
    if not callable(module):
        raise ImportError(f"{target!r} is of type {type(module).__name__}, which is not callable; name a function")
    loaded: Callable[..., Any] = module
    # A module class (torch.nn.CrossEntropyLoss) means the loss it makes by default.
    if isinstance(loaded, type) and any(base.__module__.startswith("torch.nn") for base in loaded.__mro__):
        made: Callable[..., Any] = loaded()
        return made
    from losscheck.adapters import adapt, makes_losses  # adapters make objects of this module

    adapted = adapt(loaded() if makes_losses(loaded) else loaded)
    return loaded if adapted is None or isinstance(adapted.function, str) else adapted.function


def _imported(target: str, place: str) -> Any:
    """Import a module; one that does not exist is said to be missing, one that fails says why."""
    try:
        return importlib.import_module(place)
    except ModuleNotFoundError as error:
        if error.name is None or not (place == error.name or place.startswith(f"{error.name}.")):
            raise  # it is there, and what it imports itself is not
        raise ImportError(
            f"{target!r}: there is no module {place!r} here; install it, run this in the folder that holds "
            f"{place.split('.')[0]!r}, or name the file: path/file.py:attr"
        ) from error


def _made(target: str, factory: Any, named: Target) -> Any:
    """Return what the class or factory makes of the arguments of the target."""
    if not callable(factory):
        raise ImportError(f"{target!r}: {named.attribute} is of type {type(factory).__name__}, which is not callable")
    try:
        return factory(*named.args, **(named.keywords or {}))
    except Exception as error:  # it is the user's code
        raise ImportError(f"{target!r}: the call raises {type(error).__name__}: {error}") from error


def display_name(function: Callable[..., Any] | str) -> str:
    """Name a callable for people; a target names itself."""
    if isinstance(function, str):
        return function
    if isinstance(function, functools.partial):
        return display_name(function.func)
    return str(getattr(function, "__qualname__", None) or type(function).__qualname__)


def infer_kind(function: Callable[..., Any] | str) -> str | None:
    """Return the kind of a well-known torch loss, None for any other callable."""
    if isinstance(function, str):
        named = parse_target(function)
        return WELL_KNOWN.get(f"{named.place}.{named.attribute}")
    if isinstance(function, functools.partial):
        return infer_kind(function.func)
    known = function if hasattr(function, "__qualname__") else type(function)
    return WELL_KNOWN.get(f"{known.__module__}.{known.__qualname__}")
