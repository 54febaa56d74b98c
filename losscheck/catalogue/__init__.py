"""The catalogue: losses of the literature as plain functions, with what is claimed of them.

A mapping from names to `losscheck.Loss`. Each function runs on NumPy and torch arrays and goes through the same door as
a user's: ``losscheck.audit("focal")`` reads its code.

>>> import losscheck
>>> losscheck.catalogue["cross_entropy"].kind
'logits'
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from types import MappingProxyType, ModuleType

from losscheck.catalogue.entry import ENTRIES, Entry
from losscheck.loss import Loss


def entries() -> Mapping[str, Entry]:
    """Every entry by name, in alphabetical order, aliases left out (imports the folder on first use)."""
    _load()
    return MappingProxyType({name: ENTRIES[name] for name in sorted(ENTRIES) if ENTRIES[name].name == name})


def find(name: str) -> Entry:
    """Return the entry of this name or alias.

    Raises
    ------
    KeyError
        Naming the nearest entries.
    """
    _load()
    if name not in ENTRIES:
        close = difflib.get_close_matches(str(name), ENTRIES, n=3)
        hint = f"did you mean {', '.join(close)}?" if close else "`losscheck list --losses` shows what there is;"
        raise KeyError(f"the catalogue has no loss {name!r}; {hint} code of your own is named 'package.module:attr'")
    return ENTRIES[name]


def _load() -> None:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")


class _Catalogue(ModuleType, Mapping[str, Loss]):
    """The module itself as a mapping: ``losscheck.catalogue["focal"]``."""

    def __getitem__(self, name: str) -> Loss:
        return find(name).loss

    def __iter__(self) -> Iterator[str]:
        return iter(entries())

    def __len__(self) -> int:
        return len(entries())

    __hash__ = ModuleType.__hash__
    __eq__ = ModuleType.__eq__


sys.modules[__name__].__class__ = _Catalogue
