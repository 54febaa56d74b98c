"""Scalar tails on a GPU: the functions of the CPU kernels themselves, calling those of the GPU in place of ours."""

import importlib
import math
from types import FunctionType
from typing import Any

from losscheck.kernels.cuda.reductions import device

_GPU = {"exp64": math.exp, "log": math.log, "log1p": math.log1p}


def on_gpu(function: Any) -> Any:
    """A function of a CPU kernel, and those it calls, as a function of a GPU."""
    names = dict(function.__globals__)
    for name in function.__code__.co_names:
        if name in _GPU:
            names[name] = _GPU[name]
        elif hasattr(names.get(name), "py_func"):
            names[name] = on_gpu(names[name].py_func)
    return device(FunctionType(function.__code__, names, function.__name__))


def _kernel(name: str) -> Any:
    return getattr(importlib.import_module(f"losscheck.kernels.{name}"), name)


_ODDS = ("comp_sum", "focal", "generalized_cross_entropy", "poly1")
_MARGINS = (
    "exponential", "hinge", "logistic", "matsushita", "modified_huber", "perceptron", "ramp", "savage", "sigmoid",
    "smooth_hinge", "squared_hinge", "squared_margin", "tangent", "unhinged",
)  # fmt: skip
OF_ROWS = {name: on_gpu(_kernel(name).chunk.tail) for name in _ODDS}
OF_MARGINS = {name: (on_gpu(_kernel(name).loop.py_func), len(_kernel(name).parameters)) for name in _MARGINS}
