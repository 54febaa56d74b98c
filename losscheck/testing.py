"""Audits as tests: one assertion per property, or one parametrised test per loss and property.

>>> import numpy as np
>>> assert_property(lambda v: np.logaddexp(0, -v), "convex", kind="margin").verdict.value
'proved'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from losscheck.audit_check import RECORD as RECORD
from losscheck.audit_check import Check, checks, record, told_how_to_import
from losscheck.auditing import audit
from losscheck.errors import ClaimRefuted
from losscheck.finding import Finding
from losscheck.loss import as_loss
from losscheck.property import properties
from losscheck.verdict import Verdict


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
    __tracebackhide__ = True
    report = audit(loss, properties=[name], claims={}, **arguments)
    record(report)
    layer = properties()[name if isinstance(name, str) else name[0]].layer
    good = {Verdict.PROVED} if layer == "theory" else {Verdict.PROVED, Verdict.SUPPORTED}
    wanted = good if holds else {Verdict.REFUTED}
    bad = [f for f in report.findings if f.verdict not in wanted]
    if bad:
        said = "\n".join(f"{f.id} is {f.verdict.value}: {f.message}\n  {report.reproduce(f)}" for f in bad)
        failure = ClaimRefuted(f"{report.target}: {name} should {'hold' if holds else 'fail'}\n{said}")
        raise told_how_to_import(failure, loss, report)
    return report.findings[0]


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

    Raises
    ------
    ValueError
        If ``expected_failures`` names a check that does not exist, or gives no reason.

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
    unexplained = [key for key, reason in expected.items() if not isinstance(reason, str) or not reason.strip()]
    if unexplained:
        raise ValueError(f"expected_failures gives no reason for {', '.join(unexplained)}; say why it is expected")
    return pytest.mark.parametrize("check", cases)


class AuditSuite:
    """A test class of audits, to be subclassed: ``class TestLosses(AuditSuite): losses = [focal]``.

    Attributes
    ----------
    losses
        What is audited.
    arguments
        Further arguments of every audit: ``{"kind": "binary", "effort": "quick"}``.
    expected_failures, strict
        As for :func:`parametrize_with_audits`.

    Examples
    --------
    >>> import numpy as np
    >>> class TestMargins(AuditSuite):
    ...     losses = [lambda v: np.exp(-v)]
    ...     arguments = {"kind": "margin"}
    >>> len(TestMargins.test_audit.pytestmark)
    1
    """

    losses: ClassVar[Iterable[Any]] = ()
    arguments: ClassVar[Mapping[str, Any]] = {}
    expected_failures: ClassVar[Mapping[str, str]] = {}
    strict: ClassVar[bool] = True
    test_audit: ClassVar[Callable[..., Any]]

    def __init_subclass__(cls, **more: Any) -> None:
        """Give the subclass one test per loss and property."""
        super().__init_subclass__(**more)

        def test_audit(self: AuditSuite, check: Check) -> None:
            __tracebackhide__ = True
            check()

        mark = parametrize_with_audits(
            cls.losses, expected_failures=cls.expected_failures, strict=cls.strict, **cls.arguments
        )
        cls.test_audit = mark(test_audit)
