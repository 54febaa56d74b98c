r"""Every way to run a loss gives the same value: any memory layout, with and without gradients, mapped, traced.

Memory layout: arguments with gaps between their numbers, arguments transposed in memory, one row that stands for all
(stride 0), and, of NumPy arrays, read-only ones. Of torch losses moreover, without gradients: under ``no_grad`` and
``inference_mode``, and with arguments that ask for a gradient. Mapped: ``torch.vmap`` over the rows, each a batch of
one, where rows are independent (the reduction is measured). Traced: ``torch.jit.trace`` at one input, run at another of
the same shape: a trace keeps the branch it took. ``torch.compile`` takes seconds and is tried at the effort "thorough"
only. Of JAX losses: ``jit`` and ``vmap``; their arrays have no layout.

Answers
-------
SUPPORTED
    That many modes agree; a mode that refuses the loss (branches on data under vmap) is no fault.
REFUTED
    One gives another value: severity error where only the layout or the recording of gradients differs, warning else.
    A layout is refused (``view`` of a transposed array): severity warning. Witness: the input.

Known exceptions
----------------
A mode that refuses the loss is no fault, but a layout is. ``torch.compile`` is tried at the effort "thorough" only.
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
from losscheck.verdict import Outcome, Severity, refuted, supported

Mode = Callable[[Trial, Inputs], Any]
SEEDS = (3, 5, 6, 7)
THOROUGH = 8
COMPILED, REPEATED = "torch.compile", "one row with stride 0"


@behaviour(title="every way to run it gives the same value")
def mode_consistent(trial: Trial) -> Iterator[Outcome]:
    """Run the loss in each mode and compare with a plain call."""
    agreed = []
    modes = {"torch": {**_LAYOUTS, **_MODES}, "jax": _JAX}.get(trial.caller.backend, _LAYOUTS)
    for name, (mode, severity) in modes.items():
        if name == COMPILED and trial.budget < THOROUGH:
            continue
        took = False
        for seed in SEEDS:
            x = trial.sample(seed)
            if name == REPEATED:
                if trial.signature.batch is None:
                    break
                x = trial.rows(x, [0] * trial.count(x))
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    value = trial.caller.to_array(_first(mode(trial, x)))
            except Exception as error:  # a mode may refuse a loss, a layout may not be refused
                if name in _LAYOUTS:
                    said = f"{type(error).__name__}: {str(error)[:120]}"
                    yield refuted(
                        f"{name}: {said}, at {show(x)}",
                        witness=witness(x, trial.dtype, mode=name),
                        severity=Severity.WARNING,
                    )
                    return
                break
            expected, took = trial.fresh_value(x), True  # a call in another format may have changed the loss
            if np.isfinite(value).all() and not close(value, expected, trial.tolerance):
                yield _refute(trial, x, name, value, expected, severity)
                return
        agreed.extend([name] if took else [])
    yield supported(f"the value is the same: {', '.join(agreed)}")


def _call(trial: Trial, native: list[Any]) -> Any:
    return trial.caller.call(native)


def _first(out: Any) -> Any:
    return out[0] if isinstance(out, tuple | list) and out else out


def _gapped(trial: Trial, x: Inputs) -> Any:
    """Call with every other number of arrays twice as long."""
    native = trial.caller.arguments(x, trial.dtype)
    if trial.caller.backend == "torch":
        wide = [v.repeat_interleave(2, dim=-1)[..., ::2] if v.ndim else v for v in native]
    else:
        wide = [np.repeat(v, 2, axis=-1)[..., ::2] if v.ndim else v for v in native]
    return _call(trial, wide)


def _transposed(trial: Trial, x: Inputs) -> Any:
    """Call with arrays whose first axis is the fastest in memory."""
    native = trial.caller.arguments(x, trial.dtype)
    if trial.caller.backend == "torch":
        return _call(trial, [v.transpose(0, -1).contiguous().transpose(0, -1) if v.ndim > 1 else v for v in native])
    return _call(trial, [np.asfortranarray(v) if v.ndim > 1 else v for v in native])


def _read_only(trial: Trial, x: Inputs) -> Any:
    native = trial.caller.arguments(x, trial.dtype)
    if trial.caller.backend != "torch":
        for v in native:
            v.setflags(write=False)
    return _call(trial, native)


def _repeated(trial: Trial, x: Inputs) -> Any:
    """Call with arrays whose rows, which are equal, are the same memory."""
    batch, native = trial.signature.batch, trial.caller.arguments(x, trial.dtype)
    axes = [a.shape.index(batch) if batch in a.shape else None for a in trial.signature.arguments]
    torch = trial.caller.backend == "torch"
    return _call(
        trial,
        [
            v
            if axis is None
            else v.narrow(axis, 0, 1).expand(v.shape)
            if torch
            else np.broadcast_to(v.take([0], axis), v.shape)
            for v, axis in zip(native, axes, strict=True)
        ],
    )


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
    return _reduced(trial, rows)


def _reduced(trial: Trial, rows: Any) -> Any:
    """Reduce the values of rows as the loss does, each a batch of one."""
    if trial.reduction == "none":
        return rows.reshape(rows.shape[0] * rows.shape[1], *rows.shape[2:])
    return rows.mean(0) if trial.reduction == "mean" else rows.sum(0)


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
    from torch._inductor import config

    with config.patch(compile_threads=1):  # no processes of its own: the worker answers for all it starts
        return torch.compile(trial.caller.function)(*trial.caller.arguments(x, trial.dtype), **trial.caller.params)


def _jitted(trial: Trial, x: Inputs) -> Any:
    import jax

    return jax.jit(lambda *native: _first(_call(trial, list(native))))(*trial.caller.arguments(x, trial.dtype))


def _jax_mapped(trial: Trial, x: Inputs) -> Any:
    """Map the loss over the rows, then reduce as the loss does."""
    import jax

    if trial.reduction not in REDUCTIONS:
        raise TypeError("the rows are not independent")
    batch = trial.signature.batch
    axes = tuple(a.shape.index(batch) if batch in a.shape else None for a in trial.signature.arguments)
    native = [
        v if axis is None else v.reshape(*v.shape[: axis + 1], 1, *v.shape[axis + 1 :])
        for v, axis in zip(trial.caller.arguments(x, trial.dtype), axes, strict=True)
    ]
    return _reduced(trial, jax.vmap(lambda *row: _first(_call(trial, list(row))), in_axes=axes)(*native))


_LAYOUTS: dict[str, tuple[Mode, Severity]] = {
    "arguments with gaps in memory": (_gapped, Severity.ERROR),
    "arguments transposed in memory": (_transposed, Severity.ERROR),
    "read-only arguments": (_read_only, Severity.ERROR),
    REPEATED: (_repeated, Severity.ERROR),
}
_JAX: dict[str, tuple[Mode, Severity]] = {
    "jit": (_jitted, Severity.WARNING),
    "vmap": (_jax_mapped, Severity.WARNING),
}
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
