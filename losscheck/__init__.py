"""losscheck: what is true of a loss function, with proof, and where its code breaks.

>>> import losscheck
>>> losscheck.Verdict("proved").name
'PROVED'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from losscheck import catalogue as catalogue
    from losscheck import strategies as strategies
    from losscheck import testing as testing
    from losscheck.auditing import audit as audit
    from losscheck.bound import Bound as Bound
    from losscheck.checking import verify as verify
    from losscheck.comparing import compare as compare
    from losscheck.errors import ClaimRefuted as ClaimRefuted
    from losscheck.finding import Finding as Finding
    from losscheck.hypotheses import All as All
    from losscheck.hypotheses import Bounded as Bounded
    from losscheck.hypotheses import Linear as Linear
    from losscheck.hypotheses import ReLU as ReLU
    from losscheck.loss import Loss as Loss
    from losscheck.oracles import oracle as oracle
    from losscheck.reading import lift as lift
    from losscheck.reporting.report import Report as Report
    from losscheck.transforms import calibration as calibration
    from losscheck.transforms import h_consistency as h_consistency
    from losscheck.verdict import Severity as Severity
    from losscheck.verdict import Verdict as Verdict
    from losscheck.verifier import CertificateRejected as CertificateRejected

__version__ = "0.1.0"

# Imported on first use (PEP 562): `import losscheck` costs a few milliseconds and never loads torch, scipy or sympy.
_HOME = {
    "All": "losscheck.hypotheses",
    "Bound": "losscheck.bound",
    "Bounded": "losscheck.hypotheses",
    "CertificateRejected": "losscheck.verifier",
    "ClaimRefuted": "losscheck.errors",
    "Finding": "losscheck.finding",
    "Linear": "losscheck.hypotheses",
    "Loss": "losscheck.loss",
    "ReLU": "losscheck.hypotheses",
    "Report": "losscheck.reporting.report",
    "Severity": "losscheck.verdict",
    "Verdict": "losscheck.verdict",
    "audit": "losscheck.auditing",
    "calibration": "losscheck.transforms",
    "compare": "losscheck.comparing",
    "h_consistency": "losscheck.transforms",
    "lift": "losscheck.reading",
    "oracle": "losscheck.oracles",
    "verify": "losscheck.checking",
}
_MODULES = ("catalogue", "strategies", "testing")
__all__ = [*sorted(_HOME), *_MODULES, "__version__"]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(f"losscheck.{name}")
    if name not in _HOME:
        raise AttributeError(f"module 'losscheck' has no attribute {name!r}; it has: {', '.join(sorted(_HOME))}")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME, *_MODULES})
