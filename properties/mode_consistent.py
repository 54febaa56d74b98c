r"""Every way to run a loss gives the same value: with and without gradients, mapped over rows, traced.

Asked of torch losses. Without gradients: under ``no_grad`` and ``inference_mode``, and with arguments that ask for a
gradient. Mapped: ``torch.vmap`` over the rows, each a batch of one, where rows are independent (the reduction is
measured). Traced: ``torch.jit.trace`` at one input, run at another of the same shape: a trace keeps the branch it took.
``torch.compile`` takes seconds and is tried at the effort "thorough" only.

Answers
-------
SUPPORTED
    That many modes agree; a mode that refuses the loss (branches on data under vmap) is no fault.
REFUTED
    One gives another value: severity error where only gradients are switched off, warning else. Witness: the input.
NOT_APPLICABLE
    The loss takes NumPy arrays: there is one mode.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.reduction import REDUCTIONS, close
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported

Mode = Callable[[Trial, Inputs], Any]
SEEDS = (3, 5, 6, 7)
THOROUGH = 8
COMPILED = "torch.compile"


@behaviour(title="every way to run it gives the same value")
def mode_consistent(trial: Trial) -> Iterator[Outcome]:
    """Run the loss in each mode and compare with a plain call."""
    if trial.caller.backend != "torch":
        yield not_applicable("the loss takes NumPy arrays: there is one mode")
        return
    agreed = []
    for name, (mode, severity) in _MODES.items():
        if name == COMPILED and trial.budget < THOROUGH:
            continue
        took = False
        for seed in SEEDS:
            x = trial.sample(seed)
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    value = trial.caller.to_array(_first(mode(trial, x)))
            except Exception:  # a mode may refuse a loss
                break
            expected, took = trial.value(x), True
            if np.isfinite(value).all() and not close(value, expected, trial.tolerance):
                yield _refute(trial, x, name, value, expected, severity)
                return
        agreed.extend([name] if took else [])
    yield supported(f"the value is the same: {', '.join(agreed)}")


def _call(trial: Trial, native: list[Any]) -> Any:
    return trial.caller.function(*native, **trial.caller.params)


def _first(out: Any) -> Any:
    return out[0] if isinstance(out, tuple | list) and out else out


def _no_grad(trial: Trial, x: Inputs) -> Any:
    import torch

    with torch.no_grad():
        return _call(trial, trial.caller.arguments(x, trial.dtype))


def _inference(trial: Trial, x: Inputs) -> Any:
    import torch

    with torch.inference_mode():
        return _call(trial, trial.caller.arguments(x, trial.dtype)).clone()


def _with_gradient(trial: Trial, x: Inputs) -> Any:
    return _call(trial, trial.caller.arguments(x, trial.dtype, [a.name for a in trial.differentiable]))


def _mapped(trial: Trial, x: Inputs) -> Any:
    """Map the loss over the rows, then reduce as the loss does."""
    import torch

    if trial.reduction not in REDUCTIONS:
        raise TypeError("the rows are not independent")
    batch = trial.signature.batch
    axes = [a.shape.index(batch) if batch in a.shape else None for a in trial.signature.arguments]
    # Each row keeps its batch axis, of length 1.
    native = [
        v if axis is None else v.unsqueeze(axis + 1)
        for v, axis in zip(trial.caller.arguments(x, trial.dtype), axes, strict=True)
    ]
    rows = torch.vmap(lambda *row: _first(_call(trial, list(row))), in_dims=tuple(axes))(*native)
    return {"none": lambda: rows.flatten(0, 1), "mean": lambda: rows.mean(0), "sum": lambda: rows.sum(0)}[
        trial.reduction
    ]()


def _traced(trial: Trial, x: Inputs) -> Any:
    import torch

    # Only floats move: lengths and indices are shapes to some losses, and a trace may keep shapes.
    moved = {**x, **{a.name: trial.sample(4)[a.name] for a in trial.signature.floats}}
    other = tuple(trial.caller.arguments(moved, trial.dtype))
    trace: Callable[..., Any] = torch.jit.trace
    traced = trace(lambda *a: _first(_call(trial, list(a))), other, check_trace=False)
    return traced(*trial.caller.arguments(x, trial.dtype))


def _compiled(trial: Trial, x: Inputs) -> Any:
    import torch

    return torch.compile(trial.caller.function)(*trial.caller.arguments(x, trial.dtype), **trial.caller.params)


_MODES: dict[str, tuple[Mode, Severity]] = {
    "no_grad": (_no_grad, Severity.ERROR),
    "inference_mode": (_inference, Severity.ERROR),
    "arguments that ask for a gradient": (_with_gradient, Severity.ERROR),
    "vmap": (_mapped, Severity.WARNING),
    "jit.trace": (_traced, Severity.WARNING),
    COMPILED: (_compiled, Severity.WARNING),
}


def _refute(trial: Trial, x: Inputs, name: str, value: Array, expected: Array, severity: Severity) -> Outcome:
    return refuted(
        f"{name} gives {np.sum(value):.6g}, a plain call {np.sum(expected):.6g}, at {show(x)}",
        witness=witness(x, trial.dtype, mode=name, value=float(np.sum(value)), plain=float(np.sum(expected))),
        severity=severity,
    )
