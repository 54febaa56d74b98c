"""Where in the source a finding belongs: found without importing anything of the user's.

>>> place_of_target("no_such_package.losses:focal") is None
True
"""

from __future__ import annotations

import ast
import importlib.machinery
import sys
from pathlib import Path
from typing import NamedTuple

from losscheck.finding import Finding
from losscheck.target import parse_target

LARGEST = 4 << 20
"""Bytes of a source file that is looked at."""


class Place(NamedTuple):
    """A file and, where it is known, a line in it."""

    file: Path
    line: int | None


def place(target: str, finding: Finding) -> Place | None:
    """Return where ``finding`` points: its own location, else the definition its target names."""
    file, colon, line = (finding.location or "").rpartition(":")
    if colon and line.isdecimal() and len(line) < 9 and Path(file).suffix == ".py":
        return Place(Path(file), max(1, int(line)))
    return place_of_target(target)


def place_of_target(target: str) -> Place | None:
    """Return where ``package.module:attr`` or ``path/file.py:attr`` is defined, None where that is not to be seen."""
    try:
        named = parse_target(target)
    except ValueError:
        return None
    source, attribute = named.place, named.attribute
    if "\0" in source:
        return None
    file = Path(source) if source.endswith(".py") else _module_file(source)
    if file is None:
        return None
    return Place(file, _definition(file, attribute.split(".")))


def relative(file: Path) -> Path:
    """Return the file as seen from the working directory where it lies below, as code hosts want it."""
    whole = Path.cwd() / file
    return whole.relative_to(Path.cwd()) if whole.is_relative_to(Path.cwd()) else whole


def _module_file(module: str) -> Path | None:
    """Find a module's file as the import system would, but without running any package's code."""
    search: list[str] | None = [*sys.path, ""]
    found = None
    for part in module.split("."):
        if not part.isidentifier() or search is None:
            return None
        found = importlib.machinery.PathFinder.find_spec(part, search)
        if found is None:
            return None
        search = None if found.submodule_search_locations is None else list(found.submodule_search_locations)
    if found is None or found.origin is None or not found.origin.endswith(".py"):
        return None
    return Path(found.origin)


def _definition(file: Path, names: list[str]) -> int | None:
    """Return the line that defines the last of ``names``, each inside the one before."""
    try:
        if not file.is_file() or file.stat().st_size > LARGEST:  # a target may name a pipe, or anything else
            return None
        body = ast.parse(file.read_bytes()).body
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    line = None
    for name in names:
        node = next((each for each in body if name in _defined(each)), None)
        if node is None:
            return None
        line, body = node.lineno, getattr(node, "body", [])
    return line


def _defined(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {each.id for each in targets if isinstance(each, ast.Name)}
