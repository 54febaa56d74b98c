"""Losses for the k most probable classes: hinges on the k-th largest score, truncated softmax."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, is_label, logsumexp, margins, relu
from losscheck.catalogue.entry import Claim, Parameter, entry
from losscheck.catalogue.shared_claims import OF_GAPS

LAPIN = "Lapin, Hein, Schiele, 2018"
YANG = "Yang, Koyejo, 2020"
REFERENCES = (
    "Lapin, Hein, Schiele, Analysis and optimization of loss functions for multiclass, top-k classification, PAMI 2018",
    "Yang, Koyejo, On the consistency of top-k surrogate losses, ICML 2020",
)
NOT_CALIBRATED = Claim("topk_calibrated[k=2]", False, f"{YANG}, Proposition 4.5")
TOP = Parameter(2, "1 <= k < K", "how many guesses are allowed")


def _descending(z: Any) -> Any:
    return array_namespace(z).sort(z, axis=1, descending=True)


def _largest_gaps(z: Any, y: Any, k: int) -> Any:
    """The k largest of z_j - z_y + 1, the label's own 0 among them."""
    xp = array_namespace(z)
    return _descending(-margins(z, y) + xp.where(is_label(z, y), xp.zeros_like(z), xp.ones_like(z)))[:, :k]


@entry(
    kind="logits",
    title="Top-k hinge loss, alpha",
    family="top-k",
    formula=r"\max\left(0, \frac1k \sum_{j=1}^{k} (z + 1 - e_y)_{[j]} - z_y\right)",
    parameters={"k": TOP},
    claims=(
        Claim("convex", True, f"{LAPIN}: a maximum of affine functions"),
        OF_GAPS,
        NOT_CALIBRATED,
        Claim("nonnegative", True, "a positive part"),
    ),
    references=REFERENCES,
)
def topk_hinge_alpha(z: Any, y: Any, k: Any = 2) -> Any:
    """The mean of the k largest score gaps with margin, cut at 0."""
    return relu(array_namespace(z).mean(_largest_gaps(z, y, k), axis=1))


@entry(
    kind="logits",
    title="Top-k hinge loss, beta",
    family="top-k",
    formula=r"\frac1k \sum_{j=1}^{k} \max\left(0, (z + 1 - e_y)_{[j]} - z_y\right)",
    parameters={"k": TOP},
    claims=(
        Claim("convex", True, f"{LAPIN}: a maximum of sums of convex functions"),
        OF_GAPS,
        NOT_CALIBRATED,
        Claim("nonnegative", True, "a mean of positive parts"),
    ),
    references=REFERENCES,
)
def topk_hinge_beta(z: Any, y: Any, k: Any = 2) -> Any:
    """The mean of the positive parts of the k largest score gaps with margin."""
    return array_namespace(z).mean(relu(_largest_gaps(z, y, k)), axis=1)


@entry(
    kind="logits",
    title="Calibrated top-k hinge loss",
    family="top-k",
    formula=r"\max(0, 1 + z_{[k+1]} - z_y)",
    parameters={"k": TOP},
    claims=(
        Claim("convex", False, f"{YANG}: the (k+1)-th largest score is no convex function"),
        OF_GAPS,
        Claim("nonnegative", True, "a positive part"),
    ),
    references=REFERENCES,
)
def topk_hinge_calibrated(z: Any, y: Any, k: Any = 2) -> Any:
    """How far the label's score fails to lie 1 above the (k+1)-th largest."""
    return relu(1 + _descending(z)[:, k] - at_label(z, y))


@entry(
    kind="logits",
    title="Truncated top-k entropy loss",
    family="top-k",
    formula=r"\log\left(1 + \sum_{j > k - 1} e^{(z_{\setminus y})_{[j]} - z_y}\right)",
    parameters={"k": TOP},
    claims=(
        Claim("convex", False, f"{LAPIN}: nonconvex for k > 1"),
        OF_GAPS,
        Claim("nonnegative", True, "a softplus"),
    ),
    references=REFERENCES,
)
def topk_truncated_entropy(z: Any, y: Any, k: Any = 2) -> Any:
    """Cross-entropy without the k - 1 largest scores of the other classes."""
    xp = array_namespace(z)
    others = _descending(xp.where(is_label(z, y), xp.full_like(z, -xp.inf), z))[:, k - 1 : -1]
    return logsumexp(xp.concat([at_label(z, y)[:, None], others], axis=1)) - at_label(z, y)
