"""The torch frontend: record a loss that is written in torch."""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch.overrides import TorchFunctionMode

from losscheck.expr.trace import Trace
from losscheck.lifting import array
from losscheck.lifting.elementary import FUNCTIONS
from losscheck.lifting.numpy import result_cells
from losscheck.lifting.patches import math_functions, number_type, patched
from losscheck.lifting.printing import quiet_print
from losscheck.lifting.torch_dispatch import Recording
from losscheck.lifting.torch_tensor import SymbolicTensor, cells_of, narrow
from losscheck.lifting.unsupported import Unsupported


class _Constructors(TorchFunctionMode):
    """``torch.tensor`` and ``as_tensor`` of lists that hold symbolic scalars."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func in (torch.tensor, torch.as_tensor, torch.asarray, torch.scalar_tensor) and args and _symbolic(args[0]):
            return _constructed(args[0], kwargs.get("dtype") or (args[1] if len(args) > 1 else None))
        if func is torch.Tensor.tolist and isinstance(args[0], SymbolicTensor):
            return SymbolicTensor.tolist(args[0])
        return func(*args, **kwargs)


def _symbolic(x: Any) -> bool:
    return isinstance(x, SymbolicTensor) or (isinstance(x, (list, tuple)) and any(map(_symbolic, x)))


def _constructed(x: Any, dtype: Any) -> SymbolicTensor:
    cells = _stacked(x)
    dtype = dtype or _widest(x)
    return SymbolicTensor(narrow(cells.copy(), dtype), dtype)


def _stacked(x: Any) -> Any:
    return np.stack([_stacked(a) for a in x]) if isinstance(x, (list, tuple)) else cells_of(x)


def _widest(x: Any) -> torch.dtype:
    """Return the dtype a list promotes to; a symbolic scalar stands for a Python float, hence for the default dtype."""
    if isinstance(x, SymbolicTensor):
        return torch.get_default_dtype() if x.scalar and x.dtype.is_floating_point else x.dtype
    if isinstance(x, (list, tuple)):
        found = [_widest(a) for a in x]
        result = found[0]
        for d in found[1:]:
            result = torch.promote_types(result, d)
        return result
    return torch.bool if isinstance(x, bool) else torch.int64 if isinstance(x, int) else torch.get_default_dtype()


def _number(x: Any) -> Any:
    """Return a symbolic parameter as a symbolic Python number, anything else as it is."""
    if not (isinstance(x, np.ndarray) and x.dtype == object):
        return x
    result = SymbolicTensor(x.copy(), torch.float64)
    result.scalar = True
    return result


def record_torch(fn: Callable[..., Any], arguments: Sequence[Any], keywords: dict[str, Any]) -> list[Trace]:
    """Run ``fn`` once on the current path; object arrays among the arguments become symbolic tensors.

    Raises
    ------
    Unsupported
        When a construct cannot be read, or the result is no tensor of numbers.
    """
    args = [SymbolicTensor(a.copy(), torch.float64) if a.dtype == object else torch.from_numpy(a) for a in arguments]

    keywords = {name: _number(a) for name, a in keywords.items()}

    def scalar(name: str, values: tuple[Any, ...]) -> SymbolicTensor:
        result = SymbolicTensor(array.elementwise(FUNCTIONS[name], *map(cells_of, values)), torch.float64)
        result.scalar = True
        return result

    table = math_functions(SymbolicTensor, scalar)
    names = {"float": number_type(float, np.dtype(np.float64), SymbolicTensor), "print": quiet_print(SymbolicTensor)}
    modules: tuple[types.ModuleType, ...] = (math,)
    with patched(fn, table, modules, names), torch.no_grad(), _Constructors(), Recording():  # type: ignore[no-untyped-call]
        result = fn(*args, **keywords)
    if isinstance(result, (tuple, list)) and result:
        result = result[0]
    if isinstance(result, SymbolicTensor):
        return list(array.elementwise(FUNCTIONS["positive"], result.cells).reshape(-1))
    if isinstance(result, torch.Tensor):
        return list(cells_of(result).reshape(-1))
    if isinstance(result, np.ndarray):
        raise Unsupported("the loss leaves torch and returns a NumPy array", "")
    return result_cells(result)
