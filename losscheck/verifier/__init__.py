"""The independent verifier: a separate program; it imports nothing of losscheck, only json, fractions, python-flint.

``verify(certificate)`` re-derives what a certificate proves, from its graph alone, or rejects it.
"""

from losscheck.verifier.certificate import CertificateRejected as CertificateRejected
from losscheck.verifier.certificate import Statement as Statement
from losscheck.verifier.verify import verify as verify
