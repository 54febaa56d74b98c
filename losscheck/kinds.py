"""The kinds of loss: how each is called, what it is a function of, and which well-known losses are of that kind.

=============  ============  ====================================================
kind           call          signature it abbreviates
=============  ============  ====================================================
margin         phi(v)        ``v:(N,):real``
binary         l(z, y)       ``z:(N,):real y:(N,):{0,1}``
signed         l(z, y)       ``z:(N,):real y:(N,):{-1,1}``
probability    l(p, y)       ``p:(N,):unit y:(N,):{0,1}``
logits         l(z, y)       ``z:(N,K):real y:(N,):index``
soft           l(z, q)       ``z:(N,K):real q:(N,K):simplex``
multilabel     l(z, y)       ``z:(N,K):real y:(N,K):{0,1}``
simplex        l(p, y)       ``p:(N,K):simplex y:(N,):index``
regression     l(yhat, y)    ``yhat:(N,):real y:(N,):real``
set            l(x, y)       ``x:(N,M):unit y:(N,M):unit``
divergence     d(p, q)       ``p:(N,K):simplex+ q:(N,K):simplex+``
embedding      l(e, y), ...  its own signature, such as ``a:(B,D):real p:(B,D):real n:(B,D):real``
map            s(z) -> p     ``z:(N,K):real``, returns ``(N,K)``
=============  ============  ====================================================

>>> KINDS["logits"].signature
'z:(N,K):real y:(N,):index'
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from types import MappingProxyType

from losscheck.signature import Argument, Signature, parse


@dataclass(frozen=True)
class Kind:
    """One kind: the signature it abbreviates (None: the user gives it) and the labels a graph is lifted for."""

    name: str
    call: str
    signature: str | None
    labels: tuple[int, ...] | None = None


_TABLE = (
    Kind("margin", "phi(v)", "v:(N,):real"),
    Kind("binary", "l(z, y)", "z:(N,):real y:(N,):{0,1}", (0, 1)),
    Kind("signed", "l(z, y)", "z:(N,):real y:(N,):{-1,1}", (-1, 1)),
    Kind("probability", "l(p, y)", "p:(N,):unit y:(N,):{0,1}", (0, 1)),
    Kind("logits", "l(z, y)", "z:(N,K):real y:(N,):index"),
    Kind("soft", "l(z, q)", "z:(N,K):real q:(N,K):simplex"),
    Kind("multilabel", "l(z, y)", "z:(N,K):real y:(N,K):{0,1}"),
    Kind("simplex", "l(p, y)", "p:(N,K):simplex y:(N,):index"),
    Kind("regression", "l(yhat, y)", "yhat:(N,):real y:(N,):real"),
    Kind("set", "l(x, y)", "x:(N,M):unit y:(N,M):unit"),
    Kind("divergence", "d(p, q)", "p:(N,K):simplex+ q:(N,K):simplex+"),
    Kind("embedding", "l(e, y) and friends", None),
    Kind("map", "s(z) -> p", "z:(N,K):real"),
)
KINDS = MappingProxyType({kind.name: kind for kind in _TABLE})
SCORED = ("margin", "binary", "signed", "logits")
"""Losses of scores and one label, which calibration by 0-1 loss, noise and H-consistency are about."""
SHAPED = (*SCORED, "probability", "soft", "multilabel", "simplex", "regression", "embedding")
"""Losses of a prediction, whose shape in it is asked for; a divergence has two arguments alike."""

# What each domain may be narrowed to: subsets of it.
NARROWER = MappingProxyType(
    {
        "real": frozenset({"positive", "unit", "(0,1)", "[-1,1]", "{0,1}", "{-1,1}", "count"}),
        "unit": frozenset({"(0,1)", "{0,1}", "{0,1}+"}),
        "positive": frozenset({"(0,1)", "count"}),
        "simplex": frozenset({"simplex+"}),
        "{0,1}": frozenset({"{0,1}+"}),
        "index": frozenset({"index*"}),
    }
)

_FUNCTIONAL = {
    "cross_entropy": "logits",
    "multi_margin_loss": "logits",
    "binary_cross_entropy_with_logits": "binary",
    "binary_cross_entropy": "probability",
    "soft_margin_loss": "signed",
    "multilabel_soft_margin_loss": "multilabel",
    "mse_loss": "regression",
    "l1_loss": "regression",
    "huber_loss": "regression",
    "smooth_l1_loss": "regression",
    "softmax": "map",
}
_MODULES = {
    "CrossEntropyLoss": "logits",
    "MultiMarginLoss": "logits",
    "BCEWithLogitsLoss": "binary",
    "BCELoss": "probability",
    "SoftMarginLoss": "signed",
    "MultiLabelSoftMarginLoss": "multilabel",
    "MSELoss": "regression",
    "L1Loss": "regression",
    "HuberLoss": "regression",
    "SmoothL1Loss": "regression",
}
WELL_KNOWN = MappingProxyType(
    {f"torch.nn.functional.{name}": kind for name, kind in _FUNCTIONAL.items()}
    | {f"torch.nn.modules.loss.{name}": kind for name, kind in _MODULES.items()}
    | {f"torch.nn.{name}": kind for name, kind in _MODULES.items()}
)


def resolve_signature(kind: str | None, signature: str | None) -> Signature:
    """Return the signature a loss is called with, checking that ``signature`` only narrows the kind's.

    Raises
    ------
    ValueError
        When neither is given, the kind is not known, or the signature contradicts it.
    """
    if kind is None:
        if signature is None:
            raise ValueError(
                f"kind=None and signature=None, and the loss is not a well-known one; give kind=, one of "
                f"{', '.join(KINDS)}, or signature=, such as 'z:(N,K):real y:(N,):index'"
            )
        return parse(signature)
    if kind not in KINDS:
        close = difflib.get_close_matches(str(kind), KINDS, n=1)
        hint = f"did you mean {close[0]!r}? " if close else ""
        raise ValueError(f"kind={kind!r} is not known; {hint}kinds are {', '.join(KINDS)}")
    default = KINDS[kind].signature
    if default is None:
        if signature is None:
            raise ValueError(
                f"kind={kind!r} has no fixed arguments; give signature=, such as 'a:(B,D):real p:(B,D):real'"
            )
        return parse(signature)
    if signature is None:
        return parse(default)
    given, usual = parse(signature), parse(default)
    same = [(a.name, a.shape) for a in given.arguments] == [(a.name, a.shape) for a in usual.arguments]
    if not same or not all(map(_narrows, given.arguments, usual.arguments)):
        raise ValueError(
            f"signature={signature!r} does not narrow {default!r}, the signature of kind={kind!r}: names, order and "
            "shapes stay, each domain may become a subset; leave kind out to audit the behaviour alone"
        )
    return given


def _narrows(given: Argument, usual: Argument) -> bool:
    return given.domain == usual.domain or given.domain in NARROWER.get(usual.domain, frozenset())


def kind_of(signature: str) -> str | None:
    """Return the first kind whose arguments have these shapes and domains, whatever their names.

    >>> kind_of("x:(N,K):real t:(N,):index"), kind_of("a:(B,D):real b:(B,D):real")
    ('logits', None)
    """
    given = [(a.shape, a.domain) for a in parse(signature).arguments]
    for name, kind in KINDS.items():
        if kind.signature and [(a.shape, a.domain) for a in parse(kind.signature).arguments] == given:
            return name
    return None
