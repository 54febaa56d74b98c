"""One property of one loss, to be called inside a test, and which of them apply to a loss."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from losscheck.auditing import audit
from losscheck.errors import ClaimRefuted
from losscheck.loss import as_loss, infer_kind
from losscheck.property import properties
from losscheck.reporting.report import Report

RECORD: list[tuple[str, str]] = []
"""Verdicts (finding, verdict) since the pytest plugin last took them."""


@dataclass(frozen=True)
class Check:
    """One property of one loss, to be called inside a test."""

    loss: Any
    property: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self) -> Report:
        """Audit the property and raise :class:`losscheck.ClaimRefuted` if a finding of it is an error."""
        __tracebackhide__ = True  # a reader of the failure wants the witness, not our frames
        report = audit(self.loss, properties=[self.property], **self.arguments)
        record(report)
        try:
            report.raise_for_status()
        except ClaimRefuted as failure:
            raise told_how_to_import(failure, self.loss, report) from None
        return report


def checks(losses: Iterable[Any], **arguments: Any) -> list[Check]:
    """One :class:`Check` per loss and property that applies to it."""
    found = []
    for loss in losses:
        known = as_loss(loss)
        kind = arguments.get("kind") or known.kind or (None if known.signature else infer_kind(known.function))
        for entry in properties().values():
            asked = entry.layer == "behaviour" or (kind in entry.kinds and not entry.required | entry.one_of)
            if asked:
                found.append(Check(loss, entry.name, arguments))
    return found


def told_how_to_import(failure: ClaimRefuted, loss: Any, report: Report) -> ClaimRefuted:
    """Add the import that makes the calls to reproduce a failure run as they stand; commands need none."""
    if report.address is not None:
        return failure
    function = as_loss(loss).function
    module, name = getattr(function, "__module__", None), getattr(function, "__qualname__", "<none>")
    if isinstance(module, str) and module != "__main__" and name.isidentifier():
        failure.add_note(f"to reproduce: import losscheck; from {module} import {name}")
    return failure


def record(report: Report) -> None:
    """Note the verdicts of a report for the summary of a test session."""
    if "PYTEST_CURRENT_TEST" in os.environ:
        RECORD.extend((f"{report.target}: {f.id}", f.verdict.value) for f in report.findings)
