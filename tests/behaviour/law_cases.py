"""The two tests of a law: it speaks of every loss in a module's BROKEN, and of none in its HEALTHY.

A module imports both tests and has the two lists of ``(property, loss, signature)``; ``conftest`` deals them out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from losscheck.verdict import Severity, Verdict

Case = tuple[str, Callable[..., Any], str]


def test_the_law_is_broken(asked: Any, broken: Case) -> None:
    """Refuted, with a witness, and more than a note."""
    found = [o for o in asked(*broken).values() if o.verdict is Verdict.REFUTED]
    assert found
    assert all(o.witness is not None and o.severity in (Severity.WARNING, Severity.ERROR) for o in found)


def test_the_law_is_kept(asked: Any, healthy: Case) -> None:
    """Answered, and nowhere refuted."""
    found = asked(*healthy).values()
    assert found
    assert not [o.message for o in found if o.verdict is Verdict.REFUTED]
