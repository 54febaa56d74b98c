"""Audits as tests: one assertion per property, or one parametrised test per loss and property.

>>> import numpy as np
>>> assert_property(lambda v: np.logaddexp(0, -v), "convex", kind="margin").verdict.value
'proved'
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from losscheck.auditing import audit
from losscheck.errors import ClaimRefuted
from losscheck.finding import Finding
from losscheck.loss import as_loss, infer_kind
from losscheck.property import properties
from losscheck.reporting.report import Report
from losscheck.verdict import Verdict

RECORD: list[tuple[str, str]] = []
"""Verdicts (finding, verdict) since the pytest plugin last took them."""


def assert_property(loss: Any, name: str, *, holds: bool = True, **arguments: Any) -> Finding:
    """Assert that a property holds (or, with ``holds=False``, that it does not).

    Parameters
    ----------
    loss
        What :func:`losscheck.audit` takes; ``arguments`` are its further arguments. ``params`` are the loss's own; the
        property's parameters go into a pair: ``("lipschitz", {"norm": "linf"})``.
    name
        The property.
    holds
        The side that is asserted. *supported* counts as holding only for properties of behaviour.

    Raises
    ------
    ClaimRefuted
        The other side is certified, or neither; the message has the reason, the witness and how to reproduce it.
    """
    report = audit(loss, properties=[name], claims={}, **arguments)
    _record(report)
    layer = properties()[name if isinstance(name, str) else name[0]].layer
    good = {Verdict.PROVED} if layer == "theory" else {Verdict.PROVED, Verdict.SUPPORTED}
    wanted = good if holds else {Verdict.REFUTED}
    bad = [f for f in report.findings if f.verdict not in wanted]
    if bad:
        said = "\n".join(f"{f.id} is {f.verdict.value}: {f.message}\n  {report.reproduce(f)}" for f in bad)
        raise ClaimRefuted(f"{report.target}: {name} should {'hold' if holds else 'fail'}\n{said}")
    return report.findings[0]


@dataclass(frozen=True)
class Check:
    """One property of one loss, to be called inside a test."""

    loss: Any
    property: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self) -> Report:
        """Audit the property and raise :class:`losscheck.ClaimRefuted` if a finding of it is an error."""
        report = audit(self.loss, properties=[self.property], **self.arguments)
        _record(report)
        report.raise_for_status()
        return report


def checks(losses: Iterable[Any], **arguments: Any) -> list[Check]:
    """One :class:`Check` per loss and property that applies to it."""
    found = []
    for loss in losses:
        known = as_loss(loss)
        kind = arguments.get("kind") or known.kind or _inferred(known)
        for entry in properties().values():
            asked = entry.layer == "behaviour" or (kind in entry.kinds and not entry.required | entry.one_of)
            if asked:
                found.append(Check(loss, entry.name, arguments))
    return found


def parametrize_with_audits(
    losses: Iterable[Any], *, expected_failures: Mapping[str, str] | None = None, strict: bool = True, **arguments: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Parametrise a test function over every property of every loss; its argument ``check`` is called to run one.

    Parameters
    ----------
    losses
        What :func:`losscheck.audit` takes, or names of the catalogue; ``arguments`` are its further arguments.
    expected_failures
        ``{property: reason}`` or ``{"loss-property": reason}``: marked ``xfail``.
    strict
        Whether an expected failure that does not happen fails the test.

    Examples
    --------
    >>> import numpy as np
    >>> def hinge(v):
    ...     return np.maximum(0, 1 - v)
    >>> @parametrize_with_audits([hinge], kind="margin", expected_failures={"value_finite": "why"})
    ... def test_losses(check):
    ...     check()
    >>> len(test_losses.pytestmark)
    1
    """
    import pytest

    expected = dict(expected_failures or {})
    cases, used = [], set()
    for check in checks(losses, **arguments):
        identity = f"{as_loss(check.loss).name}-{check.property}"
        key = next((k for k in (identity, check.property) if k in expected), None)
        marks = []
        if key is not None:
            used.add(key)
            marks = [pytest.mark.xfail(reason=expected[key], strict=strict, raises=ClaimRefuted)]
        cases.append(pytest.param(check, id=identity, marks=marks))
    unknown = set(expected) - used
    if unknown:
        raise ValueError(f"expected_failures names {', '.join(sorted(unknown))}, which no check is called")
    return pytest.mark.parametrize("check", cases)


def _inferred(loss: Any) -> str | None:
    return loss.kind or (None if loss.signature else infer_kind(loss.function))


def _record(report: Report) -> None:
    if "PYTEST_CURRENT_TEST" in os.environ:
        RECORD.extend((f"{report.target}: {f.id}", f.verdict.value) for f in report.findings)
