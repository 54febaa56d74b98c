"""One loss behind its signature: float64 arrays in, float64 arrays out, whatever library it is written for."""

from __future__ import annotations

import contextlib
import copy
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from losscheck.behaviour import jax_arrays, numpy_arrays, torch_arrays
from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.misfit import misfit
from losscheck.behaviour.remade import remade
from losscheck.behaviour.witness import show, witness
from losscheck.signature import Argument, Signature


class Raised(Exception):
    """The loss raised on an input; says what, where in the code, and at which input."""

    def __init__(self, message: str, witness: dict[str, Any], location: str | None, backward: bool = False) -> None:
        super().__init__(message)
        self.witness = witness
        self.location = location
        self.backward = backward


def copied(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a copy of a callable object, itself where it cannot be copied; a function is its own copy."""
    try:
        return copy.deepcopy(function)
    except Exception:
        return function


@dataclass
class Caller:
    """How a loss is called: its backend, its bound parameters, and the encoding of labels and masks it takes."""

    function: Callable[..., Any]
    signature: Signature
    params: Mapping[str, Any] = field(default_factory=dict)
    backend: str = "numpy"
    integer: frozenset[str] = frozenset()
    float_masks: bool = False
    ignore_declared: bool = False
    trace: Callable[[dict[str, Any]], None] | None = None
    calls: int = 0
    returns_tuple: bool = False
    made: frozenset[str] = frozenset()
    """Names of keywords that are not given in a call: the loss is an object that is made again with them."""
    device: str = "cpu"
    """Where torch puts what the loss is called with; other libraries have the CPU alone."""
    home: str | None = None
    """The format whose calls get the loss itself; those in any other get a copy, which a cast in place may change."""
    copies: dict[str, Callable[..., Any]] = field(default_factory=dict, init=False, repr=False)
    compiled: dict[frozenset[str], jax_arrays.PullBack] = field(default_factory=dict, init=False, repr=False)
    """Gradients of a JAX loss by the arguments of these names."""

    @property
    def arrays(self) -> Any:
        """The module that makes arrays of the loss's library."""
        return {"torch": torch_arrays, "jax": jax_arrays}.get(self.backend, numpy_arrays)

    def call(self, native: list[Any], params: Mapping[str, Any] | None = None, dtype: str | None = None) -> Any:
        """Call the loss on native arrays, as its library wants to be called; return what it returns."""
        surroundings = jax_arrays.surroundings() if self.backend == "jax" else contextlib.nullcontext()
        with surroundings, warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            given = {**self.params, **(params or {})}
            made = {name: given.pop(name) for name in self.made & given.keys()}
            function = remade(self.function, made) if made else self._for(dtype)
            return function(*native, **given)

    def _for(self, dtype: str | None) -> Callable[..., Any]:
        """Return what is called in a format."""
        if self.home is None or dtype in (None, self.home):
            return self.function
        if dtype not in self.copies:
            self.copies[dtype] = copied(self.function)
        return self.copies[dtype]

    def dtype_for(self, argument: Argument, dtype: str) -> str:
        """Return the dtype in which ``argument`` is given when the floats are of ``dtype``."""
        if argument.dtype is not None and not self.ignore_declared:
            return argument.dtype
        if argument.domain == "mask":
            return dtype if self.float_masks else "bool"
        if argument.domain in ("index", "index*", "length") or argument.name in self.integer:
            return "int64"
        return dtype

    def arguments(self, inputs: Inputs, dtype: str, gradient: Iterable[str] = ()) -> list[Any]:
        """Return fresh native arrays in the order of the call."""
        wanted = frozenset(gradient)
        placed = {"device": self.device} if self.backend == "torch" else {}
        return [
            self.arrays.to_native(inputs[a.name], self.dtype_for(a, dtype), gradient=a.name in wanted, **placed)
            for a in self.signature.arguments
        ]

    def run(self, native: list[Any], inputs: Inputs, dtype: str, params: Mapping[str, Any] | None = None) -> Any:
        """Call the loss on native arrays; return what it returns, the first of a tuple.

        Raises
        ------
        Raised
            When the loss raises, exits, or returns nothing that is a number.
        """
        return self._run(native, inputs, dtype, params)[0]

    def _run(
        self, native: list[Any], inputs: Inputs, dtype: str, params: Mapping[str, Any] | None = None
    ) -> tuple[Any, Array]:
        """Do what `run` does, and return the float64 array too that its check makes."""
        self.calls += 1
        if self.trace is not None:
            self.trace(witness(inputs, dtype))
        try:
            out = self.call(native, params, dtype)
            self.returns_tuple = isinstance(out, tuple | list)
            out = out[0] if isinstance(out, tuple | list) and out else out
            return out, self._numbers(out)
        except (Exception, SystemExit, GeneratorExit) as error:
            raise self._raised(error, inputs, dtype) from error

    def _numbers(self, out: Any) -> Array:
        """Return as float64 what a call returned.

        Raises
        ------
        TypeError
            When it is nothing that can be read as real numbers.
        """
        wrong = "None" if out is None else None
        if wrong is None and "complex" in str(getattr(out, "dtype", type(out).__name__)):
            wrong = "complex numbers"
        if wrong is None:
            try:
                return self.to_array(out)
            except (TypeError, ValueError):
                wrong = f"something of type {type(out).__name__}"
        raise TypeError(
            f"the loss returned {wrong}; it must return real numbers, one per row or their mean or sum, or a tuple "
            "that begins with them"
            + ("; a class is named with its arguments, as in file.py:Name(2.0)" if self._is_class else "")
        )

    @property
    def _is_class(self) -> bool:
        return isinstance(self.function, type)

    def value(self, inputs: Inputs, dtype: str, params: Mapping[str, Any] | None = None) -> Array:
        """Return the value as a float64 array."""
        return self._run(self.arguments(inputs, dtype), inputs, dtype, params)[1]

    def outputs(self, inputs: Inputs, dtype: str) -> list[Array]:
        """Return every array of a result that is a tuple, as float64; a result alone as a list of one.

        Raises
        ------
        Raised
            When the loss raises, or an entry is no array of numbers.
        """
        native = self.arguments(inputs, dtype)
        try:
            out = self.call(native, dtype=dtype)
            return [self.to_array(each) for each in (out if isinstance(out, tuple | list) else (out,))]
        except (Exception, SystemExit, GeneratorExit) as error:
            raise self._raised(error, inputs, dtype) from error

    def gradient(
        self, inputs: Inputs, names: Iterable[str], dtype: str, cotangent: Array | None = None
    ) -> dict[str, Array | None]:
        """Return the gradient of ``sum(cotangent * value)`` by each named argument; None where the graph is cut."""
        native = self.arguments(inputs, dtype, names)
        wanted = [(a.name, x) for a, x in zip(self.signature.arguments, native, strict=True) if a.name in names]
        out = self.run(native, inputs, dtype)
        try:
            if self.backend == "jax":
                found = self._jax_gradient(frozenset(name for name, _ in wanted))(native, out, cotangent)
            else:
                found = self.arrays.pull_back(out, [x for _, x in wanted], cotangent)
        except (Exception, SystemExit) as error:
            raised = self._raised(error, inputs, dtype)
            raised.backward = True
            raise raised from error
        return {name: g for (name, _), g in zip(wanted, found, strict=True)}

    def _jax_gradient(self, names: frozenset[str]) -> jax_arrays.PullBack:
        if names not in self.compiled:
            places = [i for i, a in enumerate(self.signature.arguments) if a.name in names]
            self.compiled[names] = jax_arrays.PullBack(lambda *given: self.call(list(given)), places)
        return self.compiled[names]

    def hessian_product(self, inputs: Inputs, name: str, direction: Array, dtype: str) -> Array | None:
        """Return the Hessian of the summed value by one argument, times ``direction``, by differentiating twice.

        None where the gradient has no graph: it is constant, or was computed outside of one.

        Raises
        ------
        Raised
            When the forward pass or either backward pass raises.
        """
        native = self.arguments(inputs, dtype, [name])
        leaf = next(x for a, x in zip(self.signature.arguments, native, strict=True) if a.name == name)
        out = self.run(native, inputs, dtype)
        try:
            if self.backend == "jax":
                place = next(i for i, a in enumerate(self.signature.arguments) if a.name == name)
                return jax_arrays.pull_back_twice(lambda *given: self.call(list(given)), native, place, direction)
            return torch_arrays.pull_back_twice(out, leaf, direction)
        except (Exception, SystemExit) as error:
            raise self._raised(error, inputs, dtype) from error

    def to_array(self, native: Any) -> Array:
        """Return a native array as float64."""
        array: Array = self.arrays.to_array(native)
        return array

    def dtype_of(self, native: Any) -> str:
        """Return the dtype of a result."""
        return str(self.arrays.dtype_of(native))

    def _raised(self, error: BaseException, inputs: Inputs, dtype: str) -> Raised:
        text = str(error).strip().split("\n")[0][:240]
        if isinstance(error, TypeError) and (told := misfit(self.function, self.signature, self.params)):
            text = f"{text}; {told}"
        said = f"{type(error).__name__}: {text}" if text else type(error).__name__
        found = witness(inputs, dtype, raised=said)
        return Raised(f"{said}, given {show(inputs)} in {dtype}", found, _place(error))


def _place(error: BaseException) -> str | None:
    """Return the innermost line of the user's own code that the error passed through."""
    place, frame = None, error.__traceback__
    while frame is not None:
        file = frame.tb_frame.f_code.co_filename
        if "site-packages" not in file and "/losscheck/behaviour/" not in file:
            place = f"{file}:{frame.tb_lineno}"
        frame = frame.tb_next
    return place
