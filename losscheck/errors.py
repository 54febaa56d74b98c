"""Exceptions a user may catch."""

from __future__ import annotations


class ClaimRefuted(AssertionError):
    """Raised by ``Report.raise_for_status``: at least one finding has severity ``error``.

    The message lists every such finding with its witness and a line that reproduces it. It is an ``AssertionError``,
    so test runners show it as a failed test, not as a broken one.
    """
