"""SymPy formulas become the graphs of the code that computes them."""

import numpy as np
import pytest
import sympy

from losscheck.lifting.lifting import lift
from losscheck.lifting.sympy import lift_sympy
from losscheck.lifting.unsupported import Unsupported

V = sympy.Symbol("v", real=True)
Z = sympy.symbols("z0:3", real=True)


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        (sympy.Max(0, 1 - V), lambda v: np.maximum(0, 1 - v)),
        (sympy.exp(-V), lambda v: np.exp(-v)),
        (1 / (1 + sympy.exp(V)), lambda v: 1 / (1 + np.exp(v))),
        (1 - sympy.tanh(V), lambda v: 1 - np.tanh(v)),
        (sympy.Piecewise(((1 - V) ** 2, V < 1), (0, True)), lambda v: np.where(v < 1, (1 - v) ** 2, 0)),
        (sympy.sqrt(1 + V**2) - sympy.atan(V) / 2, lambda v: np.sqrt(1 + v**2) - np.arctan(v) / 2),
        (sympy.Abs(V - sympy.Rational(1, 2)), lambda v: np.abs(v - 0.5)),
        (sympy.erfc(V), lambda v: __import__("scipy.special").special.erfc(v)),
    ],
)
def test_formula_and_code_are_one_graph(formula, code):
    assert lift_sympy(formula, kind="margin").roots == lift(code, kind="margin").roots


def test_one_formula_per_label():
    total = sympy.log(sum(map(sympy.exp, Z)))
    lifted = lift_sympy({k: total - Z[k] for k in range(3)}, kind="logits")
    code = lift(lambda z, y: np.log(np.exp(z).sum(1)) - z[np.arange(len(y)), y], kind="logits")
    assert lifted.roots == code.roots
    assert lifted.digest == code.digest


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        (sympy.Symbol("w") + V, "no variable"),
        (sympy.gamma(V), "gamma"),
        (sympy.Piecewise((V, V > 0)), "True"),
    ],
)
def test_what_cannot_be_read(formula, says):
    with pytest.raises(Unsupported, match=says):
        lift_sympy(formula, kind="margin")


def test_formulas_are_needed_for_every_label():
    with pytest.raises(ValueError, match="each of"):
        lift_sympy({0: Z[0]}, kind="logits")
