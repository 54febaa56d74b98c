"""Losses of sequences: connectionist temporal classification, and n-grams wherever they stand."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import clip, log_softmax, softmax
from losscheck.catalogue.entry import Parameter, Study, entry

STUDY = "tests/studies/test_sequences.py"


@entry(
    kind="embedding",
    signature="z:(N,L,K):real b:(N,L):real y:(N,2):index",
    title="Connectionist temporal classification (CTC)",
    family="sequence",
    formula=r"-\log\sum_{\pi \in \mathcal{B}^{-1}(y)} \prod_t p_t(\pi_t)",
    studies=(
        Study("the sum over all alignments, as torch computes it", "Graves et al., 2006, Equation 8", STUDY),
        Study("the probabilities of all label sequences add up to 1", "derived", STUDY),
    ),
    hazards=(
        "inf, with a NaN gradient in older code, where the labels do not fit into the positions",
        "log(exp + exp) of two impossible prefixes is -inf - -inf",
    ),
    references=("Graves et al., Connectionist temporal classification, ICML 2006", "PyTorch, torch.nn.CTCLoss"),
)
def ctc(z: Any, b: Any, y: Any) -> Any:
    """-log of the probability of the labels y, by the forward recursion: scores z of the labels, b of the blank."""
    xp = array_namespace(z)
    logs = log_softmax(xp.concat([z, b[:, :, None]], axis=2).reshape(-1, z.shape[2] + 1))
    logs = logs.reshape(z.shape[0], z.shape[1], z.shape[2] + 1)
    blank, low = logs[:, :, -1], xp.full_like(b[:, 0], -xp.inf)
    steps = [blank]
    for label in range(y.shape[1]):
        here = y[:, label][:, None, None] == xp.arange(z.shape[2])
        steps += [xp.sum(xp.where(here, logs[:, :, :-1], xp.zeros_like(z)), axis=2), blank]
    reached = [steps[0][:, 0], steps[1][:, 0], *[low] * (len(steps) - 2)]
    for t in range(1, z.shape[1]):
        before = reached
        reached = [before[0] + blank[:, t]]
        for place in range(1, len(steps)):
            stay = _log_add(before[place], before[place - 1])
            if place % 2 == 1 and place > 1:
                # From one label straight to the next only where they differ: equal ones are parted by a blank.
                differ = y[:, place // 2] != y[:, place // 2 - 1]
                stay = _log_add(stay, xp.where(differ, before[place - 2], low))
            reached.append(stay + steps[place][:, t])
    return -_log_add(reached[-1], reached[-2])


def _log_add(a: Any, b: Any) -> Any:
    """Return log(e^a + e^b), -inf where both are; no nan in the gradient there."""
    xp = array_namespace(a)
    large, small = xp.maximum(a, b), xp.minimum(a, b)
    gone = small == -xp.inf
    gap = xp.where(gone, xp.zeros_like(a), small) - xp.where(gone, xp.zeros_like(a), large)
    return large + xp.where(gone, xp.zeros_like(a), xp.log1p(xp.exp(gap)))


@entry(
    kind="embedding",
    signature="x:(N,L,K):logsimplex y:(N,3):index g:(N,3,L):real",
    title="Edit-invariant sequence loss (EISL)",
    family="sequence",
    formula=r"-\sum_i\sum_j w_{ij}\frac1n\sum_{k < n}\log p_{j+k}(y_{i+k}),\quad"
    r" w_i = \mathrm{softmax}_j\frac{\ell_{ij} + g_{ij}}{\tau}",
    parameters={
        "n": Parameter(2, "1, 2, ...", "the length of the n-grams"),
        "tau": Parameter(1.0, "(0, inf)", "the temperature of the weights on positions"),
        "floor": Parameter(-20.0, "(-inf, 0)", "log-probabilities below count as this"),
    },
    studies=(
        Study("with one position it is cross-entropy", "Liu et al., 2022", STUDY),
        Study("moving the n-grams of the prediction along changes nothing", "Liu et al., 2022", STUDY),
    ),
    hazards=("the published code draws the noise g in each call: give zeros for the mean weights",),
    references=("Liu et al., Don't take it literally: an edit-invariant sequence loss, NAACL 2022",),
)
def edit_invariant(x: Any, y: Any, g: Any, n: int = 2, tau: float = 1.0, floor: float = -20.0) -> Any:
    """Each n-gram of the target where the prediction has it, softly (S091); the Gumbel noise g is an argument."""
    xp = array_namespace(x)
    logs = clip(x, floor, 0.0)
    places = x.shape[1] - n + 1
    total = xp.zeros_like(x[:, 0, 0])
    for i in range(y.shape[1] - n + 1):
        found = xp.zeros_like(logs[:, :places, 0])
        for k in range(n):
            here = y[:, i + k][:, None, None] == xp.arange(x.shape[2])
            chosen = xp.sum(xp.where(here, logs, xp.zeros_like(logs)), axis=2)
            found = found + chosen[:, k : k + places]
        total = total - xp.sum(softmax((found + g[:, i, :places]) / tau) * found, axis=1) / n
    return total
