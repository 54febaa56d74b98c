"""What a property declares, and the registry of all properties.

Adding a property is adding one file to ``properties/``: a module docstring, one decorated function of the same name
as the file, and its import in ``properties/__init__.py`` (a test fails when it is missing).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Property:
    """One property: its name, the kinds it is asked of, its default parameters and the function that answers."""

    name: str
    layer: str
    answer: Callable[..., Any]
    kinds: frozenset[str] = frozenset()
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    required: frozenset[str] = frozenset()
    one_of: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    title: str = ""

    @property
    def doc(self) -> str:
        """The module docstring of the property: its documentation."""
        import sys

        return (sys.modules[self.answer.__module__].__doc__ or "").strip()


_REGISTRY: dict[str, Property] = {}


def _add(entry: Property) -> None:
    if entry.name in _REGISTRY:
        raise ValueError(
            f"the property {entry.name!r} is registered twice; is a module imported both as losscheck.X and as X?"
        )
    _REGISTRY[entry.name] = entry


def theory(
    *,
    kinds: Iterable[str],
    title: str,
    params: Mapping[str, Any] | None = None,
    required: Iterable[str] = (),
    one_of: Iterable[str] = (),
    optional: Iterable[str] = (),
) -> Callable[[F], F]:
    """Register ``fn(lifted, **params) -> Outcome`` as a theory property asked of ``kinds``.

    ``params`` are the defaults; parameters named in ``required`` have none, so the property is asked only on request;
    so are those of which ``one_of`` several is required (an eta for two classes, a p for more). ``optional`` ones go
    with some of these only, and have no default either.
    """

    def register(fn: F) -> F:
        _add(
            Property(
                fn.__name__,
                "theory",
                fn,
                frozenset(kinds),
                MappingProxyType(dict(params or {})),
                frozenset(required),
                frozenset(one_of),
                frozenset(optional),
                title,
            )
        )
        return fn

    return register


def behaviour(*, title: str, params: Mapping[str, Any] | None = None) -> Callable[[F], F]:
    """Register ``fn(trial) -> Iterable[Outcome]`` as a behaviour property, asked of every auditable callable."""

    def register(fn: F) -> F:
        _add(Property(fn.__name__, "behaviour", fn, frozenset(), MappingProxyType(dict(params or {})), title=title))
        return fn

    return register


def properties() -> Mapping[str, Property]:
    """All registered properties by name (imports the folder on first use)."""
    import losscheck.properties  # noqa: F401  (registers by import)

    return MappingProxyType(_REGISTRY)
