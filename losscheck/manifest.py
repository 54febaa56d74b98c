"""A manifest: losses of a library, how each is made and called, as a file that a sweep reads.

.. code-block:: toml

    library = "timm"

    [[loss]]
    target = "timm.loss:PolyCrossEntropy"
    make = { epsilon = 1.0 }  # arguments of the class; without this line the target itself is called
    kind = "logits"  # or signature = "z:(N,K):real y:(N,):index"; without either, what an adapter of the library knows
    params = {}  # keyword arguments of the call

    errors = { "value_finite[float32]" = "true" }  # what is known of findings: shown beside them in a site

What is said of the library (``library``, ``module``, ``version``) is for the reader of the file; ``tests/field/lists``
are such files.
"""

from __future__ import annotations

import dataclasses
import importlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from losscheck.loss import Loss, as_loss
from losscheck.sweeping import Point
from losscheck.target import Target, parse_target

CALLED = frozenset({"target", "make", "kind", "signature", "n_classes", "params"})
TOLD = frozenset({"errors"})
TOP = frozenset({"library", "module", "version", "loss"})


def read_manifest(file: Path, **asked: Any) -> list[Point]:
    """Return the points of a manifest in its order; ``asked`` are fields of `losscheck.sweeping.Point` for all of them.

    Raises
    ------
    ValueError
        When the file is no TOML, or has entries that a manifest does not have.
    OSError
        When it cannot be read.
    """
    losses = _losses(file)
    return [_point(file, i, each, asked) for i, each in enumerate(losses, 1)]


def known_errors(file: Path) -> dict[tuple[str, str], str]:
    """Return what a manifest says of findings known before, by the target of the report and the id of the finding.

    Raises
    ------
    ValueError, OSError
        As `read_manifest`.
    """
    points = read_manifest(file)
    known = [each.get("errors", {}) for each in _losses(file)]
    return {(p.target, name): str(told) for p, each in zip(points, known, strict=True) for name, told in each.items()}


def _losses(file: Path) -> list[Any]:
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{file} is no TOML: {error}; see the documentation of losscheck.manifest") from None
    unknown = sorted(told.keys() - TOP)
    losses = told.get("loss")
    if unknown or not isinstance(losses, list) or not losses:
        found = f"has {', '.join(unknown)}" if unknown else "has no [[loss]]"
        raise ValueError(f"{file} {found}; a manifest has {', '.join(sorted(TOP))}, and at least one [[loss]]")
    return losses


def _point(file: Path, number: int, told: Any, asked: Mapping[str, Any]) -> Point:
    where = f"{file}, loss {number}"
    if not isinstance(told, dict) or not isinstance(told.get("target"), str):
        raise ValueError(f'{where} has no target; write target = "package.module:name"')
    unknown = sorted(told.keys() - CALLED - TOLD)
    if unknown:
        raise ValueError(f"{where} has {', '.join(unknown)}; a loss has {', '.join(sorted(CALLED | TOLD))}")
    for name in ("make", "params", "errors"):
        if not isinstance(told.get(name, {}), dict):
            raise ValueError(f"{where}: {name} = {told[name]!r} is no table; write {name} = {{ key = value }}")
    called = {key: value for key, value in told.items() if key in CALLED - {"make"}}
    if "make" in told:
        called["target"] = str(_with(told["target"], told["make"]))
        if "kind" not in told and "signature" not in told:
            loss = made(told["target"], told["make"])
            called |= {"kind": loss.kind, "signature": loss.signature}
    return Point(**{**asked, **called})


def _with(target: str, arguments: Mapping[str, Any]) -> Target:
    named = parse_target(target)
    if named.keywords is not None:
        raise ValueError(f"{target!r} has arguments already; give them there or as make, not both")
    return dataclasses.replace(named, keywords=dict(arguments))


def made(target: str, arguments: Mapping[str, Any]) -> Loss:
    """Return the loss that the class of a target makes of ``arguments``, with what an adapter knows of its kind.

    Raises
    ------
    ValueError
        When the target is a file, or has arguments already.
    ImportError
        When the module does not exist, or has no such class.

    >>> made("numpy:poly1d", {"c_or_r": [1, 0]}).name
    'numpy:poly1d(c_or_r=[1, 0])'
    """
    named = _with(target, arguments)
    if named.place.endswith(".py"):
        raise ValueError(f"make is for classes of modules, and {target!r} is in a file; write its arguments behind it")
    found: Any = importlib.import_module(named.place)
    for part in named.attribute.split("."):
        if not hasattr(found, part):
            raise ImportError(f"{target!r}: {named.place} has no attribute {named.attribute!r}")
        found = getattr(found, part)
    return dataclasses.replace(as_loss(found(**arguments)), label=str(named))
