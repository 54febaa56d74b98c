"""``lift``: from a callable to its graph, checked against the code."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from losscheck.expr.graph import Expr, topological
from losscheck.expr.trace import Trace, fresh_table
from losscheck.lifting.backend import Runner, runners, where
from losscheck.lifting.calls import Call, Label
from losscheck.lifting.lifted import Lifted
from losscheck.lifting.lowering import lower
from losscheck.lifting.notes import collecting
from losscheck.lifting.paths import explore
from losscheck.lifting.recheck import recheck
from losscheck.lifting.rows_call import RowsCall
from losscheck.lifting.samples import ordinary
from losscheck.lifting.unsupported import Mismatch, Unsupported, refusing
from losscheck.ranges import Range

TRIED = 3
MOST_LABELS = 8
"""The verifier reads no more either."""


def lift(
    fn: Callable[..., Any],
    *,
    kind: str,
    n_classes: int | None = None,
    params: Mapping[str, Any] | None = None,
    signature: str | None = None,
    backend: str | None = None,
    ranges: Mapping[str, Range] | None = None,
) -> Lifted:
    """Read a loss: run it on symbolic arrays, once per path through its branches, and check the graph against it.

    Parameters
    ----------
    fn
        A callable of NumPy or JAX arrays or torch tensors, called as its kind says with a batch of one row; it returns
        one number (per row, or their mean or sum), or a tuple whose first entry is that.
    kind, n_classes, signature
        What the arguments are (``losscheck.kinds``); the signature may narrow the domains.
    params
        Keyword arguments bound to the loss.
    backend
        "numpy", "torch" or "jax"; None finds out.
    ranges
        Keyword arguments that are to take every value of an interval: variables of the graph.

    Raises
    ------
    ValueError
        When kind, n_classes, signature or backend is not one that exists.
    Unsupported
        When the code cannot be read, or the graph does not agree with it; says which construct and where.

    Examples
    --------
    >>> import numpy as np
    >>> lifted = lift(lambda v: np.where(v < 1, 1 - v, 0.0), kind="margin")
    >>> lifted.roots
    (max(0, 1 - v),)
    """
    call = RowsCall(signature, n_classes, ranges) if kind == "embedding" else Call(kind, n_classes, signature, ranges)
    if kind == "multilabel" and (call.n_classes or 0) > MOST_LABELS:
        told = f"n_classes={call.n_classes}: a loss of several labels is read once for each of the 2^K label vectors"
        raise Unsupported(f"{told}, for at most {MOST_LABELS} labels; ask about fewer", "")

    def again(size: int) -> Lifted:
        return lift(fn, kind=kind, n_classes=size, params=params, signature=signature, backend=backend, ranges=ranges)

    refusal: Unsupported | None = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as where it is recorded
        found = runners(_copied(fn), dict(params or {}), call, backend)
    for runner in found:
        try:
            return replace(_lift(runner), resized=again)
        except Mismatch:
            raise  # it was read: reading it as code of another library would only hide what was found
        except Unsupported as error:
            refusal = refusal or error
    assert refusal is not None  # there is at least one runner
    raise refusal


def _copied(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Return a copy of a callable object, so that no recorded value stays behind in it."""
    try:
        return copy.deepcopy(fn)
    except Exception:  # an object that cannot be copied is used as it is
        return fn


def _lift(runner: Runner) -> Lifted:
    call = runner.call
    fresh_table()
    counted, most_paths = 0, 1
    roots: list[Expr] = []
    labels: list[Any] = []
    with collecting() as notes, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the loss's own; whoever audits it sees them elsewhere
        for label in call.labels if call.kind != "map" else (None,):
            if isinstance(call, RowsCall) and without_value(runner, label):
                continue
            traces, paths = traces_of(runner, label)
            labels += call.roots_of(label, len(traces))
            lost: list[Expr] = []
            graphs = lower(traces, lost)
            if any(n.op == "inf" for n in topological(graphs)):
                raise Unsupported("the formula is infinite on a part of its inputs", "")
            counted += recheck(runner, label, traces, graphs, lost).counted
            roots += graphs
            most_paths = max(most_paths, paths)
        found = tuple(notes)
    own = tuple(name for name, _ in call.columns)
    parameters = tuple((name, str(low), str(high)) for name, (low, high) in call.ranges.items())
    if not roots:
        raise Unsupported("the loss has no value at the points that were tried, whatever the labels", "")
    return Lifted(
        call.kind, call.n_classes, tuple(labels), own, call.domain, tuple(roots), found, most_paths, counted,
        parameters, call.described if isinstance(call, RowsCall) else (),
    )  # fmt: skip


def without_value(runner: Runner, label: Label) -> bool:
    """Whether the loss is NaN at ordinary points: labels under which a mean is one of nothing are left out."""
    points = ordinary(runner.call, TRIED, np.random.default_rng(11))
    return all(np.isnan(runner(point[None], label)).any() for point in points)


def traces_of(runner: Runner, label: Label) -> tuple[list[Trace], int]:
    """Record the loss on every path; twice, because a pure function gives the same formula again."""
    if runner.backend == "torch":
        from losscheck.lifting.torch import record_torch as recorder
    elif runner.backend == "jax":
        from losscheck.lifting.jax import record_jax as recorder
    else:
        from losscheck.lifting.numpy import record_numpy as recorder

    def run() -> list[Trace]:
        try:
            keywords = {**runner.keywords, **runner.call.symbolic_keywords()}
            with refusing():
                return recorder(runner.fn, runner.call.called(label, runner.label_dtype), keywords)
        except (Unsupported, MemoryError, RecursionError):
            raise
        except Exception as error:
            raise Unsupported(
                f"the loss runs on numbers, but on recorded values it raises {type(error).__name__}: {error}",
                where(error),
            ) from error

    traces, paths = explore(run)
    if paths == 1 and explore(run)[0] != traces:
        raise Mismatch("the code gives another formula when it is run again: it is random, or it keeps state", "")
    return traces, paths
