"""Code that cannot be trusted is refused: hidden state, escapes, rounding tricks, wrong rules."""

import random

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from losscheck.lifting import torch_table
from losscheck.lifting.lifting import lift
from losscheck.lifting.unsupported import Unsupported

STATE = {"calls": 0, "drift": 0, "array": np.zeros(3)}


def counts_calls(v):
    STATE["calls"] += 1
    return v * STATE["calls"]


def drifts(v):
    STATE["drift"] += 1
    return v * (1 + (STATE["drift"] > 5))


def is_random(v):
    return v + np.random.default_rng().normal()


def is_random_in_python(v):
    return v * random.random()


def draws_in_torch(v):
    return F.dropout(v, 0.5)


def leaves_torch(v):
    return torch.from_numpy(np.exp(v.numpy()))


def reads_memory(v):
    return v * float(v.data_ptr() % 7)


def converts(v):
    return torch.as_tensor(np.asarray(v) * 2)


def prints_and_parses(v):
    return np.array([float(repr(float(x))) for x in v])


def branches_on_rounding(v):
    return np.where((v + 1e16) - 1e16 == v, v, -v)


def writes_outside(v):
    STATE["array"][0] = v[0]
    return STATE["array"][:1] * 2


def asks_who_is_there(v):
    return np.abs(v) if isinstance(v, np.ndarray) and v.__class__.__name__ == "ndarray" else v


def rows_interact(v):
    return v - v.mean()


def rounds(v):
    return np.floor(v)


@pytest.mark.parametrize(
    ("loss", "says"),
    [
        (counts_calls, "state|another formula|differ"),
        (drifts, "state|differ"),
        (is_random, "another formula|raises"),
        (is_random_in_python, "another formula"),
        (draws_in_torch, "random"),
        (leaves_torch, "leaves torch"),
        (reads_memory, "data_ptr"),
        (converts, "leaves torch"),
        (prints_and_parses, "raises ValueError|plain number|as text"),
        (branches_on_rounding, "differ|compared"),
        (writes_outside, "plain number|sequence"),
        (asks_who_is_there, "differ"),
        (rows_interact, "rows interact"),
        (rounds, "floor"),
    ],
)
def test_refused(loss, says):
    with pytest.raises(Unsupported, match=says):
        lift(loss, kind="margin")


def test_the_message_names_the_line_of_the_user():
    with pytest.raises(Unsupported) as caught:
        lift(leaves_torch, kind="margin")
    assert caught.value.location is not None
    assert caught.value.location.startswith(__file__)
    line = int(caught.value.location.rsplit(":", 1)[1])
    assert line == leaves_torch.__code__.co_firstlineno + 1


def test_a_wrong_decomposition_is_caught(monkeypatch):
    # torch's own decomposition of this operator computes another function (2.13)
    def loss(z, y):
        target = torch.stack([torch.tensor([0, 1, -1]) if k == 0 else torch.tensor([2, 1, -1]) for k in y])
        return F.multilabel_margin_loss(z, target, reduction="none")

    assert lift(loss, kind="logits").points >= 300
    monkeypatch.delitem(torch_table.RULES, "multilabel_margin_loss_forward")
    with pytest.raises(Unsupported, match="differ"):
        lift(loss, kind="logits")


@pytest.mark.parametrize("error", [1e-7, 1e-11])
def test_a_slightly_wrong_rule_is_caught(monkeypatch, error):
    right = torch_table.RULES["exp"]
    monkeypatch.setitem(torch_table.RULES, "exp", lambda x: right(torch_table.RULES["mul"](x, 1 + error)))
    with pytest.raises(Unsupported, match="differ"):
        lift(lambda v: torch.exp(-v), kind="margin", backend="torch")


def test_a_wrong_branch_at_one_point_is_caught(monkeypatch):
    monkeypatch.setitem(torch_table.RULES, "gt", torch_table.RULES["ge"])
    with pytest.raises(Unsupported, match="differ"):
        lift(lambda v: torch.where(v > 2, torch.zeros_like(v), torch.ones_like(v)), kind="margin", backend="torch")


def test_nothing_stays_patched():
    import builtins
    import math

    before = (math.exp, np.zeros, np.array, np.float64, np.ndarray, builtins.float)
    lift(lambda v: np.array([math.exp(-float(x)) for x in v]), kind="margin")
    with pytest.raises(Unsupported):
        lift(leaves_torch, kind="margin")
    assert before == (math.exp, np.zeros, np.array, np.float64, np.ndarray, builtins.float)
    assert "float" not in globals()
