"""Bounds and neighbourhoods of cross-entropy: majorants, local smoothness, and the loss of Gaussian features."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, is_label, log_softmax, logsumexp, softmax
from losscheck.catalogue.entry import Parameter, Study, entry

STUDY = "tests/studies/test_surrogates.py"


@entry(
    kind="embedding",
    signature="z:(N,K):real a:(N,K):real y:(N,):index",
    title="Quadratic majorant of cross-entropy (target smoothness)",
    family="comp-sum",
    formula=r"\ell(a) + \langle\mathrm{softmax}(a) - e_y, z - a\rangle + \frac{1}{2\eta}\|z - a\|^2",
    parameters={"eta": Parameter(2.0, "(0, 2]", "the step: cross-entropy is 1/2-smooth, so 2 is the largest")},
    studies=(
        Study("at least cross-entropy, and equal to it at a", "Boehning, 1992; Lavington et al., 2023", STUDY),
        Study("its minimum lowers cross-entropy", "Lavington et al., 2023", STUDY),
    ),
    references=(
        "Lavington et al., Target-based surrogates for stochastic optimization, ICML 2023",
        "Boehning, Multinomial logistic regression algorithm, AISM 1992",
    ),
)
def cross_entropy_majorant(z: Any, a: Any, y: Any, eta: float = 2.0) -> Any:
    """What gradient descent in the scores minimises instead of cross-entropy (S159)."""
    xp = array_namespace(z)
    move = z - a
    slope = xp.sum(softmax(a) * move, axis=1) - at_label(move, y)
    return -at_label(log_softmax(a), y) + slope + xp.sum(move**2, axis=1) / (2 * eta)


@entry(
    kind="embedding",
    signature="z:(N,K):real a:(N,K):real",
    title="Local distributional smoothness (virtual adversarial loss)",
    family="adversarial",
    formula=r"\mathrm{KL}(\mathrm{softmax}(z)\,\|\,\mathrm{softmax}(a))",
    studies=(
        Study("not negative; slope 0 and Fisher's matrix as curvature at a = z", "Miyato et al., 2018", STUDY),
        Study("power iteration finds the worst direction of a linear model", "Miyato et al., 2018", STUDY),
    ),
    hazards=("finite differences with xi = 1e-6 lose all digits in float32",),
    references=("Miyato, Maeda, Koyama, Ishii, Virtual adversarial training, TPAMI 2018",),
    aliases=("virtual_adversarial",),
)
def local_smoothness(z: Any, a: Any) -> Any:
    """How far scores a of a perturbed input are from scores z, in distribution (S077); the attack is the caller's."""
    return array_namespace(z).sum(softmax(z) * (log_softmax(z) - log_softmax(a)), axis=1)


@entry(
    kind="embedding",
    signature="f:(N,D):real w:(K,D):real s:(D,):positive y:(N,):index",
    title="Variance margin (AMarX, implicit semantic augmentation)",
    family="comp-sum",
    formula=r"\log\sum_k e^{z_k - z_y + \frac\lambda2 (w_k - w_y)^\top\Sigma (w_k - w_y)},\quad z = W f",
    parameters={"enlarge": Parameter(1.0, "[0, inf)", "lambda, by which the variance is enlarged")},
    studies=(
        Study("at least the mean of cross-entropy over Gaussian features", "Jensen; Wang et al., 2019", STUDY),
        Study("cross-entropy where the variance is 0", "derived", STUDY),
    ),
    references=(
        "Wang et al., Implicit semantic data augmentation for deep networks, NeurIPS 2019",
        "AMarX: adaptive margin softmax from variance enlarging (its constants taken as 1)",
    ),
    aliases=("implicit_augmentation",),
)
def variance_margin(f: Any, w: Any, s: Any, y: Any, enlarge: float = 1.0) -> Any:
    """Margins that grow with the variance between two classes (S045), for a diagonal covariance s."""
    xp = array_namespace(f)
    z = xp.sum(f[:, None, :] * w[None, :, :], axis=2)
    own = xp.sum(xp.where(is_label(z, y)[:, :, None], w[None, :, :], xp.zeros_like(w[None, :, :])), axis=1)
    spread = xp.sum(s * (w[None, :, :] - own[:, None, :]) ** 2, axis=2)
    return logsumexp(z + enlarge / 2 * spread) - at_label(z, y)
