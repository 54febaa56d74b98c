"""What lifting returns: a loss as one graph per label."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from losscheck.expr.graph import Expr


@dataclass(frozen=True)
class Lifted:
    """A lifted loss: ``roots[i]`` is the loss of one row with label ``labels[i]``, over ``variables``.

    ``domain`` is real, unit or simplex. ``notes`` say what the graph abstracts from (casts to a shorter format).
    """

    kind: str
    n_classes: int | None
    labels: tuple[int, ...]
    variables: tuple[str, ...]
    domain: str
    roots: tuple[Expr, ...]
    notes: tuple[str, ...] = ()

    @cached_property
    def digest(self) -> str:
        """The digest of the graph, as the verifier computes it from a certificate."""
        from losscheck.certificate import head

        text = json.dumps(head(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def root(self, label: Any) -> Expr:
        """The loss of one label."""
        return self.roots[self.labels.index(label)]
