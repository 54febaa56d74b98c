"""Compare two implementations of one loss: every difference a caller could notice is an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from losscheck.address import address, in_words
from losscheck.comparison.answering import answer_comparison
from losscheck.comparison.laws import IN_EACH_FORMAT, ONCE
from losscheck.conversing import converse
from losscheck.loss import Loss, as_loss, infer_kind
from losscheck.ranges import is_range
from losscheck.reporting.report import Report
from losscheck.reporting.reproduce import AGAINST
from losscheck.request import Request, request


def compare(
    impl: Any,
    reference: Any,
    *,
    kind: str | None = None,
    signature: str | None = None,
    n_classes: int = 3,
    dtypes: Sequence[str] = ("float64", "float32", "float16", "bfloat16"),
    max_ulp: float | None = None,
    params: Mapping[str, Any] | None = None,
    effort: str = "ci",
    seed: int = 0,
) -> Report:
    """Say where ``impl`` departs from ``reference``: both are called alike, on ordinary, directed and invalid inputs.

    Compared: values, gradients and second derivatives, shapes and dtypes, exceptions, NaN and infinities, what a call
    changes, the reduction, and the keywords with their defaults. Every difference is a finding of severity error, with
    the smallest input that shows it. Where the two are written for different libraries (torch, NumPy), types, kinds of
    exceptions and gradients are not compared.

    Parameters
    ----------
    impl, reference
        What `losscheck.audit` takes: callables, modules, targets.
    kind, signature, n_classes, dtypes, effort, seed
        As for `losscheck.audit`; the kind of a well-known torch loss is known.
    max_ulp
        The largest difference that is none, in units of the last place of the reference; by default a relative
        difference of ``2^(-p/2)``, p the significand bits of the format.
    params
        Keyword arguments bound to both.

    Raises
    ------
    ValueError, TypeError
        When an argument is not allowed; the message names what is.
    ImportError
        When a target cannot be loaded.
    """
    if max_ulp is not None and (isinstance(max_ulp, bool) or not max_ulp >= 0):
        raise ValueError(f"max_ulp={max_ulp!r}; give a number that is not negative, or None for half the digits")
    losses = as_loss(impl), as_loss(reference)
    asked = _asked(losses, kind, signature, n_classes, params, dtypes, effort, seed)
    places = (address(impl), address(reference)) if in_words(asked.params) else (None, None)
    return converse(
        asked,
        f"{losses[0].name}{AGAINST}{losses[1].name}",
        {"task": "compare", "max_ulp": max_ulp},
        [(loss.function, {**loss.params, **(params or {})}) for loss in losses],
        [*((law, None) for law in ONCE), *((law, dtype) for dtype in asked.dtypes for law in IN_EACH_FORMAT)],
        answer_comparison,
        AGAINST.join(str(each) for each in places) if None not in places else None,
    )


def _asked(
    losses: tuple[Loss, Loss],
    kind: str | None,
    signature: str | None,
    n_classes: int,
    params: Mapping[str, Any] | None,
    dtypes: Sequence[str],
    effort: str,
    seed: int,
) -> Request:
    """Check the arguments as an audit does; either loss may say what kind it is."""
    impl, reference = losses
    for name, value in (params or {}).items():
        if is_range(value):
            raise ValueError(f"params[{name!r}]={value!r} is a range, but codes are compared at one value; give one")
    signature = signature or reference.signature or impl.signature
    kind = kind or reference.kind or impl.kind
    if kind is None and signature is None:
        kind = infer_kind(reference.function) or infer_kind(impl.function)
    return request(reference, kind, signature, n_classes, params, None, None, [], dtypes, effort, seed)
