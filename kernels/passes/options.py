"""Compiler options of the loops.

``REDUCE`` lets LLVM reorder sums, so that reductions vectorise; it never assumes that NaN or infinity are absent.
``EXACT`` forbids every rewriting: compensated sums and rounding by magic numbers need it, also inside a loop that
allows reordering (Numba hands the flags of a caller to callees that state none).
"""

from typing import Any

REDUCE: dict[str, Any] = {
    "fastmath": {"reassoc", "nsz", "contract"},
    "error_model": "numpy",
    "nogil": True,
    "cache": True,
}
EXACT: dict[str, Any] = {"fastmath": False, "error_model": "numpy", "nogil": True, "cache": True}
INLINE: dict[str, Any] = {"fastmath": False, "error_model": "numpy", "forceinline": True}
