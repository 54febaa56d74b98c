"""``losscheck.verify``: check a certificate with the independent verifier."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier import CertificateRejected, Statement
from losscheck.verifier import verify as check


def verify(certificate: dict[str, Any], loss: Any = None, **lifting: Any) -> Statement:
    """Check a certificate and return exactly what it proves.

    Parameters
    ----------
    certificate
        ``finding.certificate``, or the same read back from JSON.
    loss
        The loss it is said to be about: lifted (``lifting`` takes what :func:`losscheck.lift` takes beyond kind and
        number of classes) and compared by digest. Without it nothing is lifted.

    Raises
    ------
    CertificateRejected
        The certificate does not prove its claim, or is about another loss.
    """
    statement = check(certificate)
    if loss is not None:
        from losscheck.lifting.lifting import lift

        said = certificate.get("parameters", ())
        ranges = {name: (Fraction(low), Fraction(high)) for name, low, high in said}
        lifted = lift(loss, kind=certificate["kind"], n_classes=statement.n_classes or 3, ranges=ranges, **lifting)
        if lifted.digest != statement.graph:
            raise CertificateRejected(
                f"the certificate is about another loss: its graph is {statement.graph[:12]}, "
                f"this one's {lifted.digest[:12]}"
            )
    return statement
