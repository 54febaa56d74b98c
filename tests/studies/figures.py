"""The figures of the simulations, for the documentation: ``python -m tests.studies.figures`` writes docs/studies.

Each study is the one that is tested beside this file, with the same seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from losscheck import catalogue
from losscheck.reporting.chart import chart
from tests.studies import test_generative_classifiers as generative
from tests.studies import test_neural_collapse as collapse
from tests.studies import test_self_distillation as distillation
from tests.studies.test_softmax_collapse import first_zero

FOLDER = Path(__file__).parents[2] / "docs" / "studies"
STYLE = (
    "<style>text{font:11px sans-serif;fill:#444}.title{font-size:13px;fill:#111}.tick,.label{text-anchor:middle}"
    ".end{text-anchor:end}.up{writing-mode:vertical-rl}.grid{stroke:#ddd}.line{fill:none;stroke:#1b62a5;stroke-width:2}"
    ".s1{stroke:#b3541e;stroke-dasharray:6 3}.s2{stroke:#2e7d32;stroke-dasharray:2 3}"
    ".s3{stroke:#6a1b9a;stroke-dasharray:9 3 2 3}</style>"
)
Lines = dict[str, tuple[Any, Any]]


def generative_classifiers() -> Lines:
    """Error of naive Bayes and of logistic regression against the number of samples."""
    sizes, rng = [20, 40, 80, 160, 320, 640, 1280], np.random.default_rng(12)
    fits = {"naive Bayes": generative.naive_bayes, "logistic regression": generative.logistic_regression}
    draws = [[generative.sample(rng, n) for _ in range(8)] for n in sizes]
    errors = {
        name: [np.mean([generative.error(fit(*d)) for d in some]) for some in draws] for name, fit in fits.items()
    }
    return {name: (np.log10(sizes), np.array(values)) for name, values in errors.items()}


def self_distillation() -> Lines:
    """Best weight of the teacher against the noise of the labels."""
    logs = np.linspace(-2, 1, 31)
    best = {ridge: np.array([distillation.best_weight(ridge, 10**x) for x in logs]) for ridge in (0.1, 0.3, 1.0)}
    return {f"ridge {ridge}": (logs, values) for ridge, values in best.items()}


def neural_collapse() -> Lines:
    """Cosine between the features of two classes against the weight decay."""
    weights = np.linspace(0.005, 0.05, 4)
    losses = {"cross-entropy": collapse.cross_entropy, "squared error": collapse.squared_error}
    found = {n: [collapse.cosines(collapse.minimise(f, 0, w)[0]).mean() for w in weights] for n, f in losses.items()}
    return {name: (weights, np.array(values)) for name, values in found.items()}


def softmax_dispersion() -> Lines:
    """Largest entry of a softmax with one score 2 above the others, against their number."""
    logs = np.linspace(0.5, 4, 29)
    rows = [2 * np.eye(1, round(10**x)) for x in logs]
    tops = {
        t: np.array([catalogue["tempered_softmax"](z, temperature=t).max() for z in rows]) for t in (0.25, 0.5, 1.0)
    }
    return {f"temperature {t:g}": (logs, values) for t, values in tops.items()}


def softmax_collapse() -> Lines:
    """Gap between the leading score and the others from which cross-entropy is 0, against the classes."""
    logs = np.linspace(np.log10(2), 3, 9)
    gaps = {t: [first_zero("cross_entropy", t, round(10**x)) for x in logs] for t in (np.float32, np.float64)}
    return {kind.__name__: (logs, np.array(values)) for kind, values in gaps.items()}


FIGURES: dict[str, tuple[Callable[[], Lines], str, str, str]] = {
    "generative_classifiers": (generative_classifiers, "Naive Bayes and logistic regression", "log10 samples", "error"),
    "self_distillation": (self_distillation, "Best weight of the teacher", "log10 noise", "weight"),
    "neural_collapse": (neural_collapse, "Features of three classes", "weight decay", "mean cosine"),
    "softmax_dispersion": (softmax_dispersion, "Largest entry of softmax", "log10 scores", "largest entry"),
    "softmax_collapse": (softmax_collapse, "Gap at which the loss is 0", "log10 classes", "gap"),
}


def figures() -> Iterator[tuple[str, str]]:
    """Yield the names and texts of the files."""
    for name, (study, title, x_label, y_label) in FIGURES.items():
        series = [{"name": n, "x": x.tolist(), "y": np.round(y, 5).tolist()} for n, (x, y) in study().items()]
        drawn = str(chart({"title": title, "x_label": x_label, "y_label": y_label, "series": series}))
        head, rest = drawn.split(">", 1)
        opened = head.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"')
        yield f"{name}.svg", f"{opened}>{STYLE}{rest}\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file, text in figures():
        (FOLDER / file).write_text(text, encoding="utf-8")
