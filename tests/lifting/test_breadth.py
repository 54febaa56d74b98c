"""Random formulas in NumPy and in torch: at least 95 % are lifted, both libraries to one graph."""

import random

import pytest

from losscheck.lifting.lifting import lift
from losscheck.lifting.unsupported import Unsupported

COUNT, REFUSED_AT_MOST = 45, 0.05
NAMES = {
    "numpy": {
        "lib": "np", "max": "np.maximum", "min": "np.minimum", "atan": "np.arctan", "axis": "axis",
        "amax": "np.max",
    },
    "torch": {
        "lib": "torch", "max": "torch.maximum", "min": "torch.minimum", "atan": "torch.atan", "axis": "dim",
        "amax": "torch.amax",
    },
}  # fmt: skip
UNARY = (
    "{lib}.exp(-{lib}.abs({a}))", "{lib}.log1p({lib}.exp(-{lib}.abs({a})))", "{lib}.tanh({a})", "{atan}({a})",
    "{lib}.sqrt(1 + ({a})**2)", "({a})**2", "{lib}.abs({a})", "-({a})", "0.3*({a})", "{lib}.log(2 + {lib}.tanh({a}))",
    "{lib}.sin({a})", "1/(1 + ({a})**2)", "{lib}.sign({a})", "{lib}.clip({a}, -1.5, 2.0)",
)  # fmt: skip
BINARY = (
    "({a}) + ({b})", "({a}) - ({b})", "({a})*{lib}.tanh({b})", "{max}({a}, {b})", "{min}({a}, {b})",
    "{lib}.where({a} < {b}, {a}, 2*({b}))", "{lib}.where({a} >= 0.5, {b}, 1 - ({a}))", "{lib}.logaddexp({a}, {b})",
)  # fmt: skip


def formula(rng, leaves, depth):
    """A formula with slots for the names of the library still open."""
    if depth == 0:
        return rng.choice(leaves)
    if rng.random() < 0.5:
        return fill(rng.choice(UNARY), a=formula(rng, leaves, depth - 1))
    return fill(rng.choice(BINARY), a=formula(rng, leaves, depth - 1), b=formula(rng, leaves, rng.randrange(depth)))


def fill(template, **parts):
    for name, part in parts.items():
        template = template.replace("{" + name + "}", part)
    return template


def compiled(text, arguments, library):
    namespace = {}
    body = fill(text, **NAMES[library])
    head = "import numpy as np" if library == "numpy" else "import torch"
    exec(f"{head}\ndef loss({arguments}):\n    return {body}\n", namespace)  # the text is made above
    return namespace["loss"]


def cases():
    rng = random.Random(2024)
    for i in range(COUNT):
        if i % 3:
            yield formula(rng, ["v", "1 - v", "2*v"], 1 + i % 4), "v", "margin"
        else:
            inner = formula(rng, ["z", "{lib}.exp(z - {amax}(z, {axis}=1)[:, None])"], 1 + i % 3)
            tail = rng.choice(["z[:, 0]", "{amax}(z, {axis}=1)", "y", "{lib}.cumsum(z, {axis}=1)[:, 1]"])
            yield f"{{lib}}.sum({inner}, {{axis}}=1) - {tail}", "z, y", "logits"


def test_random_formulas_lift_to_one_graph_in_both_libraries():
    refusals, total = [], 0
    for text, arguments, kind in cases():
        graphs = []
        for library in NAMES:
            total += 1
            try:
                graphs.append(lift(compiled(text, arguments, library), kind=kind, backend=library, n_classes=2).roots)
            except Unsupported as error:
                refusals.append((text, library, error.message))
        assert len(set(graphs)) <= 1, text
    assert all(reason for _, _, reason in refusals)
    assert len(refusals) <= REFUSED_AT_MOST * total, refusals


@pytest.mark.parametrize("library", sorted(NAMES))
def test_refusals_name_the_construct(library):
    loss = compiled("{lib}.floor(v)", "v", library)
    with pytest.raises(Unsupported, match="floor"):
        lift(loss, kind="margin", backend=library)
