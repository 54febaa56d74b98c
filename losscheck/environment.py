"""The versions a verdict may depend on."""

from __future__ import annotations

import platform


def environment() -> dict[str, str]:
    """Return the versions a verdict may depend on."""
    from importlib.metadata import PackageNotFoundError, version

    found = {"python": platform.python_version()}
    for package in ("losscheck", "numpy", "scipy", "torch", "jax", "optax", "python-flint"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
