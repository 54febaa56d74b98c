"""The keyword arguments of a loss, with the values they have in an audit."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from losscheck.behaviour.remade import called_as, settings
from losscheck.signature import Signature

SMOOTHING = frozenset({"label_smoothing", "smoothing", "label_smooth", "smooth_labels", "lb_smooth", "ls"})
"""Names of keywords that smooth labels; laws about perfect predictions leave such losses alone."""

SPLITS = frozenset(
    {"micro", "micro_batches", "micro_batch_size", "chunk", "chunks", "num_chunks", "n_chunks", "chunk_size", "block"}
    | {"blocks", "block_size", "splits", "num_splits", "accumulation_steps"}
)
"""Names of keywords that cut the work into pieces: they may change the time it takes, never the value."""


def keywords(function: Callable[..., Any], signature: Signature, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be passed by keyword beyond the arguments of the signature: defaults, then bound values.

    What an object was made with counts too, where it can be made again with something else.

    >>> from losscheck.signature import parse
    >>> keywords(lambda z, y, gamma=2.0: z, parse("z:(N,):real y:(N,):{0,1}"), {})
    {'gamma': 2.0}
    """
    return {**settings(function), **taken(function, signature), **params}


def taken(function: Callable[..., Any], signature: Signature) -> dict[str, Any]:
    """Return the keywords a call itself takes, with their defaults."""
    try:
        parameters = list(inspect.signature(called_as(function)).parameters.values())
    except (TypeError, ValueError):  # a builtin without a signature
        return {}
    return {p.name: p.default for p in parameters[len(signature.arguments) :] if p.default is not p.empty}


def with_ignored_label(signature: Signature, given: Mapping[str, Any]) -> Signature:
    """Return the signature with the ignored label the loss itself marks by a keyword, where it says the default -100.

    That keyword is ``ignore_index``; under any other name, the only integer keyword that can be no class: negative or
    at least 100.
    """
    integers = {name: v for name, v in given.items() if isinstance(v, int) and not isinstance(v, bool)}
    marks = [v for v in integers.values() if v < 0 or v >= 100]
    label = integers.get("ignore_index", marks[0] if len(marks) == 1 else None)
    if label is None:
        return signature
    arguments = tuple(replace(a, ignored=label) if a.ignored == -100 else a for a in signature.arguments)
    return replace(signature, arguments=arguments)


def smooths_labels(given: Mapping[str, Any]) -> bool:
    """Whether a keyword smooths the labels by an amount that is not 0.

    >>> smooths_labels({"label_smoothing": 0.0}), smooths_labels({"ls": 0.1})
    (False, True)
    """
    return any(given[name] for name in SMOOTHING & given.keys())
