"""Result dtypes of ATen operations, by torch's promotion rules.

Tensors with axes outrank those without, which outrank Python numbers; a lower rank counts only where its category
(bool, integer, float) is higher, and a Python float then means the default dtype.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch

_BOOLEAN = frozenset(
    """lt le gt ge eq ne logical_not logical_and logical_or logical_xor any all _is_all_true _is_any_true isnan isinf
    isfinite isposinf isneginf""".split()
)
_FLOAT = frozenset(
    """exp log log1p expm1 sqrt rsqrt sigmoid tanh erf erfc atan asin acos asinh acosh atanh sin cos tan sinh
    cosh exp2 log2 log10 reciprocal div true_divide logaddexp logit special_log_ndtr special_ndtr special_entr
    special_xlog1py xlogy""".split()
)
_INDEX = frozenset("argmax argmin argsort".split())
_FIRST = frozenset(
    """gather index index_select select slice view reshape _unsafe_view _reshape_alias expand permute t transpose
    unsqueeze squeeze clone detach alias lift_fresh lift_fresh_copy scatter scatter_add index_put diagonal flip roll
    repeat softplus masked_fill masked_select tril triu unbind split split_with_sizes take amax amin var std logsumexp
    _log_softmax _softmax log_sigmoid_forward nll_loss_forward nll_loss2d_forward huber_loss smooth_l1_loss mse_loss
    soft_margin_loss multi_margin_loss multilabel_margin_loss_forward binary_cross_entropy linalg_vector_norm norm
    binary_cross_entropy_with_logits threshold leaky_relu elu hardtanh abs neg relu sign sgn round mean
    aminmax nan_to_num""".split()
)
_TENSORS = frozenset("mm mv dot vdot bmm addmm cat stack".split())
_WITH_INDICES = frozenset("max min sort topk kthvalue median".split())


def result_dtype(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Return the dtype of the result, or a tuple of dtypes for an operation with several results."""
    if isinstance(kwargs.get("dtype"), torch.dtype):
        return kwargs["dtype"]
    if name == "to":
        named = [
            a if isinstance(a, torch.dtype) else a.dtype for a in args[1:] if isinstance(a, (torch.dtype, torch.Tensor))
        ]
        return named[0] if named else args[0].dtype
    first = next(a.dtype for a in leaves((args, kwargs.values())) if isinstance(a, torch.Tensor))
    if name in _BOOLEAN or (name.startswith("bitwise") and first is torch.bool):
        return torch.bool
    if name in _INDEX:
        return torch.int64
    if name in _WITH_INDICES and not (len(args) > 1 and isinstance(args[1], torch.Tensor)):
        return (first, torch.int64)
    if name in ("sum", "prod", "cumsum", "cumprod", "nansum") and not first.is_floating_point:
        return torch.int64
    if name.startswith(("new_", "zeros_like", "ones_like", "full_like", "empty_like")) or name in _FIRST:
        return first
    operands = leaves(args[1:] if name == "where" else args)
    found = promote(a for a in operands if name not in _TENSORS or isinstance(a, torch.Tensor))
    return torch.get_default_dtype() if name in _FLOAT and not found.is_floating_point else found


def leaves(x: Any) -> list[Any]:
    """Return what is in nested sequences."""
    if isinstance(x, (list, tuple)) or type(x).__name__ == "dict_values":
        return [b for a in x for b in leaves(a)]
    return [x]


def _category(dtype: torch.dtype) -> int:
    return 0 if dtype is torch.bool else 2 if dtype.is_floating_point else 1


def promote(operands: Iterable[Any]) -> torch.dtype:
    """Return the dtype that tensors and numbers promote to."""
    ranks: list[torch.dtype | None] = [None, None, None]  # Python numbers, tensors without axes, tensors with axes
    for a in operands:
        if isinstance(a, torch.Tensor):
            rank, dtype = (2 if a.dim() else 1), a.dtype
        elif isinstance(a, (bool, int, float)):
            rank = 0
            dtype = (
                torch.bool if isinstance(a, bool) else torch.int64 if isinstance(a, int) else torch.get_default_dtype()
            )
        else:
            continue
        known = ranks[rank]
        ranks[rank] = dtype if known is None else torch.promote_types(known, dtype)
    result: torch.dtype | None = None
    for candidate in reversed(ranks):
        if candidate is not None and (result is None or _category(candidate) > _category(result)):
            result = candidate
    return torch.get_default_dtype() if result is None else result
