"""Theory questions about one loss, each asked in the worker like those of an audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from losscheck.auditing import audit
from losscheck.finding import Finding
from losscheck.lifting.unsupported import Unsupported
from losscheck.verdict import Verdict


@dataclass(frozen=True)
class TheoryQuestions:
    """A loss and how it is called."""

    loss: Any
    kind: str
    n_classes: int
    params: Mapping[str, Any] = field(default_factory=dict)

    def ask(self, prop: str, **params: Any) -> Finding:
        """Return the answer to one property.

        Raises
        ------
        Unsupported
            When the code of the loss cannot be read.
        RuntimeError
            When the answer contradicts itself: a defect of this library.
        """
        report = audit(
            self.loss,
            kind=self.kind,
            n_classes=self.n_classes,
            params=self.params,
            claims={},
            properties=[(prop, params)],
        )
        (found,) = report.findings
        if found.verdict is Verdict.UNSUPPORTED:
            raise Unsupported(found.message, found.location or "")
        if found.verdict is Verdict.ERROR:
            raise RuntimeError(found.message)
        return found
