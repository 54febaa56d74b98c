"""All rules for ATen operations. An operation without a rule falls back to torch's decomposition.

Rules written by hand come first, and the recheck has the last word on both.
"""

from __future__ import annotations

from losscheck.lifting import torch_losses, torch_pointwise, torch_reductions
from losscheck.lifting.torch_moves import VIEWS
from losscheck.lifting.torch_table import RULES

__all__ = ["RULES", "VIEWS", "torch_losses", "torch_pointwise", "torch_reductions"]
