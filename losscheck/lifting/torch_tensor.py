"""``SymbolicTensor``: what torch code sees in place of a tensor while it is recorded, at the level of ATen.

A wrapper subclass: autograd, functionals and modules above ATen run as they are; every ATen operation arrives in
``dispatch``. The storage is an object array of trace nodes, so views and in-place operations alias as in torch.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from losscheck.expr.trace import Trace, constant, record, truth
from losscheck.lifting import array, settling
from losscheck.lifting.array import Cells
from losscheck.lifting.notes import note
from losscheck.lifting.paths import decide
from losscheck.lifting.unsupported import Unsupported, refuse_text

_NARROW = {torch.float32: "float32", torch.float16: "float16", torch.bfloat16: "bfloat16"}


class SymbolicTensor(torch.Tensor):
    """A tensor of trace nodes; nothing turns it into numbers: truth values fork, conversions are refused."""

    cells: Cells
    scalar = False
    """Whether the code has a Python number here (after ``item()``), which promotes less than a tensor."""

    @staticmethod
    def __new__(cls: Any, cells: Cells, dtype: torch.dtype) -> SymbolicTensor:
        """Wrap ``cells`` as a tensor of that dtype."""
        t: SymbolicTensor = torch.Tensor._make_wrapper_subclass(
            cls, cells.shape, dtype=dtype, device=torch.device("cpu")
        )
        t.cells = cells
        return t

    __torch_function__ = torch._C._disabled_torch_function_impl  # type: ignore[assignment]

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:  # type: ignore[override]
        from losscheck.lifting.torch_dispatch import dispatch

        return dispatch(func, args, kwargs or {})

    def __repr__(self) -> str:  # type: ignore[override]
        refuse_text()
        return f"SymbolicTensor({self.cells.tolist()})"

    def __format__(self, specification: str) -> str:
        return repr(self)

    def __hash__(self) -> int:
        if self.scalar:  # the code has a number here, which is equal to others
            raise Unsupported("a value that depends on the input is looked up, as the key of a dict or in a set")
        return id(self)

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise Unsupported("a value that depends on the input is written as bytes")

    def item(self) -> Any:
        """Return the one element, still symbolic; a number where it does not depend on the input."""
        value = self.cells.item()
        if value.op == "const":
            return value.value
        if self.dtype is torch.bool:
            return decide(truth(value))
        result = SymbolicTensor(array.single(value), torch.float64 if self.dtype.is_floating_point else self.dtype)
        result.scalar = True
        return result

    def tolist(self) -> Any:
        """Return nested lists of symbolic elements."""
        return self.item() if self.dim() == 0 else [x.tolist() for x in self]

    def __bool__(self) -> bool:
        if self.cells.size != 1:
            raise RuntimeError("Boolean value of Tensor with more than one value is ambiguous")
        return decide(truth(self.cells.item()))

    def __index__(self) -> int:
        return int(settling.settled(self.cells.item()))

    __int__ = __index__

    def __float__(self) -> float:
        return float(settling.settled(self.cells.item()))

    def __complex__(self) -> complex:
        raise Unsupported("complex() of a value that depends on the input")

    def __round__(self, digits: int | None = None) -> float:
        raise Unsupported("round() of a value that depends on the input")

    def numpy(self, *, force: bool = False) -> Any:
        """Refuse, unless no element depends on the input."""
        return concrete(self, "numpy()").numpy()

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        return concrete(self, "a conversion to a NumPy array").numpy()

    def data_ptr(self) -> int:
        """Refuse: memory cannot be followed."""
        raise Unsupported("data_ptr() of a tensor that depends on the input")

    def untyped_storage(self) -> Any:
        """Refuse: memory cannot be followed."""
        raise Unsupported("the storage of a tensor that depends on the input")

    def apply_(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: a Python function of the numbers in memory, which torch would read where there are none."""
        raise Unsupported("apply_ or map_ of a tensor that depends on the input; use torch's own functions")

    def map_(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse, as ``apply_``."""
        self.apply_()

    def map2_(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse, as ``apply_``."""
        self.apply_()

    def storage(self) -> Any:
        """Refuse: memory cannot be followed."""
        raise Unsupported("the storage of a tensor that depends on the input")

    def backward(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: a loss that differentiates inside is not read."""
        raise Unsupported("backward() inside the loss")


def native(t: SymbolicTensor) -> torch.Tensor | None:
    """Return the concrete tensor when no element depends on the input, else None."""
    if not all(n.op == "const" for n in t.cells.flat):
        return None
    values = np.array([n.value for n in t.cells.flat], dtype=bool if t.dtype is torch.bool else None)
    with torch.utils._python_dispatch._disable_current_modes():
        return (
            torch.from_numpy(values).to(t.dtype).reshape(t.cells.shape)
            if values.size
            else torch.empty(t.cells.shape, dtype=t.dtype)
        )


def concrete(t: SymbolicTensor, construct: str) -> torch.Tensor:
    """Return the concrete tensor; integers and truth values fork, floats that depend on the input are refused."""
    found = native(t)
    if found is not None:
        return found
    if t.dtype is torch.bool:
        return torch.from_numpy(settling.truths(t.cells))
    if not t.dtype.is_floating_point:
        return torch.from_numpy(settling.integers(t.cells)).to(t.dtype)
    raise Unsupported(f"{construct} of a tensor that depends on the input leaves torch; compute with torch throughout")


def cells_of(x: Any) -> Cells:
    """Return the cells of a symbolic tensor, a concrete one, or a number."""
    if isinstance(x, SymbolicTensor):
        return x.cells
    if isinstance(x, torch.Tensor):
        with torch.utils._python_dispatch._disable_current_modes():
            x = x.detach()
            return array.cells_of((x.float() if x.dtype is torch.bfloat16 else x).numpy())
    return array.cells_of(x)


def narrow(cells: Cells, dtype: torch.dtype) -> Cells:
    """Round to the format of ``dtype`` where it is narrower than float64; the graph keeps the real value."""
    name = _NARROW.get(dtype)
    if name is None or all(n.op == "const" and isinstance(n.value, int) for n in cells.flat):
        return cells
    if any(n.op not in ("const", "cast") for n in cells.flat):
        note(
            f"computes in {name}: the graph is the real formula, the check against the code used the rounding of {name}"
        )

    def cast(n: Trace) -> Trace:
        if n.op == "const" and isinstance(n.value, float):
            return constant(torch.tensor(n.value, dtype=dtype).double().numpy().item())
        return n if n.op == "const" or (n.op == "cast" and n.value == name) else record("cast", n, value=name)

    with torch.utils._python_dispatch._disable_current_modes():
        return array.elementwise(cast, cells)
