"""The digest of code: what changes it, what does not, and what has none."""

from __future__ import annotations

import functools
import types
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from losscheck.code_digest import code_digest
from losscheck.loss import load_target

EPS = 1e-3


def helper(z: Any) -> Any:
    return z + EPS


def uses(z: Any) -> Any:
    return helper(z) * 2


def made(source: str) -> Callable[..., Any]:
    """Return ``loss`` of a module of that source, compiled at one place."""
    module = types.ModuleType("mine")
    exec(compile(source, "mine.py", "exec"), vars(module))
    return vars(module)["loss"]  # type: ignore[no-any-return]


CHANGES = {
    "a constant": ("def loss(v): return v + 1", "def loss(v): return v + 2"),
    "a float constant": ("def loss(v): return v + 0.0", "def loss(v): return v + -0.0"),
    "a default": ("def loss(v, g=1): return v * g", "def loss(v, g=2): return v * g"),
    "a global": ("G = 1\ndef loss(v): return v * G", "G = 2\ndef loss(v): return v * G"),
    "a helper": (
        "def h(v): return v\ndef loss(v): return h(v)",
        "def h(v): return -v\ndef loss(v): return h(v)",
    ),
    "a closure": (
        "def f(g):\n def loss(v): return v * g\n return loss\nloss = f(1)",
        "def f(g):\n def loss(v): return v * g\n return loss\nloss = f(2)",
    ),
    "an array": (
        "import numpy as np\nW = np.arange(3.0)\ndef loss(v): return W * v",
        "import numpy as np\nW = np.arange(4.0)\ndef loss(v): return W * v",
    ),
    "a method": (
        "class L:\n def __call__(self, v): return self.m(v)\n def m(self, v): return v\nloss = L()",
        "class L:\n def __call__(self, v): return self.m(v)\n def m(self, v): return -v\nloss = L()",
    ),
    "an attribute": (
        "class L:\n def __init__(self): self.g = 1\n def __call__(self, v): return v * self.g\nloss = L()",
        "class L:\n def __init__(self): self.g = 2\n def __call__(self, v): return v * self.g\nloss = L()",
    ),
    "a base class": (
        "class B:\n def m(self, v): return v\nclass L(B):\n def __call__(self, v): return self.m(v)\nloss = L()",
        "class B:\n def m(self, v): return -v\nclass L(B):\n def __call__(self, v): return self.m(v)\nloss = L()",
    ),
    "a set": ("G = {1, 2}\ndef loss(v): return v in G", "G = {1, 3}\ndef loss(v): return v in G"),
    "a vectorized function": (
        "import numpy as np\nloss = np.vectorize(lambda v: v)",
        "import numpy as np\nloss = np.vectorize(lambda v: -v)",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_changes_the_digest(what: str) -> None:
    one, other = CHANGES[what]
    assert code_digest(made(one)) is not None
    assert code_digest(made(one)) == code_digest(made(one))
    assert code_digest(made(one)) != code_digest(made(other))


def test_a_global_two_functions_away(monkeypatch: pytest.MonkeyPatch) -> None:
    before = code_digest(uses)
    monkeypatch.setitem(uses.__globals__, "EPS", 2e-3)
    assert code_digest(uses) != before
    monkeypatch.setitem(uses.__globals__, "EPS", 1e-3)
    assert code_digest(uses) == before


def test_a_module_of_the_users() -> None:
    def module(sign: int) -> types.ModuleType:
        found = types.ModuleType("mine")
        exec(compile(f"def h(v): return {sign} * v", "mine.py", "exec"), vars(found))
        return found

    def calling(sign: int) -> Callable[..., Any]:
        scope: dict[str, Any] = {"mine": module(sign), "__name__": "user"}
        exec(compile("def loss(v): return mine.h(v)", "user.py", "exec"), scope)
        return scope["loss"]  # type: ignore[no-any-return]

    assert code_digest(calling(1)) == code_digest(calling(1)) != code_digest(calling(-1))


def test_wraps_does_not_make_code_a_librarys() -> None:
    def wrapped(sign: int) -> Callable[..., Any]:
        @functools.wraps(F.cross_entropy)
        def loss(z: Any, y: Any) -> Any:
            return sign * F.cross_entropy(z, y)

        return loss

    assert code_digest(wrapped(1)) != code_digest(wrapped(-1))
    assert code_digest(torch.vmap(wrapped(1))) != code_digest(torch.vmap(wrapped(-1)))


def test_torch_modules_and_their_parameters() -> None:
    weighted = [torch.nn.CrossEntropyLoss(weight=torch.full((3,), w)) for w in (1.0, 1.0, 2.0)]
    digests = [code_digest(each) for each in weighted]
    assert digests[0] == digests[1] != digests[2]
    assert None not in digests
    assert code_digest(weighted[0].train()) != code_digest(weighted[0].eval())


@pytest.mark.parametrize(
    "thing",
    [
        lambda path: open(path),
        lambda v: eval("v"),
        (i for i in range(3)),
        np.random.default_rng(0),
        np.frompyfunc(lambda v: v, 1, 1),
        torch.jit.ScriptModule(),
        object(),
    ],
    ids=["open", "eval", "generator", "rng", "frompyfunc", "script", "object"],
)
def test_what_has_none(thing: Any) -> None:
    assert code_digest(thing) is None


def test_values_that_refer_to_themselves() -> None:
    one: list[Any] = [1]
    one.append(one)
    assert code_digest(one) is not None


def of_file(path: Any, source: str) -> Callable[..., Any]:
    path.write_text(source)
    return load_target(f"{path}:loss")


@pytest.mark.parametrize("name", ["statistics.py", "numpy.py"])
def test_a_file_of_the_users_called_like_a_library(tmp_path: Any, name: str) -> None:
    """The module's name is that of an installed library, the code is not."""
    one = code_digest(of_file(tmp_path / name, "def loss(v): return v * 1.0"))
    other = code_digest(of_file(tmp_path / name, "def loss(v): return v * 2.0"))
    assert one is not None
    assert one != other
    method = "class L:\n def __call__(self, v): return {} * v\nloss = L()"
    one, other = (code_digest(of_file(tmp_path / name, method.format(sign))) for sign in (1, -1))
    assert one is None or one != other


def test_a_helper_named_at_run_time_has_no_digest() -> None:
    helpers = types.ModuleType("mine")
    exec(compile("def h(v): return v", "mine.py", "exec"), vars(helpers))
    scope: dict[str, Any] = {"mine": helpers, "__name__": "user"}
    exec(compile("def loss(v): return getattr(mine, 'h')(v)", "user.py", "exec"), scope)
    assert code_digest(scope["loss"]) is None


def test_arrays_whose_text_is_cut_short_or_rounded() -> None:
    rows = np.zeros(3, dtype=[("a", "f8")])
    assert code_digest(rows) is None
    assert code_digest(np.array([np.arange(2000.0), None], dtype=object)) is None
    assert code_digest(np.ma.masked_array([1.0, 2.0], mask=[True, False])) is None
    long = np.arange(2000.0)
    assert code_digest(deque([long])) != code_digest(deque([np.where(long == 1000, 7.0, long)]))


def test_jax_arrays_are_read_whole() -> None:
    jnp = pytest.importorskip("jax.numpy")
    long = jnp.arange(2000.0)
    digests = [code_digest(x) for x in (long, long + 0, long.at[1000].set(7.0), jnp.float32(0.1), jnp.float32(0.3))]
    assert None not in digests
    assert digests[0] == digests[1]
    assert len(set(digests)) == 4
