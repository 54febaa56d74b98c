"""``Lifted``: a loss as graphs, one per label, with what the verdicts about it depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from losscheck.expr.graph import Expr


@dataclass(frozen=True)
class Lifted:
    """A lifted loss.

    ``roots[i]`` is the graph of ``l(variables, labels[i])`` over the reals, for inputs in ``domain`` (a loss without
    labels has the one label 1; a map has one root per class). ``notes`` say what a reader should know.
    """

    kind: str
    n_classes: int | None
    labels: tuple[Any, ...]
    variables: tuple[str, ...]
    domain: str
    roots: tuple[Expr, ...]
    notes: tuple[str, ...] = ()
    paths: int = 1
    points: int = 0
    """How many points of the check against the code counted."""
    parameters: tuple[tuple[str, str, str], ...] = ()
    """Parameters of the code that range over closed intervals: name, low and high as exact rationals."""
    arguments: tuple[tuple[str, tuple[tuple[str, int], ...], Any], ...] = ()
    """Of a loss with a signature of its own: names, axes with their sizes and domains; of a label its values."""
    resized: Callable[[int], Lifted] | None = field(default=None, compare=False, repr=False)
    """Reads the same code for another number of classes; None when only a graph is known."""

    @property
    def ranges(self) -> dict[str, str]:
        """The intervals of the parameters as findings name them: ``{"gamma": "0..5"}``."""
        return {name: f"{low}..{high}" for name, low, high in self.parameters}

    def told(self, y: int) -> str:
        """What follows "the loss" in a sentence about one root: `` of label 1``; nothing where there is no other."""
        if len(self.labels) == 1:
            return ""
        if not self.arguments:
            return f" of label {self.labels[y]}"
        values, row = self.labels[y]
        words = [f"labels {' '.join(map(str, values))}"] if values else []
        words += [f"row {row}"] if row is not None else []
        return f" ({', '.join(words)})" if words else ""

    @cached_property
    def digest(self) -> str:
        """The digest of graph, kind, labels, variables and domain: what a verified statement names."""
        from losscheck.certificate import head

        return hashlib.sha256(json.dumps(head(self), sort_keys=True, separators=(",", ":")).encode()).hexdigest()
