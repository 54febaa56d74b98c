"""The keyword arguments of a loss, with the values they have in an audit."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from losscheck.signature import Signature


def keywords(function: Callable[..., Any], signature: Signature, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be passed by keyword beyond the arguments of the signature: defaults, then bound values.

    >>> from losscheck.signature import parse
    >>> keywords(lambda z, y, gamma=2.0: z, parse("z:(N,):real y:(N,):{0,1}"), {})
    {'gamma': 2.0}
    """
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # a builtin without a signature
        return dict(params)
    found = {p.name: p.default for p in parameters[len(signature.arguments) :] if p.default is not p.empty}
    return {**found, **params}


def with_ignored_label(signature: Signature, given: Mapping[str, Any]) -> Signature:
    """Return the signature with the label that the keyword ``ignore_index`` marks, where it says only ``index*``."""
    label = given.get("ignore_index")
    if not isinstance(label, int) or "index*=" in signature.text:
        return signature
    arguments = tuple(a if a.ignored is None else replace(a, ignored=label) for a in signature.arguments)
    return replace(signature, arguments=arguments)
