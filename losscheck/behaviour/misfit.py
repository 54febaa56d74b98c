"""Whether a loss can be called the way it is audited at all, and what to do where it cannot."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from losscheck.signature import Signature


def misfit(function: Callable[..., Any], signature: Signature, params: Mapping[str, Any]) -> str | None:
    """Return why a call with the arguments of ``signature`` does not fit ``function``, None where nothing is wrong.

    >>> from losscheck.signature import parse
    >>> misfit(lambda a, b, c: a, parse("v:(N,):real"), {})
    'it was called with (v) and takes (a, b, c): choose another kind=, give signature=, or bind the rest with params='
    >>> misfit(lambda v: v, parse("v:(N,):real"), {}) is None
    True
    """
    try:
        taken = inspect.signature(function)
    except (ValueError, TypeError):
        return None
    names = [each.name for each in signature.arguments]
    try:
        taken.bind(*names, **params)
    except TypeError:
        called = ", ".join([*names, *(f"{name}=" for name in params)])
        return (
            f"it was called with ({called}) and takes {taken}: choose another kind=, give signature=, or bind the rest "
            "with params="
        )
    return None
