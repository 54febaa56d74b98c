"""losscheck: what is true of a loss function, with proof, and where its code breaks.

>>> import losscheck
>>> losscheck.Verdict("proved").name
'PROVED'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from losscheck.auditing import audit as audit
    from losscheck.checking import verify as verify
    from losscheck.errors import ClaimRefuted as ClaimRefuted
    from losscheck.finding import Finding as Finding
    from losscheck.lifting.lifting import lift as lift
    from losscheck.loss import Loss as Loss
    from losscheck.reporting.report import Report as Report
    from losscheck.verdict import Severity as Severity
    from losscheck.verdict import Verdict as Verdict
    from losscheck.verifier import CertificateRejected as CertificateRejected

__version__ = "0.1.0"

# Imported on first use (PEP 562): `import losscheck` costs a few milliseconds and never loads torch, scipy or sympy.
_HOME = {
    "CertificateRejected": "losscheck.verifier",
    "ClaimRefuted": "losscheck.errors",
    "Finding": "losscheck.finding",
    "Loss": "losscheck.loss",
    "Report": "losscheck.reporting.report",
    "Severity": "losscheck.verdict",
    "Verdict": "losscheck.verdict",
    "audit": "losscheck.auditing",
    "lift": "losscheck.lifting.lifting",
    "verify": "losscheck.checking",
}
__all__ = [*sorted(_HOME), "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'losscheck' has no attribute {name!r}; it has: {', '.join(sorted(_HOME))}")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
