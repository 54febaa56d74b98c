"""An entry is one function for both libraries: equal values in NumPy and torch, and equal verdicts of the theory.

A theory answer is a function of the lifted graph (the cache keeps it under the graph's digest), so equal graphs have
equal verdicts; the few losses whose graphs differ, for the libraries sort differently, are audited in both forms. A
choice of both in every run, all of them under ``HYPOTHESIS_PROFILE=fuzz``. Behaviour is compared where both libraries
can be asked, which leaves gradients out.
"""

import os
import random

import numpy as np
import pytest
import torch

from losscheck import Loss, audit
from losscheck.behaviour.sampling import sample
from losscheck.catalogue import entries, find
from losscheck.catalogue.forms import LIBRARIES, in_form
from losscheck.gallery.measuring import answers, both, differences
from losscheck.kinds import resolve_signature
from losscheck.libraries import backends_of, libraries_named
from losscheck.lifting.lifting import lift
from losscheck.lifting.unsupported import Unsupported
from losscheck.property import properties

FUZZ = os.getenv("HYPOTHESIS_PROFILE") == "fuzz"
EACH = list(entries().values())
LIFTED = [made for made in EACH if any(p.layer == "theory" and made.kind in p.kinds for p in properties().values())]
# Batches whose rows interact are read at one small size, some of them slowly: three of them stand for the others.
ALONE = [made for made in LIFTED if made.kind != "embedding"]
TOGETHER = [find(name) for name in ("barlow_twins", "info_nce", "triplet_margin")]
# Sorting and the k-th largest are read from two libraries' ways of asking for them.
SORTED = {
    "approx_ndcg", "entmax15", "entropy_hinge", "sparsemax", "sparsemax_loss", "topk_hinge_alpha", "topk_hinge_beta",
    "topk_hinge_calibrated", "topk_softmax", "topk_truncated_entropy",
}  # fmt: skip
# A loss with a clip is among them: array-api-compat calls NumPy's with more arguments than people do.
AUDITED = EACH if FUZZ else [find("ramp"), *random.Random(5).sample(EACH, 5)]


@pytest.mark.parametrize("made", EACH, ids=lambda made: made.name)
def test_values_agree(made):
    signature = resolve_signature(made.kind, made.signature)
    for seed in range(3):
        given = sample(signature, seed, 3)
        ours = np.asarray(made.loss(*given.values()))
        theirs = made.loss(*(torch.as_tensor(array) for array in given.values()))
        assert isinstance(theirs, torch.Tensor)
        np.testing.assert_allclose(theirs.numpy(), ours, rtol=1e-9, atol=1e-12)


def digest(made, library):
    """The digest of what is read from one form; None where it cannot be read."""
    form = in_form(made.loss, library).function
    kept = {"n_classes": 3, "params": dict(made.loss.params), "signature": made.signature}
    try:
        return lift(form, kind=made.kind, **kept).digest
    except Unsupported:
        return None


@pytest.mark.parametrize(
    "made", LIFTED if FUZZ else [*random.Random(6).sample(ALONE, 30), *TOGETHER], ids=lambda made: made.name
)
def test_graphs_agree(made):
    assert (digest(made, "numpy") == digest(made, "torch")) is (made.name not in SORTED)


@pytest.mark.parametrize("made", AUDITED, ids=lambda made: made.name)
def test_verdicts_agree(made):
    seen = []
    for library in ("numpy", "torch"):
        report = audit(in_form(made.loss, library), properties=asked(made.kind))
        seen.append({finding.id: (finding.verdict, finding.value) for finding in report.findings})
    assert seen[0] == seen[1]


# Where the libraries themselves round differently: NumPy's float32 logaddexp keeps 3e-8 where torch's gives 0.
ROUNDED = {
    "adaptive_smoothing: collapse_free[float32] is ['supported', 'none'] in numpy, ['refuted', 'warning'] in torch"
}


@pytest.mark.parametrize("name", list(entries()) if FUZZ else ["cauchy"])
def test_behaviour_agrees(name):
    rows = [answers(name, form, "behaviour") for form in LIBRARIES]
    assert both(rows) > 10
    assert set(differences(rows)) <= ROUNDED


@pytest.mark.parametrize("name", ["binary_distillation", "decoupled_distillation", "normalised_distillation"])
def test_scores_of_a_teacher_may_be_integers(name):
    z, t, y = np.array([[0.5, -1.0, 2.0]]), np.array([[-3, 0, 2]]), np.array([1])
    given = (z, t, y) if name != "binary_distillation" else (z, t)
    expected = find(name).function(*(each.astype(float) if each is t else each for each in given))
    for library in (np.asarray, torch.as_tensor):
        np.testing.assert_allclose(np.asarray(find(name).function(*map(library, given))), expected, rtol=1e-12)


def asked(kind):
    """Theory that is cheap and touches the whole graph; everything of the theory in the long run."""
    theory = [p for p in properties().values() if p.layer == "theory" and kind in p.kinds]
    quick = [p.name for p in theory if not p.required | p.one_of]
    cheap = ("convex", "nonnegative", "symmetric", "proper", "shift_invariant", "identity_of_indiscernibles")
    return quick if FUZZ else [name for name in quick if name in cheap]


def test_an_entry_names_no_library_and_a_form_names_one():
    for name in ("hinge", "cross_entropy", "logit_adjusted"):
        loss = find(name).loss
        assert libraries_named(loss.function) == frozenset()
        for library in ("numpy", "torch"):
            assert backends_of(in_form(loss, library).function) == (library,)


def test_forms_say_what_they_take():
    with pytest.raises(ValueError, match="give one of numpy, torch"):
        in_form(find("hinge").loss, "jax")
    with pytest.raises(ValueError, match="is a target"):
        in_form(Loss("torch.nn.functional:cross_entropy"), "torch")
