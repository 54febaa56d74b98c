"""The losses of one library that are audited in the field, read from ``tests/field/lists``."""

from __future__ import annotations

import dataclasses
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import losscheck
from losscheck.loss import as_loss, load_target
from losscheck.manifest import made
from losscheck.property import properties
from losscheck.reporting.report import Report
from tests.field.operators import Declared, declare

os.environ.setdefault("KERAS_BACKEND", "jax")

LISTS = Path(__file__).parent / "lists"
WITH_OPERATORS = ("segmentation_models_pytorch", "timm", "torchmetrics", "torchvision")
"""Packages that import torchvision where it is installed."""
BEHAVIOUR = tuple(
    name for name, each in properties().items() if each.layer == "behaviour" and not each.required | each.one_of
)


@dataclass(frozen=True)
class FieldLoss:
    """One loss of a library: how it is made and called, and the findings of severity error that are known of it.

    ``make`` are the arguments of its constructor, None for a function; ``errors`` maps the id of each known error to
    its class in docs/field-audit.md.
    """

    target: str
    make: dict[str, Any] | None = None
    kind: str | None = None
    signature: str | None = None
    params: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def loss(self) -> Any:
        """Return what is handed to the audit."""
        declared = self.target.partition(".")[0] in WITH_OPERATORS
        if self.make is None and not declared:
            return self.target
        if declared:
            declare()
        loss = as_loss(load_target(self.target)) if self.make is None else made(self.target, self.make)
        function = Declared(loss.function) if declared and callable(loss.function) else loss.function
        return dataclasses.replace(loss, function=function, label=self.target)

    def audit(self, **asked: Any) -> Report:
        """Audit it, behaviour only unless other properties are asked."""
        told: dict[str, Any] = {"properties": BEHAVIOUR, "effort": "quick", "dtypes": ("float64", "float32"), **asked}
        return losscheck.audit(self.loss(), kind=self.kind, signature=self.signature, params=self.params, **told)


@dataclass(frozen=True)
class Library:
    """A library: the name it is installed by, the module it is imported as, the version the list is of, its losses."""

    library: str
    module: str
    version: str
    losses: tuple[FieldLoss, ...]


def libraries() -> Iterator[Library]:
    """Read every list, in the order of its name."""
    for file in sorted(LISTS.glob("*.toml")):
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        yield Library(
            told["library"], told["module"], told["version"], tuple(FieldLoss(**each) for each in told["loss"])
        )
