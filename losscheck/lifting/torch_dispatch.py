"""What happens to each ATen operation while a loss is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode, _disable_current_modes
from torch.utils._pytree import tree_map

from losscheck.expr.trace import number, truth
from losscheck.lifting import array
from losscheck.lifting.torch_dtypes import leaves, result_dtype
from losscheck.lifting.torch_rules import RULES, VIEWS
from losscheck.lifting.torch_tensor import SymbolicTensor, cells_of, narrow, native
from losscheck.lifting.unsupported import Unsupported

_IGNORED = ("device", "layout", "pin_memory", "memory_format", "non_blocking")
_RANDOM = torch.Tag.nondeterministic_seeded


class Recording(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Makes tensors that the loss creates symbolic constants, so that it can write symbolic values into them."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # otherwise the first operation imports torch._dynamo, which takes more than a second

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        return dispatch(func, args, kwargs)


def dispatch(func: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Run one ATen operation on symbolic tensors.

    Raises
    ------
    Unsupported
        When the operation is random, leaves torch, or has neither a rule nor a decomposition.
    """
    tensors = [a for a in leaves([args, list(kwargs.values())]) if isinstance(a, torch.Tensor)]
    symbolic = [t for t in tensors if isinstance(t, SymbolicTensor)]
    if _RANDOM in func.tags:
        raise Unsupported(f"{func.overloadpacket.__name__} is random; a loss must be a function of its arguments")
    name = func.overloadpacket.__name__
    if not symbolic:
        result = func(*args, **kwargs)
        return result if tensors or not isinstance(result, torch.Tensor) else _constants(result)
    if name not in VIEWS and not func._schema.is_mutable:
        plain = [native(t) for t in symbolic]
        if all(p is not None for p in plain):
            known = {id(t): p for t, p in zip(symbolic, plain, strict=True)}
            opened = tree_map(lambda a: known.get(id(a), a), (args, dict(kwargs)))
            with _disable_current_modes():
                return tree_map(
                    lambda r: _constants(r) if isinstance(r, torch.Tensor) else r, func(*opened[0], **opened[1])
                )
    kwargs = {k: v for k, v in kwargs.items() if k not in _IGNORED}
    if func._schema.is_mutable:
        return _in_place(func, name, args, kwargs)
    if name in RULES:
        return _mark(_apply(func, name, args, kwargs), symbolic == tensors and all(t.scalar for t in symbolic))
    from torch._decomp import decomposition_table  # only losses that need a fallback pay for this import

    table = decomposition_table.get(func)
    if table is not None:
        return table(*args, **kwargs)
    result = func.decompose(*args, **kwargs)
    if result is NotImplemented:
        raise Unsupported(f"the torch operation {func} has no rule")
    return result


def _mark(result: Any, scalar: bool) -> Any:
    if scalar and isinstance(result, SymbolicTensor):
        result.scalar = True
    return result


def _constants(t: torch.Tensor) -> torch.Tensor:
    if isinstance(t, SymbolicTensor) or t.dtype.is_complex or t.is_sparse:
        return t
    return SymbolicTensor(cells_of(t).copy(), t.dtype)


def _apply(func: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    try:
        found = RULES[name](*args, **kwargs)
    except TypeError as error:
        raise Unsupported(
            f"the torch operation {func} was called in a form that its rule does not know: {error}"
        ) from error
    if isinstance(found, (torch.Tensor, bool, int, float)) or found is None:
        return found
    dtypes = result_dtype(name, args, kwargs)
    if isinstance(found, (tuple, list)):
        kinds = dtypes if isinstance(dtypes, tuple) else (dtypes,) * len(found)
        return type(found)(_wrap(c, d, name) for c, d in zip(found, kinds, strict=False))
    return _wrap(found, dtypes[0] if isinstance(dtypes, tuple) else dtypes, name)


def _wrap(found: Any, dtype: torch.dtype, name: str) -> SymbolicTensor:
    cells = found if isinstance(found, np.ndarray) else array.single(found)
    if cells.dtype != object:
        cells = array.cells_of(cells)
    return SymbolicTensor(cells if name in VIEWS else narrow(cells, dtype), dtype)


def _in_place(func: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    kwargs = dict(kwargs)
    out = kwargs.pop("out", None)
    target, base = (args[0], name.removesuffix("_")) if out is None else (out, name)
    if not isinstance(target, SymbolicTensor):
        raise Unsupported(f"{name} writes a value that depends on the input into a tensor from outside the call")
    if base in ("copy", "fill"):
        new = cells_of(args[1])
    elif base == "zero":
        new = array.cells_of(0)
    elif base in RULES:
        new = RULES[base](*args, **kwargs)
    else:
        raise Unsupported(f"the torch operation {func} has no rule")
    if target.dtype is torch.bool:
        new = array.elementwise(truth, new)
    elif not isinstance(args[0], SymbolicTensor) or base == "copy":
        new = array.elementwise(number, new)
    target.cells[...] = narrow(new, target.dtype)
    return target
