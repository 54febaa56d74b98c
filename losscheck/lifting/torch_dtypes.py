"""Result dtypes of ATen operations, by torch's own promotion rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch._prims_common import ELEMENTWISE_TYPE_PROMOTION_KIND as PROMOTION
from torch._prims_common import elementwise_dtypes
from torch.utils._pytree import tree_leaves

_BOOLEAN = frozenset("lt le gt ge eq ne logical_not logical_and logical_or logical_xor any all isnan isinf isfinite".split())
_FLOAT = frozenset(
    """exp log log1p expm1 sqrt rsqrt sigmoid tanh erf erfc atan sin cos tan sinh cosh exp2 log2 log10 reciprocal div
    true_divide logaddexp logit special_log_ndtr special_ndtr special_entr special_xlog1py xlogy special_erfcx mish gelu""".split()
)
_INDEX = frozenset("argmax argmin argsort".split())
_FIRST = frozenset(
    """gather index index_select select slice view reshape _unsafe_view _reshape_alias expand permute t transpose unsqueeze
    squeeze clone detach alias lift_fresh lift lift_fresh_copy scatter scatter_add index_put diagonal flip roll repeat
    softplus masked_fill masked_select tril triu constant_pad_nd as_strided unbind split split_with_sizes masked_scatter
    narrow select_scatter slice_scatter index_add index_fill take diag_embed unfold amax amin var std logsumexp
    _log_softmax _softmax log_sigmoid_forward nll_loss_forward huber_loss smooth_l1_loss mse_loss soft_margin_loss
    multi_margin_loss multilabel_margin_loss_forward binary_cross_entropy linalg_vector_norm norm median clamp_min clamp_max
    threshold leaky_relu elu hardtanh celu""".split()
)  # fmt: skip


def result_dtype(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Return the dtype of the result, or a tuple of dtypes for an operation with several results."""
    if kwargs.get("dtype") is not None:
        return kwargs["dtype"]
    tensors = [a for a in tree_leaves((args, kwargs)) if isinstance(a, torch.Tensor)]
    first = tensors[0].dtype
    if name in ("max", "min", "sort", "topk", "kthvalue", "mode", "median", "cummax", "cummin") and not isinstance(
        args[1] if len(args) > 1 else None, torch.Tensor
    ):
        return (first, torch.int64)
    if name in _BOOLEAN or (name.startswith("bitwise") and first is torch.bool):
        return torch.bool
    if name in _INDEX:
        return torch.int64
    if name in ("sum", "prod", "cumsum", "cumprod") and not first.is_floating_point:
        return torch.int64
    if name.startswith(("new_", "zeros_like", "ones_like", "full_like", "empty_like")) or name in _FIRST:
        return first
    if name == "where":
        leaves = [a for a in args[1:] if isinstance(a, (torch.Tensor, int, float))]
        return elementwise_dtypes(*leaves, type_promotion_kind=PROMOTION.DEFAULT)[1]
    leaves = [a for a in tree_leaves(args) if isinstance(a, (torch.Tensor, bool, int, float))]
    if name in ("mm", "mv", "dot", "bmm", "addmm", "cat", "stack", "mean", "std", "var", "lerp", "addcmul", "addcdiv"):
        leaves = tensors
    elif name in ("_to_copy", "round", "sign", "sgn", "abs", "neg", "relu", "clamp"):
        leaves = leaves if name == "clamp" else tensors
    kind = PROMOTION.INT_TO_FLOAT if name in _FLOAT else PROMOTION.DEFAULT
    return elementwise_dtypes(*leaves, type_promotion_kind=kind)[1]
