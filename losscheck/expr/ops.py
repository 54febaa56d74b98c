"""The table of ops: one row per op.

A reading (NumPy, boxes, SymPy, derivative, curvature, printing) lives with its engine as a dict keyed by op name;
``tests/expr/test_ops.py`` fails when a reading has a hole. The verifier has its own readings and its own table.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Op:
    """One op: how many arguments (None: any number), what it returns, and what it means."""

    name: str
    arity: int | None
    sort: str
    meaning: str


OPS: dict[str, Op] = {
    op.name: op
    for op in (
        Op("const", 0, "real", "an exact rational"),
        Op("float", 0, "real", "a double of more than 12 significand bits; stands for the reals within 2 ulp"),
        Op("var", 0, "real", "a variable (name, domain)"),
        Op("add", None, "real", "c0 + sum of ci ti"),
        Op("mul", None, "real", "product"),
        Op("pow", 1, "real", "base ** (p/q); base >= 0 unless p/q is an integer"),
        Op("exp", 1, "real", "exponential"),
        Op("log", 1, "real", "natural logarithm, argument >= 0, log 0 = -inf"),
        Op("abs", 1, "real", "absolute value"),
        Op("atan", 1, "real", "arc tangent"),
        Op("erf", 1, "real", "error function"),
        Op("sin", 1, "real", "sine"),
        Op("cos", 1, "real", "cosine"),
        Op("log_ndtr", 1, "real", "log of the standard normal distribution function"),
        Op("lse", None, "real", "log of the sum of exponentials"),
        Op("max", None, "real", "maximum"),
        Op("min", None, "real", "minimum"),
        Op("where", 3, "real", "where(condition, a, b)"),
        Op("lt", 2, "bool", "a < b"),
        Op("le", 2, "bool", "a <= b"),
        Op("eq", 2, "bool", "a == b"),
        Op("not", 1, "bool", "negation"),
        Op("and", None, "bool", "conjunction"),
        Op("true", 0, "bool", "true"),
        Op("false", 0, "bool", "false"),
        Op("inf", 0, "real", "an infinity (value 1 or -1); transient, never in a finished graph"),
    )
}
