"""Compiled kernels are kept outside the repository, one cache per content of the folder.

Numba's own key is the file of the outermost function: a change in what it calls would run the old code.
"""

import hashlib
import os
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent.parent.parent / "kernels"
DIGEST = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(FOLDER.rglob("*.py")))).hexdigest()[:16]
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(tempfile.gettempdir()) / f"losscheck-kernels-{DIGEST}"))
if "numba" in sys.modules:
    import numba

    numba.config.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"]
