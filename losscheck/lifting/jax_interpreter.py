"""Read a jaxpr on arrays of trace nodes; what does not depend on the input is computed by JAX itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from losscheck.expr.trace import Trace, constant, record
from losscheck.lifting import array, settling
from losscheck.lifting import jax_moves as _moves  # noqa: F401  (the three fill the table)
from losscheck.lifting import jax_pointwise as _pointwise  # noqa: F401
from losscheck.lifting import jax_reductions as _reductions  # noqa: F401
from losscheck.lifting.jax_table import RULES, cells_of, symbolic
from losscheck.lifting.notes import note
from losscheck.lifting.unsupported import Unsupported

MOST_STEPS = 1000
"""Turns of a loop whose length depends on the input."""

NARROW = ("float32", "float16", "bfloat16")
INLINED = ("jaxpr", "call_jaxpr", "fun_jaxpr")
CONTROL = ("cond", "while", "scan")


def interpret(jaxpr: Any, constants: Sequence[Any], arguments: Sequence[Any]) -> list[Any]:
    """Return the outputs of a jaxpr for arguments some of which are symbolic.

    Raises
    ------
    Unsupported
        When a primitive has no rule.
    """
    known: dict[Any, Any] = dict(zip([*jaxpr.constvars, *jaxpr.invars], [*constants, *arguments], strict=True))

    def value(x: Any) -> Any:
        return x.val if hasattr(x, "val") else known[x]

    for eqn in jaxpr.eqns:
        found = _apply(eqn, [value(x) for x in eqn.invars])
        for variable, each in zip(eqn.outvars, found, strict=True):
            known[variable] = _rounded(each, str(variable.aval.dtype)) if symbolic(each) else each
    return [value(x) for x in jaxpr.outvars]


def _apply(eqn: Any, operands: list[Any]) -> list[Any]:
    name, parameters = eqn.primitive.name, eqn.params
    if name in CONTROL:
        return {"cond": _cond, "while": _while, "scan": _loop}[name](operands, parameters)
    inner = next((parameters[key] for key in INLINED if key in parameters), None)
    if inner is not None:  # jit, custom_jvp_call, custom_vjp_call, checkpoint: the function itself
        return _call(inner, operands)
    if not any(map(symbolic, operands)):
        result = eqn.primitive.bind(*operands, **parameters)
        return list(result) if eqn.primitive.multiple_results else [result]
    if name not in RULES:
        raise Unsupported(f"the JAX primitive {name} has no rule; write the loss with others")
    result = RULES[name](operands, {**parameters, "primitive": eqn.primitive})
    return list(result) if eqn.primitive.multiple_results else [result]


def _call(inner: Any, operands: Sequence[Any]) -> list[Any]:
    """Read an inner jaxpr, closed or open."""
    return interpret(getattr(inner, "jaxpr", inner), getattr(inner, "consts", ()), operands)


def _cond(operands: list[Any], parameters: Any) -> list[Any]:
    which, *rest = operands
    place = int(settling.integers(cells_of(which)).item()) if symbolic(which) else int(which)
    branches = parameters["branches"]
    return _call(branches[min(max(place, 0), len(branches) - 1)], rest)


def _while(operands: list[Any], parameters: Any) -> list[Any]:
    a, b = parameters["cond_nconsts"], parameters["body_nconsts"]
    fixed, inside, carry = operands[:a], operands[a : a + b], operands[a + b :]
    for _ in range(MOST_STEPS):
        (go,) = _call(parameters["cond_jaxpr"], [*fixed, *carry])
        if not (settling.truths(go).item() if symbolic(go) else bool(go)):
            return carry
        carry = _call(parameters["body_jaxpr"], [*inside, *carry])
    raise Unsupported(f"a while loop takes more than {MOST_STEPS} turns")


def _loop(operands: list[Any], parameters: Any) -> list[Any]:
    """Unroll a scan."""
    a, b = parameters["num_consts"], parameters["num_carry"]
    fixed, carry, sequences = operands[:a], operands[a : a + b], operands[a + b :]
    rows: list[list[Any]] = []
    order = range(parameters["length"])
    for i in reversed(order) if parameters["reverse"] else order:
        out = _call(parameters["jaxpr"], [*fixed, *carry, *(x[i] for x in sequences)])
        carry, row = out[:b], out[b:]
        rows.append(row)
    rows = rows[::-1] if parameters["reverse"] else rows
    stacked = [np.stack([np.asarray(cells_of(x)) for x in column]) for column in zip(*rows, strict=True)]
    return [*carry, *stacked]


def _rounded(cells: Any, dtype: str) -> Any:
    """Round to the format of a result that is narrower than float64; the graph keeps the real value."""
    if dtype not in NARROW:
        return cells
    if any(n.op not in ("const", "cast") for n in cells.flat):
        note(
            f"computes in {dtype}: the graph is the real formula, the check against the code used the rounding of "
            f"{dtype}"
        )

    def cast(n: Trace) -> Trace:
        if n.op == "const" and isinstance(n.value, float):
            import ml_dtypes

            return constant(float(np.dtype(getattr(ml_dtypes, dtype, dtype)).type(n.value)))
        return n if n.op == "const" or (n.op == "cast" and n.value == dtype) else record("cast", n, value=dtype)

    return array.elementwise(cast, cells)
