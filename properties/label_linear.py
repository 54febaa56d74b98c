r"""A hard label is the soft label of a corner, and a loss that is linear in its labels is linear in all of them.

.. math:: \ell(z, y) = \ell(z, e_y), \qquad \ell(z, \lambda q + (1 - \lambda) r) = \lambda\, \ell(z, q) + (1 - \lambda)\, \ell(z, r)

The first is asked of losses that take an index and, at the same place, one-hot rows; the second of soft labels, at
corners, where it holds for all mixtures of ordinary labels (evidence).

Answers
-------
SUPPORTED
    The laws that apply hold.
REFUTED
    One-hot rows give another value than indices, or mixtures with corners break what the others keep. Severity warning: torch
    documents another normaliser for soft labels with class weights. Witness: the input.
NOT_APPLICABLE
    There is no single label, index labels may not be given as rows, or the loss is not linear in its labels (an entropy,
    a square).

Known exceptions
----------------
torch documents another normaliser for soft labels with class weights: a warning. Entropies and squares, not linear in
their labels, are not asked.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Array
from losscheck.behaviour.reduction import close
from losscheck.behaviour.roles import prediction, target
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.signature import Argument
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported

MIXTURES = 6
SHARES = (0.5, 0.25, 0.9)


@behaviour(title="hard labels are corners, mixtures of labels mix the loss")
def label_linear(trial: Trial) -> Iterator[Outcome]:
    """Compare indices with one-hot rows, and mixtures with their parts."""
    p, t = prediction(trial.signature), target(trial.signature)
    if p is None or t is None or trial.caller.returns_tuple:
        yield not_applicable("there is no single label beside a prediction")
    elif t.domain.startswith("index") and len(p.shape) == len(t.shape) + 1 and p.shape[:1] == t.shape[:1]:
        yield _corners(trial, p, t)
    elif t.domain in ("simplex", "simplex+", "unit", "(0,1)"):
        yield _mixtures(trial, t)
    else:
        yield not_applicable(f"labels of domain {t.domain} are no distributions")


def _corners(trial: Trial, p: Argument, t: Argument) -> Outcome:
    for seed in range(trial.budget):
        x = trial.sample(seed)
        rows = np.moveaxis(np.eye(np.shape(x[p.name])[p.class_axis])[x[t.name]], -1, p.class_axis)
        soft = replace(t, domain="simplex", shape=p.shape, ignored=None, dtype=None)
        arguments = tuple(soft if a is t else a for a in trial.signature.arguments)
        caller = replace(trial.caller, signature=replace(trial.signature, arguments=arguments))
        try:
            given, expected = caller.value({**x, t.name: rows}, trial.dtype), trial.value(x)
        except Raised:
            return not_applicable("one-hot rows are refused in place of indices")
        if given.shape != expected.shape:
            return not_applicable("one-hot rows mean something else than indices")
        if not close(given, expected, trial.tolerance):
            fact = f"one-hot rows for {t.name} give {np.sum(given):.6g}, indices {np.sum(expected):.6g}, at {show(x)}"
            return refuted(
                fact, witness=witness(x, trial.dtype, one_hot=float(np.sum(given))), severity=Severity.WARNING
            )
    return supported("one-hot rows give the value of indices")


def _mixtures(trial: Trial, t: Argument) -> Outcome:
    kept = 0
    for corners in (0, 1, 2):
        if corners and t.domain in ("simplex+", "(0,1)"):
            break
        for seed in range(MIXTURES):
            x = trial.sample(seed)
            labels = [x[t.name], trial.sample(seed + 50)[t.name]]
            labels = [_corner(t, q) for q in labels[:corners]] + labels[corners:]
            share = SHARES[seed % 3]
            mixed = {**x, t.name: share * labels[0] + (1.0 - share) * labels[1]}
            at_q, at_r = (trial.value_or_nan({**x, t.name: q}) for q in labels)
            value, expected = trial.value_or_nan(mixed), share * at_q + (1.0 - share) * at_r
            if not np.isfinite(expected).all() or value.shape != expected.shape:
                continue
            if close(value, expected, trial.tolerance):
                kept += 1
            elif not corners:
                return not_applicable("the loss is not linear in its labels")
            else:
                return _broken(trial, mixed, float(np.sum(value)), float(np.sum(expected)), kept)
        if kept < MIXTURES:
            return not_applicable("the loss is not finite at ordinary labels")
    return supported(f"the value is linear in the labels, at {kept} mixtures")


def _broken(trial: Trial, at: dict[str, Array], got: float, due: float, kept: int) -> Outcome:
    return refuted(
        f"the value of a mixture of labels is {got:.6g}, its parts mix to {due:.6g}, at {show(at)}; it was linear at "
        f"{kept} other mixtures",
        witness=witness(at, trial.dtype, value=got, mixture=due),
        severity=Severity.WARNING,
    )


def _corner(t: Argument, q: Array) -> Array:
    if t.domain == "unit":
        return np.round(q)
    top = np.max(q, axis=t.class_axis, keepdims=True)
    return np.asarray((q == top).astype(np.float64))
