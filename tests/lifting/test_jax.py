"""JAX code is read as the formula it is: the graph of its NumPy form, or at least the same verdicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from losscheck.lifting.lifting import lift
from losscheck.lifting.unsupported import Mismatch, Unsupported
from losscheck.property import properties
from losscheck.ranges import exact

jax = pytest.importorskip("jax", reason="JAX is not installed: the JAX lifter is NOT tested")
jnp = jax.numpy
Loss = Callable[..., Any]


def rows(y: Any) -> Any:
    return np.arange(len(y))


def numpy_ce(z: Any, y: Any) -> Any:
    z = z - z.max(axis=1, keepdims=True)
    return np.log(np.exp(z).sum(axis=1)) - z[rows(y), y]


def taken(z: Any, y: Any) -> Any:
    return -jnp.take_along_axis(jax.nn.log_softmax(z), y[:, None], 1)[:, 0]


def indexed(z: Any, y: Any) -> Any:
    return jax.nn.logsumexp(z, axis=1) - z[jnp.arange(z.shape[0]), y]


def one_hot_mean(z: Any, y: Any) -> Any:
    return -(jax.nn.one_hot(y, z.shape[1]) * jax.nn.log_softmax(z)).sum(-1).mean()


def compiled(z: Any, y: Any) -> Any:
    return jax.jit(taken)(z, y)


def mapped(z: Any, y: Any) -> Any:
    return jax.vmap(lambda a, b: jax.nn.logsumexp(a) - a[b])(z, y)


def scattered(z: Any, y: Any) -> Any:
    return -(jnp.zeros_like(z).at[jnp.arange(len(y)), y].set(1.0) * jax.nn.log_softmax(z)).sum(1)


@jax.custom_jvp
def own_rule(v: Any) -> Any:
    return jnp.where(v > 0, jnp.exp(-v), 1 - v)


own_rule.defjvp(lambda primals, tangents: (own_rule(*primals), tangents[0]))


def switched(v: Any) -> Any:
    return jax.vmap(lambda x: jax.lax.cond(x > 0, lambda a: jnp.exp(-a), lambda a: 1 - a, x))(v)


def looped(v: Any) -> Any:
    return jax.lax.fori_loop(0, 3, lambda i, c: c + v * v, -v)


def scanned(v: Any) -> Any:
    return jax.lax.scan(lambda c, x: (c + x, c), jnp.zeros_like(v), jnp.stack([v * v, v * v, v * v, -v]))[0]


def until(v: Any) -> Any:
    return jax.lax.while_loop(lambda s: s[1] < 3, lambda s: (s[0] + v * v, s[1] + 1), (-v, 0))[0]


def reversed_sums(z: Any, y: Any) -> Any:
    """A running sum, turned round, and a matrix product."""
    sums = jnp.cumsum(z, axis=1)[:, ::-1][:, 0] + (z @ jnp.ones((z.shape[1], 1)))[:, 0]
    return sums - z[jnp.arange(len(y)), y]


def best_two(z: Any, y: Any) -> Any:
    return jax.lax.top_k(z, 2)[0].sum(1) - z[jnp.arange(len(y)), y]


def numpy_best_two(z: Any, y: Any) -> Any:
    return np.sort(z, axis=1)[:, -2:].sum(axis=1) - z[rows(y), y]


SAME: list[tuple[Loss, Loss, str]] = [
    (taken, numpy_ce, "logits"), (indexed, numpy_ce, "logits"), (one_hot_mean, numpy_ce, "logits"),
    (compiled, numpy_ce, "logits"), (mapped, numpy_ce, "logits"), (scattered, numpy_ce, "logits"),
    (reversed_sums, lambda z, y: 2 * z.sum(axis=1) - z[rows(y), y], "logits"),
    (lambda z, y: jax.scipy.special.logsumexp(z, axis=1, b=jnp.array([1.0, 2.0])) - z[jnp.arange(len(y)), y],
     lambda z, y: np.log(np.exp(z[:, 0]) + 2 * np.exp(z[:, 1])) - z[rows(y), y], "logits"),
    (own_rule, lambda v: np.where(v > 0, np.exp(-v), 1 - v), "margin"),
    (looped, lambda v: 3 * v * v - v, "margin"), (scanned, lambda v: 3 * v * v - v, "margin"),
    (until, lambda v: 3 * v * v - v, "margin"),
    (lambda v: jax.nn.relu(1 - v), lambda v: np.maximum(0, 1 - v), "margin"),
    (lambda v: jax.nn.softplus(-v), lambda v: np.logaddexp(0, -v), "margin"),
    (lambda v: jnp.logaddexp(v, -v), lambda v: np.logaddexp(v, -v), "margin"),
    (lambda v: jax.nn.sigmoid(-v), lambda v: 1 / (1 + np.exp(v)), "margin"),
    (lambda v: jnp.clip(1 - v, 0, 2) - jnp.sign(v), lambda v: np.clip(1 - v, 0, 2) - np.sign(v), "margin"),
    (lambda v: (1 - v) ** 3 + jnp.abs(v) ** 1.5, lambda v: (1 - v) ** 3 + np.abs(v) ** 1.5, "margin"),
    (lambda z, y: jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z))),
     lambda z, y: np.logaddexp(0, z) - z * y, "binary"),
    (lambda p, y: -jnp.where(y == 1, jnp.log(p), jnp.log1p(-p)),
     lambda p, y: -np.where(y == 1, np.log(p), np.log1p(-p)), "probability"),
    (lambda p, y: ((p - jax.nn.one_hot(y, p.shape[1])) ** 2).sum(1),
     lambda p, y: ((p - np.eye(p.shape[1])[y]) ** 2).sum(axis=1), "simplex"),
    (lambda yhat, y: jnp.maximum(0.25 * (y - yhat), -0.75 * (y - yhat)),
     lambda yhat, y: np.maximum(0.25 * (y - yhat), -0.75 * (y - yhat)), "regression"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "known", "kind"), SAME)
def test_the_graph_is_that_of_the_numpy_form(written: Loss, known: Loss, kind: str) -> None:
    k = 2 if kind in ("logits", "simplex") else None
    assert lift(written, kind=kind, n_classes=k).roots == lift(known, kind=kind, n_classes=k, backend="numpy").roots


def sparsemax(xp: Any) -> Loss:
    def loss(z: Any, y: Any) -> Any:
        ordered = xp.sort(z, axis=1)[:, ::-1]
        sums, k = xp.cumsum(ordered, axis=1), xp.arange(1, z.shape[1] + 1)
        count = (1 + k * ordered > sums).sum(axis=1)
        tau = (xp.take_along_axis(sums, count[:, None] - 1, axis=1)[:, 0] - 1) / count
        inside = z > tau[:, None]
        return ((z**2 - tau[:, None] ** 2) * inside).sum(axis=1) / 2 + 0.5 - z[xp.arange(z.shape[0]), y]

    return loss


@pytest.mark.parametrize(("written", "known"), [(sparsemax(jnp), sparsemax(np)), (best_two, numpy_best_two)])
def test_the_verdicts_are_those_of_the_numpy_form(written: Loss, known: Loss) -> None:
    ours = lift(written, kind="logits", n_classes=2, backend="jax")
    theirs = lift(known, kind="logits", n_classes=2, backend="numpy")
    for name in ("nonnegative", "symmetric"):
        answers = [properties()[name].answer(each).verdict for each in (ours, theirs)]
        assert answers[0] == answers[1], name


def test_a_range_of_a_parameter() -> None:
    def focal(z: Any, y: Any, gamma: float = 2.0) -> Any:
        logs = jnp.take_along_axis(jax.nn.log_softmax(z), y[:, None], 1)[:, 0]
        return -((1 - jnp.exp(logs)) ** gamma) * logs

    lifted = lift(focal, kind="logits", n_classes=2, ranges={"gamma": exact("gamma", (0, 5))})
    assert lifted.parameters == (("gamma", "0", "5"),)


def test_narrow_formats_are_noted() -> None:
    lifted = lift(lambda z, y: taken(z.astype(jnp.float32), y), kind="logits", n_classes=2)
    assert "computes in float32" in lifted.notes[0]


def test_a_derivative_of_its_own_does_not_matter() -> None:
    assert lift(own_rule, kind="margin").roots == lift(switched, kind="margin").roots


def rounded(v: Any) -> Any:
    return jnp.floor(v)


def called_back(v: Any) -> Any:
    return jax.pure_callback(lambda x: x, jax.ShapeDtypeStruct(v.shape, v.dtype), v)


def cut(v: Any) -> Any:
    return v.astype(jnp.int32) * 1.0


def branching(v: Any) -> Any:
    return v if v[0] > 0 else jnp.exp(v)


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        (rounded, "floor"),
        (called_back, "pure_callback"),
        (cut, "cut to an integer"),
        (branching, "Python branch"),
    ],
)
def test_what_cannot_be_read_is_told(loss: Loss, said: str) -> None:
    with pytest.raises(Unsupported, match=said):
        lift(loss, kind="margin")


def test_code_that_hides_what_it_computes_is_found_out() -> None:
    def liar(v: Any) -> Any:
        return v * v if isinstance(v, jax.core.Tracer) and not hasattr(v, "nothing") and v.shape == (1,) else v

    hidden = {"calls": 0}

    def counting(v: Any) -> Any:
        hidden["calls"] += 1
        return jnp.square(v) if hidden["calls"] % 2 else -v

    def liar_far_out(v: Any) -> Any:
        return v * v if isinstance(v, jax.core.Tracer) else jnp.where(v > 90, 0, v * v)

    for loss in (liar, liar_far_out, counting):
        with pytest.raises(Mismatch):
            lift(loss, kind="margin")


def test_what_is_not_a_number_is_a_branch() -> None:
    def masked(v: Any) -> Any:
        return jnp.where(jnp.isnan(jnp.log(v + 100)), 5.0, jax.nn.sigmoid(-v))

    (root,) = lift(masked, kind="margin").roots
    assert root.op == "where"


def test_a_mean_in_float32_flushes_its_subnormal_numbers() -> None:
    def meant(p: Any, y: Any) -> Any:
        clipped = jnp.clip(p, 1e-7, 1 - 1e-7)
        rows = -((1 - p) ** 2) * (y * jnp.log(clipped)) - p**2 * (1 - y) * jnp.log(1 - clipped)
        return rows.astype(jnp.float32).astype(p.dtype)

    lifted = lift(meant, kind="probability")
    assert len(lifted.roots) == 2
    assert any("float32" in note for note in lifted.notes)

    def shifted(p: Any, y: Any) -> Any:
        return (
            jnp.where(jnp.abs(p - 0.5) < 0.25, 1e-30, meant(p, y))
            if not isinstance(p, jax.core.Tracer)
            else meant(p, y)
        )

    with pytest.raises(Mismatch):
        lift(shifted, kind="probability")
