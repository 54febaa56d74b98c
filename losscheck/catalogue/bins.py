r"""Losses of distributions over ordered classes or bins: distances that know how far a wrong class is.

Linear functions of the report, such as the Wasserstein distance to the outcome, are minimised at a corner: they elicit
the median (or another point), not the distribution.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import clip, log_softmax, softmax, softplus, xlogy
from losscheck.catalogue.entry import Claim, Study, entry


def _places(p: Any, y: Any) -> tuple[Any, Any]:
    """The class numbers and the outcome, as numbers of the report's dtype."""
    xp = array_namespace(p)
    return xp.astype(xp.arange(p.shape[1]), p.dtype)[None, :], xp.astype(y, p.dtype)


@entry(
    kind="simplex",
    title="Wasserstein loss to the outcome (NTL-WAS)",
    family="ordinal",
    formula=r"\sum_k p_k |k - y|",
    claims=(
        Claim("proper", False, "derived: linear in p, so a corner is best: the median of the outcomes"),
        Claim("distance_sensitive", True, "derived: mass farther away costs more"),
        Claim("convex", True, "linear"),
        Claim("local", False, "it sees all classes"),
    ),
    references=(
        "Zausinger et al., Regress, don't guess: a regression-like loss on number tokens, ICML 2025",
        "Hou, Yu, Samaras, Squared earth mover's distance-based loss, 2016",
    ),
    aliases=("ntl_was",),
)
def wasserstein_to_label(p: Any, y: Any) -> Any:
    """The mean distance of the reported class to the outcome (S092, S093)."""
    xp = array_namespace(p)
    places, outcome = _places(p, y)
    return xp.sum(p * xp.abs(places - outcome[:, None]), axis=1)


@entry(
    kind="simplex",
    title="Squared error of the mean class (NTL-MSE)",
    family="ordinal",
    formula=r"\left(\sum_k k\,p_k - y\right)^2",
    claims=(
        Claim("proper", True, "derived: the risk is least where the mean of the report is that of the truth"),
        Claim("strictly_proper", False, "Zausinger et al., 2025: every report with the right mean is as good"),
        Claim("convex", True, "a square of an affine function"),
        Claim("distance_sensitive", True, "derived: for 3 classes; from 4 on, far mass makes up for the other side's"),
    ),
    references=("Zausinger et al., Regress, don't guess: a regression-like loss on number tokens, ICML 2025",),
    aliases=("ntl_mse",),
)
def mean_class_error(p: Any, y: Any) -> Any:
    """The squared distance of the mean class to the outcome (S092)."""
    places, outcome = _places(p, y)
    return (array_namespace(p).sum(p * places, axis=1) - outcome) ** 2


@entry(
    kind="simplex",
    title="Expected squared class distance",
    family="ordinal",
    formula=r"\sum_k p_k (k - y)^2",
    claims=(
        Claim("proper", False, "derived: linear in p, so a corner is best"),
        Claim("distance_sensitive", True, "derived: mass farther away costs more"),
        Claim("convex", True, "linear"),
    ),
    references=("de la Torre, Puig, Valls, Weighted kappa loss function, 2018 (its numerator)",),
)
def squared_class_distance(p: Any, y: Any) -> Any:
    """The second moment of the reported class about the outcome."""
    places, outcome = _places(p, y)
    return array_namespace(p).sum(p * (places - outcome[:, None]) ** 2, axis=1)


@entry(
    kind="simplex",
    title="Ordinal logarithmic loss",
    family="ordinal",
    formula=r"-\sum_k |k - y|\log(1 - p_k)",
    claims=(
        Claim("proper", False, "derived: a sum of one-sided logarithms"),
        Claim("distance_sensitive", False, "derived: -log(1 - p) is steep for large p, so moving mass outward can pay"),
        Claim("convex", True, "-log(1 - p) is convex"),
        Claim("nonnegative", True, "logarithms of probabilities"),
    ),
    hazards=("log 0 where a wrong class has probability 1",),
    references=("Castagnos, Mihelich, Dognin, A simple log-based loss function for ordinal text classification, 2022",),
)
def ordinal_log(p: Any, y: Any) -> Any:
    """Logarithms of one less each wrong probability, by distance."""
    xp = array_namespace(p)
    places, outcome = _places(p, y)
    return -xp.sum(xlogy(xp.abs(places - outcome[:, None]), 1 - p), axis=1)


@entry(
    kind="simplex",
    title="Continuous ranked score, absolute form",
    family="ordinal",
    formula=r"\sum_{j<K}\left|\sum_{k\le j} p_k - [y \le j]\right|",
    claims=(
        Claim("proper", False, "derived: equal to the Wasserstein loss, linear in p"),
        Claim("distance_sensitive", True, "derived: mass farther away costs more"),
        Claim("convex", True, "a norm of an affine function"),
    ),
    references=("Ramdas, Garcia, Cuturi, On Wasserstein two-sample testing, 2017",),
)
def absolute_ranked_score(p: Any, y: Any) -> Any:
    """The L1 distance of the distribution functions: the same number as the Wasserstein loss to the outcome."""
    xp = array_namespace(p)
    places, outcome = _places(p, y)
    steps = xp.astype(places >= outcome[:, None], p.dtype)
    return xp.sum(xp.abs(xp.cumulative_sum(p, axis=1) - steps), axis=1)


@entry(
    kind="embedding",
    signature="z:(N,K):real y:(N,):index",
    title="Ordinal cross-entropy (CORAL)",
    family="ordinal",
    formula=r"\sum_{j<K-1}\log(1 + e^{z_j}) - [y > j]\,z_j",
    studies=(
        Study(
            "at its least risk sigmoid(z_j) is the probability of more than j",
            "Cao, Mirjalili, Raschka, 2020",
            "tests/studies/test_bins.py",
        ),
    ),
    hazards=("the cumulative probabilities need not fall: then a class has a negative one",),
    references=("Cao, Mirjalili, Raschka, Rank consistent ordinal regression, 2020",),
    aliases=("coral",),
)
def ordinal_cross_entropy(z: Any, y: Any) -> Any:
    """Binary cross-entropies of being above each class but the last (S046); the last score is not used."""
    xp = array_namespace(z)
    cumulative = z[:, :-1]
    above = xp.astype(y[:, None] > xp.arange(z.shape[1] - 1)[None, :], z.dtype)
    return xp.sum(softplus(cumulative) - above * cumulative, axis=1)


def two_hot_target(y: Any, bins: int, low: float, high: float) -> Any:
    """Return the two-hot encoding of y, shape (N,) -> (N, bins): mass on the two nearest bins, with mean y."""
    xp = array_namespace(y)
    centres = xp.astype(xp.arange(bins), y.dtype)[None, :]
    place = (clip(y, low, high) - low) / (high - low) * (bins - 1)
    near = 1 - xp.abs(place[:, None] - centres)
    return xp.where(near > 0, near, 0 * near)


@entry(
    kind="embedding",
    signature="z:(N,K):real y:(N,):[-1,1]",
    title="Two-hot value classification",
    family="regression by classes",
    formula=r"-\sum_k q_k\log\mathrm{softmax}(z)_k,\quad q = \text{two-hot}(y)",
    studies=(Study("the mean of the two-hot target is y", "Imani, White, 2018", "tests/studies/test_bins.py"),),
    hazards=("targets out of range are moved to its ends",),
    references=("Farebrother et al., Stop regressing: training value functions via classification, ICML 2024",),
)
def two_hot(z: Any, y: Any) -> Any:
    """Cross-entropy to the two bins next to the target, bins spread over [-1, 1] (S042)."""
    target = two_hot_target(y, z.shape[1], -1.0, 1.0)
    return -array_namespace(z).sum(target * log_softmax(z), axis=1)


@entry(
    kind="embedding",
    signature="z:(N,K):real y:(N,):[-1,1]",
    title="Mean of a softmax over bins, squared error",
    family="regression by classes",
    formula=r"\left(\sum_k c_k\,\mathrm{softmax}(z)_k - y\right)^2",
    references=("Farebrother et al., Stop regressing: training value functions via classification, ICML 2024",),
)
def softmax_mean_error(z: Any, y: Any) -> Any:
    """Squared error of the mean of the bins' centres, spread over [-1, 1]."""
    xp = array_namespace(z)
    centres = xp.astype(xp.arange(z.shape[1]), z.dtype) * (2 / max(z.shape[1] - 1, 1)) - 1
    return (xp.sum(softmax(z) * centres[None, :], axis=1) - y) ** 2
