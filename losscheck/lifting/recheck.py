"""Every lift is run against the code before anything is said about it.

1. The code's float64 value must lie in the running-error enclosure of the trace, at several hundred points per label:
   ordinary ones, ties, edges of the domain, both sides of every kink to the last bit. An enclosure wider than 1e-3
   relative tests nothing and does not count; at least 100 points must count.
2. The code is finite where the trace is, and not a number where the trace is not.
3. The lowered graph and the trace are the same real number: their exact balls overlap at a sample of the same points.
4. Rows are independent: on a batch the code gives the values of its rows, or their mean or sum.

Random points cannot show that two programs agree everywhere: the recheck is evidence that the lift is right, and it is
what catches code that hides its computation, keeps state, or is read by a wrong rule.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from losscheck.expr.graph import Expr
from losscheck.expr.trace import Trace, topological
from losscheck.lifting.backend import Runner, where
from losscheck.lifting.calls import Label, named
from losscheck.lifting.enclosure import XLA, Floats, looser
from losscheck.lifting.graph_ball import graph_balls
from losscheck.lifting.independence import check_far_rows, check_rows
from losscheck.lifting.readings import enclosures, exact, surely_undefined, undefined_conditions, values
from losscheck.lifting.samples import boundaries, distant, far, interior, ordinary, special
from losscheck.lifting.unsupported import Mismatch
from losscheck.lifting.vanished import negative_somewhere

POINTS = 300
DISTANT = 48
"""How many more are far out, or very near 0, where the domain goes that far."""
MUST_COUNT = 100
TOO_WIDE = 1e-3
SAMPLE = 60
"""How many points are compared in exact balls; fewer for a large graph, but at least a fifth of them."""
NODES = 3000
SECONDS_PER_LABEL = 0.25
SMALLEST = float(np.finfo(np.float64).smallest_normal)
UNDEFINED = 12
"""How many points at which the code gives NaN are looked at."""


@dataclass(frozen=True)
class Checked:
    """One label's points, the code's values there and which of them count."""

    points: Floats
    counted: int


def recheck(
    runner: Runner,
    label: Label,
    traces: Sequence[Trace],
    graphs: Sequence[Expr],
    vanished: Sequence[Expr] = (),
    seed: int = 0,
) -> Checked:
    """Compare the code with the trace, and the trace with the graph; what has ``vanished`` from it is nonnegative.

    Raises
    ------
    Mismatch
        With the first point at which they differ.
    """
    call, rng = runner.call, np.random.default_rng(seed)
    base = np.concatenate([ordinary(call, POINTS // 2, rng), special(call, POINTS // 2, rng)])
    outer = distant(call, DISTANT, rng)
    edges = boundaries(call, traces, base, rng, outer)
    base = np.concatenate([base, outer])
    points = np.concatenate([base[rng.permutation(len(base))], edges[rng.permutation(len(edges))[: 2 * POINTS]]])
    if runner.backend == "jax":  # XLA reads subnormal numbers as 0
        points = points[((points == 0) | (np.abs(points) >= SMALLEST)).all(axis=1)]
    got, points, raised = _run(runner, label, points, len(traces))
    at = named(call.variables, points)
    plain = values(traces, at)
    hit, widest = np.ones(len(points), bool), np.zeros(len(points))
    with looser(XLA if runner.backend == "jax" else 1.0):
        enclosed = enclosures(traces, at)
    for i, (low, high) in enumerate(enclosed):
        low, high = np.broadcast_to(low, len(points)), np.broadcast_to(high, len(points))
        flushed = SMALLEST if runner.backend == "jax" else 0.0
        ours = np.broadcast_to(np.asarray(plain[i], float), len(points))
        _compare(runner, label, points, got[:, i], (low - flushed, high + flushed), np.where(raised, np.nan, ours))
        widest = np.maximum(widest, high - low)
        scale = np.minimum(np.abs(low), np.abs(high))
        hit &= np.isfinite(got[:, i]) & ((high - low <= TOO_WIDE * scale) | (high == low))
    counted = int(hit.sum())
    if counted < MUST_COUNT:
        raise Mismatch(
            f"the lift could be compared with the code at only {counted} of {len(points)} points (at least "
            f"{MUST_COUNT} are needed): elsewhere rounding errors are too large or the value is not finite",
            "",
        )
    some = max(SAMPLE // 5, min(SAMPLE, NODES // len(topological(traces))))
    last = np.arange(max(0, len(points) - some // 2), len(points))  # near kinks, where there are any
    lost = np.flatnonzero(np.isnan(got).any(axis=1) & ~raised & interior(call, points))[:UNDEFINED]
    _same_undefined(runner, label, traces, graphs, points[lost])
    unsure = np.flatnonzero(~hit & np.isfinite(got).all(axis=1) & interior(call, points))[:UNDEFINED]
    _same_decisions(runner, label, traces, graphs, points[unsure], got[unsure])
    found = negative_somewhere(call, vanished, np.concatenate([far(call, rng), points[:SAMPLE]]), rng)
    if found is not None:
        raise Mismatch(
            f"the code has no value at {_show(runner, found[0], label)}, where {found[1]} is not positive, which the "
            "formula read from it has: a logarithm or a root cancels, or is multiplied by 0",
            "",
        )
    chosen = np.concatenate([np.flatnonzero(hit)[: some - some // 2], last])
    _same_reals(runner, label, traces, graphs, points[chosen])
    rounding = float(np.max(widest[hit][:6]))  # of the code in its own precision
    batch, rows = points[hit][:6], got[hit][:6]
    if call.ranges:  # a batch has one value of each parameter
        batch[:, len(call.columns) :] = batch[:1, len(call.columns) :]
        rows = np.stack([runner(point[None, :], label) for point in batch])
    if not call.interacting:
        if check_rows(runner, label, batch, rows, rounding) == "none" and not call.ranges:
            check_far_rows(runner, label, points[hit], got[hit], widest[hit])
    return Checked(points, counted)


def _run(runner: Runner, label: Label, points: Floats, width: int) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Call the code on one point at a time; a slow loss on fewer points, but on enough.

    Where ``math.log`` and its like raise, an array function gives inf or NaN: the value is NaN, and marked as raised.
    """
    found, raised, started = [], np.zeros(len(points), bool), time.perf_counter()
    for i, point in enumerate(points):
        if i >= POINTS and time.perf_counter() - started > SECONDS_PER_LABEL:
            break
        try:
            value = runner(point[None, :], label)
        except (ArithmeticError, ValueError):
            value, raised[i] = np.full(width, np.nan), True
        except Exception as error:
            raise Mismatch(
                f"the loss raises {type(error).__name__} at {_show(runner, point, label)}: {error}", where(error)
            ) from error
        if value.size != width:
            raise Mismatch(f"the loss gives {value.size} numbers for one row, the lift {width}", "")
        found.append(value)
    return np.array(found).reshape(-1, width), points[: len(found)], raised[: len(found)]


def _compare(
    runner: Runner, label: Label, points: Floats, got: Floats, allowed: tuple[Floats, Floats], ours: Floats
) -> None:
    low, high = allowed
    known = np.isfinite(low) & np.isfinite(high)
    wrong = np.where(np.isnan(got), known | ~np.isnan(ours) & (low == high), (got < low) | (got > high))
    wrong |= np.isnan(ours) & np.isfinite(got)
    if wrong.any():
        i = int(np.flatnonzero(wrong)[0])
        raise Mismatch(
            f"the code and its lift differ: at {_show(runner, points[i], label)} the code gives {float(got[i])!r}, "
            f"the lift allows [{float(low[i])!r}, {float(high[i])!r}]; the code depends on rounding or hidden state, "
            "or hides a computation",
            "",
        )


def _same_reals(runner: Runner, label: Label, traces: Sequence[Trace], graphs: Sequence[Expr], points: Floats) -> None:
    for point in points:
        at = dict(zip(runner.call.variables, map(float, point), strict=True))
        for a, b in zip(exact(traces, at), graph_balls(graphs, at), strict=True):
            if a.is_finite() and b.is_finite() and not a.overlaps(b):
                raise Mismatch(
                    f"the simplified graph is not the recorded formula at {_show(runner, point, label)}: {b} instead "
                    f"of {a}; this is a defect of losscheck",
                    "",
                )


def _same_undefined(
    runner: Runner, label: Label, traces: Sequence[Trace], graphs: Sequence[Expr], points: Floats
) -> None:
    """Where code and trace are not a number, ``0 * log(-1)``, the graph must not have been simplified to one."""
    for point in points:
        at = dict(zip(runner.call.variables, map(float, point), strict=True))
        for a, b in zip(exact(traces, at), graph_balls(graphs, at), strict=True):
            if a.is_nan() and b.is_finite() and surely_undefined(traces, at):
                raise Mismatch(
                    f"the code has no value at {_show(runner, point, label)}, which the formula read from it has: it "
                    "multiplies what is not defined there by 0, or subtracts it from itself",
                    "",
                )


def _same_decisions(
    runner: Runner, label: Label, traces: Sequence[Trace], graphs: Sequence[Expr], points: Floats, got: Floats
) -> None:
    """Where a condition compares NaN, which is false, the graph must not have been simplified to the other branch."""
    for point, ours in zip(points, got, strict=True):
        at = dict(zip(runner.call.variables, map(float, point), strict=True))
        if not undefined_conditions(traces, at):
            continue
        for x, b in zip(ours, graph_balls(graphs, at), strict=True):
            if b.is_finite() and not abs(b - float(x)) <= TOO_WIDE * (1 + abs(float(x))):
                raise Mismatch(
                    f"a branch compares what is not a number at {_show(runner, point, label)}: the code gives "
                    f"{float(x)!r} there, the formula read from it {b}",
                    "",
                )


def _show(runner: Runner, point: Floats, label: Label) -> str:
    parts = [f"{name} = {float(x)!r}" for name, x in zip(runner.call.variables, point, strict=True)]
    return ", ".join(parts + ([f"{runner.call.label.name} = {label}"] if runner.call.label else []))
