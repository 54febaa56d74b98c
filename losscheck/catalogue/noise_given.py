"""Random losses and maps with their noise as an argument: each draw is a function like any other."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, is_label, log_softmax, relu, softmax
from losscheck.catalogue.entry import Parameter, Study, entry

STUDY = "tests/studies/test_noise_given.py"


@entry(
    signature="z:(N,K):real g:(N,K):real",
    title="Gumbel-softmax of given noise",
    family="map",
    formula=r"\mathrm{softmax}\left(\frac{z + g}{\tau}\right)",
    parameters={"tau": Parameter(1.0, "(0, inf)", "0 is the one-hot sample")},
    studies=(
        Study("the largest entry is a sample of softmax(z), whatever tau", "Jang, Gu, Poole, 2017", STUDY),
        Study("tends to that sample as tau falls", "Jang, Gu, Poole, 2017", STUDY),
    ),
    hazards=("-log(-log u) is inf at u = 0 and u = 1", "the slope grows as 1 / tau"),
    references=(
        "Jang, Gu, Poole, Categorical reparameterization with Gumbel-softmax, ICLR 2017",
        "Maddison, Mnih, Teh, The concrete distribution, ICLR 2017",
    ),
)
def gumbel_softmax(z: Any, g: Any, tau: float = 1.0) -> Any:
    """Softmax of perturbed scores (S162)."""
    return softmax((z + g) / tau)


@entry(
    kind="embedding",
    signature="z:(N,K):real y:(N,):index r:(N,):positive e:(N,):real",
    title="Noisy softmax of given noise",
    family="softmax",
    formula=r"-\log\mathrm{softmax}(z - \alpha\,[r - z_y]_+ |\xi|\,e_y)_y,\quad r = \|W_y\|\,\|x\|",
    parameters={"alpha": Parameter(0.3, "[0, inf)", "how much noise")},
    studies=(
        Study("at least cross-entropy, and equal to it once z_y = r", "Chen, Deng, Du, 2017", STUDY),
        Study("its mean slope by the label's score is at least as steep", "Chen, Deng, Du, 2017", STUDY),
    ),
    references=("Chen, Deng, Du, Noisy softmax: improving the generalization ability of DCNN, CVPR 2017",),
)
def noisy_softmax(z: Any, y: Any, r: Any, e: Any, alpha: float = 0.3) -> Any:
    """Cross-entropy with the label's score lowered by noise that shrinks with its angle (S048)."""
    xp = array_namespace(z)
    # |W_y| |x| bounds z_y for scores of a linear layer; the positive part keeps other scores from being raised.
    fall = alpha * relu(r - at_label(z, y)) * xp.abs(e)
    return -at_label(log_softmax(xp.where(is_label(z, y), z - fall[:, None], z)), y)
