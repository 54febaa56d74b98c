"""The target under which another process loads the same loss: what makes a finding replayable.

A function has an address where it is defined. What was made while code ran (an object, a closure, a partial) may be
held by a module under a name, or its class or factory is there and the arguments can still be read off what it made:
those are guesses, until the worker has loaded them and found the same code and data (`losscheck.code_digest`).

>>> address("focal"), address(len), address(lambda z, y: z)
('focal', 'builtins:len', None)
"""

from __future__ import annotations

import functools
import importlib.machinery
import inspect
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from losscheck.code_digest import code_digest
from losscheck.loss import Loss, load_target
from losscheck.target import Target, parse_target

LITERALS = (bool, int, float, str, type(None))


def address(given: Any) -> str | None:
    """Return the target of what an audit was given, None where there is none or only guesses."""
    if isinstance(given, str):
        return given
    if isinstance(given, Loss):
        return _catalogued(given) or address(given.function)
    named = _defined(given)
    return None if named is None else str(named)


def in_words(params: Mapping[str, Any]) -> bool:
    """Whether parameters of a loss can be given as words: an array among them would come back as a list."""
    return all(_literal(value) for value in params.values())


def guesses(given: Any) -> list[str]:
    """Return targets that may be what ``given`` is; none that would run a script again to find out."""
    if isinstance(given, Loss):
        return [] if isinstance(given.function, str) else guesses(given.function)
    found = (_held(given), _instance(given), _closure(given))
    return [str(each) for each in found if each is not None and not each.place.endswith(".py")]


def rebuilds(target: str, function: Callable[..., Any]) -> bool:
    """Whether ``target`` loads what has the same code and holds the same data as ``function``; called in the worker."""
    try:
        loaded = code_digest(load_target(target))
    except ImportError:
        return False
    return loaded is not None and loaded == code_digest(function)


def _catalogued(loss: Loss) -> str | None:
    if not str(getattr(loss.function, "__module__", "")).startswith("losscheck.catalogue"):
        return None
    from losscheck.catalogue import find  # loads the whole catalogue

    try:
        return loss.name if find(loss.name).loss.function is loss.function else None
    except KeyError:
        return None


def _defined(thing: Any) -> Target | None:
    """Return where a function or class says that it is defined, if that is so."""
    module, name = getattr(thing, "__module__", None), getattr(thing, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(name, str) or module not in sys.modules:
        return None
    found: Any = sys.modules[module]
    for part in name.split("."):
        found = getattr(found, part, None)
    return _target(sys.modules[module], name) if found is thing else None


def _held(thing: Any) -> Target | None:
    """Return the name under which a module of the user's holds an object: a partial, an instance, a closure."""
    if isinstance(thing, LITERALS):
        return None
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if not isinstance(module, ModuleType) or not file or file.startswith((sys.prefix, sys.base_prefix)):
            continue
        for name, value in list(vars(module).items()):
            if value is thing and (target := _target(module, name)) is not None:
                return target
    return None


def _target(module: ModuleType, name: str) -> Target | None:
    """Return the target by the module's name where a fresh process finds it by that, else by its file."""
    file = getattr(module, "__file__", None)
    known = module.__name__
    try:
        parse_target(f"m:{name}")
        if known != "__main__" and _findable(known, file):
            return Target(known, name)
    except ValueError:
        return None
    if file is None or not str(file).endswith(".py") or getattr(module, "__package__", None):
        return None  # made by no file, or in a package that a file alone cannot import
    path = Path(file).resolve()
    return Target(str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path), name)


def _findable(module: str, file: str | None) -> bool:
    """Whether ``import`` in the current directory finds this module, and not another of that name."""
    root = module.split(".")[0]
    if root in sys.builtin_module_names or file is None:
        return root in sys.builtin_module_names
    installed = [path for path in sys.path if path.startswith((sys.prefix, sys.base_prefix))]
    found = importlib.machinery.PathFinder.find_spec(root, [*installed, str(Path.cwd())])
    places = [*(found.submodule_search_locations or []), found.origin] if found is not None else []
    return any(place and Path(file).resolve().is_relative_to(Path(place).resolve()) for place in places)


def _instance(thing: Any) -> Target | None:
    """Return the call of the class of an object whose attributes bear the names of the arguments."""
    if inspect.isroutine(thing) or isinstance(thing, type | functools.partial):
        return None
    home = _defined(type(thing))
    if home is None:
        return None
    held = {name: value for name, value in vars(thing).items() if isinstance(name, str)} if _has_dict(thing) else {}
    return _called(home, type(thing), held)


def _closure(thing: Any) -> Target | None:
    """Return the call of the factory that made a closure, if it holds the arguments."""
    name, cut, _ = str(getattr(thing, "__qualname__", "")).rpartition(".<locals>.")
    module = sys.modules.get(str(getattr(thing, "__module__", None)))
    if not cut or module is None or not inspect.isfunction(thing):
        return None
    factory: Any = module
    for part in name.split("."):
        factory = getattr(factory, part, None)
    home = _target(module, name) if callable(factory) else None
    return None if home is None else _called(home, factory, inspect.getclosurevars(thing).nonlocals)


def _called(home: Target, maker: Any, held: Mapping[str, Any]) -> Target | None:
    """Return the target with the arguments that ``held`` still has, None where one is missing or no literal."""
    try:
        parameters = inspect.signature(maker).parameters.values()
    except (ValueError, TypeError):
        return None
    keywords = {}
    for each in parameters:
        if each.kind in (each.VAR_POSITIONAL, each.VAR_KEYWORD):
            continue
        if each.name not in held:
            if each.default is each.empty:
                return None
        elif each.kind is each.POSITIONAL_ONLY or not _literal(held[each.name]):
            return None
        elif each.default is each.empty or repr(held[each.name]) != repr(each.default):
            keywords[each.name] = held[each.name]
    return Target(home.place, home.attribute, (), keywords)


def _literal(value: Any) -> bool:
    """Whether the value comes back from its text."""
    if isinstance(value, list | tuple):
        return all(map(_literal, value))
    return type(value) in LITERALS and value == value and value not in (float("inf"), float("-inf"))


def _has_dict(thing: Any) -> bool:
    return isinstance(getattr(thing, "__dict__", None), dict)
