"""All NumPy functions on symbolic arrays."""

from __future__ import annotations

from losscheck.lifting import numpy_curves, numpy_products, numpy_reductions, numpy_selection, numpy_writing
from losscheck.lifting.numpy_table import TABLE, call

__all__ = ["TABLE", "call", "numpy_curves", "numpy_products", "numpy_reductions", "numpy_selection", "numpy_writing"]
