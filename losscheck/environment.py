"""The versions a verdict may depend on."""

from __future__ import annotations

import functools
import platform

from losscheck.target import parse_target


def environment() -> dict[str, str]:
    """Return the versions a verdict may depend on."""
    return dict(_versions())


@functools.cache
def _versions() -> dict[str, str]:
    """The versions when first asked for: what is imported by then stays what it is."""
    from importlib.metadata import PackageNotFoundError, version

    found = {"python": platform.python_version()}
    for package in ("losscheck", "numpy", "scipy", "torch", "jax", "optax", "python-flint"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


@functools.cache
def library_of_target(target: str) -> str | None:
    """Return the installed library that a target is of, with its version; None for files, names and own modules.

    >>> import numpy
    >>> library_of_target("numpy:exp") == f"numpy {numpy.__version__}"
    True
    >>> library_of_target("mine.py:focal"), library_of_target("focal")
    (None, None)
    """
    from importlib.metadata import PackageNotFoundError, packages_distributions, version

    try:
        place = parse_target(target).place
    except ValueError:
        return None
    if place.endswith(".py"):
        return None
    root = place.split(".")[0]
    try:
        return f"{root} {version(root)}"
    except PackageNotFoundError:  # installed under another name than it is imported by
        names = packages_distributions().get(root)
    return f"{names[0]} {version(names[0])}" if names else None
