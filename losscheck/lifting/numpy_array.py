"""``SymbolicArray``: what NumPy code sees in place of an ndarray while it is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from losscheck.expr.trace import Trace, constant, number, record, truth
from losscheck.lifting import array, settling
from losscheck.lifting.array import Cells, cells_of
from losscheck.lifting.notes import note
from losscheck.lifting.paths import decide
from losscheck.lifting.unsupported import Unsupported, refuse_text

_NARROW = {"float32": "float32", "float16": "float16"}


class SymbolicArray(NDArrayOperatorsMixin):
    """An array of trace nodes with NumPy's interface; ``dtype`` is the dtype that the code's array would have.

    Nothing turns it into numbers: a conversion that would is refused, a truth value forks.
    """

    __array_priority__ = 1000.0

    def __init__(self, cells: Cells, dtype: Any = np.float64) -> None:
        self.cells = cells
        self.dtype = np.dtype(dtype)

    # ---- shape
    shape = property(lambda self: self.cells.shape)
    ndim = property(lambda self: self.cells.ndim)
    size = property(lambda self: self.cells.size)

    @property
    def T(self) -> SymbolicArray:
        """Transpose."""
        return self._like(self.cells.T)

    def __len__(self) -> int:
        return len(self.cells)

    def __iter__(self) -> Iterator[SymbolicArray]:
        return (self[i] for i in range(len(self.cells)))

    def __repr__(self) -> str:
        refuse_text()
        return f"SymbolicArray({self.cells.tolist()})"

    def __hash__(self) -> int:
        raise Unsupported("a value that depends on the input is looked up, as the key of a dict or in a set")

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise Unsupported("a value that depends on the input is written as bytes")

    def __deepcopy__(self, memo: Any) -> SymbolicArray:
        return self.copy()

    def _like(self, cells: Any) -> SymbolicArray:
        return SymbolicArray(cells if isinstance(cells, np.ndarray) else array.single(cells), self.dtype)

    # ---- leaving the recording: truth values and integers fork, floats are refused
    def __bool__(self) -> bool:
        if self.size != 1:
            raise ValueError("the truth value of an array with more than one element is ambiguous")
        return decide(truth(self.cells.item()))

    def __index__(self) -> int:
        if self.dtype.kind not in "iub":
            raise TypeError("only integer arrays can be used as an index")
        return int(settling.settled(self.cells.item()))

    def __int__(self) -> int:
        return int(settling.settled(self.cells.item()))

    def __float__(self) -> float:
        return float(settling.settled(self.cells.item()))

    def __complex__(self) -> complex:
        raise Unsupported("complex() of a value that depends on the input")

    def __round__(self, digits: int | None = None) -> float:
        raise Unsupported("round() of a value that depends on the input")

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        native = self.native()
        if native is not None:
            return native
        if self.dtype.kind == "b":
            return settling.truths(self.cells)
        if self.dtype.kind in "iu":
            return settling.integers(self.cells)
        raise Unsupported(
            "the code turns its input into plain numbers (np.array of it, or a function NumPy cannot hand over)"
        )

    def native(self) -> Any:
        """Return the concrete ndarray when no cell depends on the input, else None."""
        if all(n.op == "const" for n in self.cells.flat):
            out = np.empty(self.shape, self.dtype)
            for i in np.ndindex(self.shape):
                out[i] = self.cells[i].value
            return out
        return None

    # ---- indexing
    def _index(self, key: Any) -> Any:
        if isinstance(key, tuple):
            return tuple(self._index(k) for k in key)
        if isinstance(key, SymbolicArray):
            return settling.truths(key.cells) if key.dtype.kind == "b" else settling.integers(key.cells)
        if isinstance(key, list):
            return [self._index(k) for k in key]
        return key

    def __getitem__(self, key: Any) -> SymbolicArray:
        return self._like(self.cells[self._index(key)])

    def __setitem__(self, key: Any, value: Any) -> None:
        new = narrow(cells_from(value), self.dtype)
        masked = isinstance(key, SymbolicArray) and key.dtype.kind == "b"
        if masked and key.shape == self.shape and new.ndim == 0:
            self.cells[...] = array.elementwise(
                lambda c, a, b: record("where", truth(c), a, b), key.cells, new, self.cells
            )
        else:
            self.cells[self._index(key)] = new if new.ndim else new.item()

    # ---- NumPy's protocols
    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        from losscheck.lifting.numpy_ufuncs import apply

        return apply(ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        from losscheck.lifting.numpy_functions import call

        return call(function, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        """Find methods such as ``sum`` in the table of NumPy functions."""
        if name in AS_BYTES:
            raise Unsupported(f".{name} of a value that depends on the input reads its bytes")
        if name.startswith("_") or name not in METHODS:
            raise AttributeError(name)
        from losscheck.lifting.numpy_functions import call

        return lambda *args, **kwargs: call(getattr(np, METHODS[name]), (self, *args), kwargs)

    # ---- methods that no NumPy function mirrors
    def astype(self, dtype: Any, **kwargs: Any) -> SymbolicArray:
        """Cast; to a narrower float with a note, to integers by forking."""
        dtype = np.dtype(dtype)
        if dtype.kind == "b":
            return SymbolicArray(array.elementwise(truth, self.cells), dtype)
        if dtype.kind in "iu" and self.dtype.kind == "f":
            return SymbolicArray(
                cells_of(
                    np.trunc(np.vectorize(lambda n: float(settling.settled(n)), otypes=[float])(self.cells)).astype(
                        dtype
                    )
                ),
                dtype,
            )
        return SymbolicArray(narrow(array.elementwise(number, self.cells), dtype, self.dtype), dtype)

    def copy(self, order: str = "C") -> SymbolicArray:
        """Copy."""
        return self._like(self.cells.copy())

    def item(self, *index: int) -> SymbolicArray:
        """Return one element, still symbolic."""
        return self._like(array.single(self.cells.item(*index)))

    def tolist(self) -> Any:
        """Return nested lists of symbolic elements."""
        return self if self.ndim == 0 else [x.tolist() for x in self]

    def reshape(self, *shape: Any, order: str = "C") -> SymbolicArray:
        """Return the same cells in another shape."""
        return self._like(self.cells.reshape(shape[0] if len(shape) == 1 else shape))

    def transpose(self, *axes: Any) -> SymbolicArray:
        """Permute the axes."""
        return self._like(self.cells.transpose(*axes))

    def flatten(self, order: str = "C") -> SymbolicArray:
        """Copy to one axis."""
        return self._like(self.cells.reshape(-1).copy())

    def fill(self, value: Any) -> None:
        """Set every cell."""
        self[...] = value

    def sort(self, axis: int = -1, **kwargs: Any) -> None:
        """Sort in place by forking."""
        self.cells[...] = np.take_along_axis(self.cells, settling.argsort(self.cells, axis), axis)


AS_BYTES = frozenset("tobytes tofile dump dumps data view byteswap getfield ctypes".split())
METHODS = {
    name: name
    for name in (
        "sum", "mean", "prod", "max", "min", "argmax", "argmin", "argsort", "cumsum", "cumprod", "clip", "dot", "any",
        "all", "take", "repeat", "std", "var", "squeeze", "ravel", "swapaxes", "ptp", "round", "diagonal", "trace",
        "nonzero",
    )
}  # fmt: skip


def cells_from(x: Any) -> Cells:
    """Return cells of anything that NumPy code may mix: arrays, numbers, nested lists with symbolic elements."""
    if isinstance(x, SymbolicArray):
        return x.cells
    if isinstance(x, (list, tuple)) and holds_symbolic(x):
        return np.stack([cells_from(a) for a in x])
    return cells_of(x)


def holds_symbolic(x: Any) -> bool:
    """Whether a symbolic array is somewhere in nested lists."""
    return isinstance(x, SymbolicArray) or (isinstance(x, (list, tuple)) and any(map(holds_symbolic, x)))


def dtype_of(x: Any) -> Any:
    """Return the dtype of one operand; Python numbers keep their own weak type."""
    if isinstance(x, (SymbolicArray, np.ndarray, np.generic)):
        return x.dtype
    if isinstance(x, (bool, int, float)):
        return np.dtype(bool) if isinstance(x, bool) else type(x)
    if isinstance(x, (list, tuple)) and x:
        return np.result_type(*map(dtype_of, x))
    return np.asarray(x).dtype


def narrow(cells: Cells, dtype: Any, source: Any = None) -> Cells:
    """Round to the format of ``dtype`` where it is narrower than float64; the graph keeps the real value."""
    name = _NARROW.get(np.dtype(dtype).name)
    if name is None or (source is not None and np.dtype(source).name == name):
        return cells
    if any(n.op != "const" for n in cells.flat):
        note(
            f"computes in {name}: the graph is the real formula, the check against the code used the rounding of {name}"
        )

    def cast(n: Trace) -> Trace:
        if n.op == "const" and isinstance(n.value, float):
            return constant(float(np.dtype(name).type(n.value)))
        return record("cast", n, value=name) if n.op != "const" else n

    return array.elementwise(cast, cells)
