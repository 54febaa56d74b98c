"""Where installed code lies, and the version of the library that a module belongs to."""

from __future__ import annotations

import functools
import sys
import sysconfig
from pathlib import Path

PLACES = tuple(dict.fromkeys(sysconfig.get_paths()[name] for name in ("purelib", "platlib")))
STANDARD = tuple(dict.fromkeys(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib")))
INSTALLED = (*PLACES, *STANDARD, str(Path(__file__).parent), "<")
"""How the file of code starts that a library's version stands for; ``<`` where the code was made by code."""


@functools.cache
def library_of(module: str | None) -> str:
    """Return the version of the installed library a module belongs to, "" for the user's own modules."""
    root = str(module or "").split(".")[0]
    loaded = sys.modules.get(root)
    file = str(getattr(loaded, "__file__", None) or "")
    if root in sys.stdlib_module_names and root != "__main__":
        return sys.version if not file or file.startswith(STANDARD) else ""
    version = getattr(loaded, "__version__", None)
    ours = root == "losscheck" and not str(module).startswith("losscheck.catalogue")
    return str(version) if (file.startswith(PLACES) or ours) and version else "losscheck" if ours else ""
