"""One loss per construct, in NumPy and in torch: each lifts to the graph of the formula it computes."""

import functools
import math
from math import exp, log1p

import numpy as np
import pytest
import scipy.special
import scipy.stats
import torch
import torch.nn.functional as F
from scipy.special import expit, logsumexp, rel_entr, softmax, xlogy

from losscheck.engines.numeric import evaluate
from losscheck.expr import build
from losscheck.lifting.lifting import lift

Z = [build.var(f"z{i}") for i in range(3)]
V = build.var("v")


def rows(y):
    return np.arange(len(y))


def cross_entropy(k=0):
    return build.sub(build.lse(Z), Z[k])


HINGE = build.maximum([build.ZERO, build.sub(build.ONE, V)])
LOGISTIC = build.lse([build.ZERO, build.neg(V)])
CROSS_ENTROPY = cross_entropy()
CRAMMER_SINGER = build.maximum([build.ZERO, *(build.add(build.ONE, build.sub(z, Z[0])) for z in Z[1:])])
SQUARED_BELOW_ONE = build.where(build.less(V, build.ONE), build.power(build.sub(build.ONE, V), 2), build.ZERO)
EXPONENTIAL = build.exp(build.neg(V))
PROBIT = build.neg(build.log_ndtr(V))


# ---- margin losses in NumPy
def where(v):
    return np.where(v < 1, 1 - v, 0.0)


def maximum(v):
    return np.maximum(0, 1 - v)


def in_place(v):
    out = 1 - v
    np.maximum(out, 0, out=out)
    return out


def masked_write(v):
    out = np.zeros_like(v)
    out[v < 1] = 1 - v[v < 1]
    return out


def masked_constant(v):
    out = 1 - v
    out[v > 1] = 0.0
    return out


def element_by_element(v):
    out = np.zeros(len(v))
    for i in range(len(v)):
        out[i] = max(0.0, 1 - v[i])
    return out


def python_branch(v):
    return np.array([1 - x if x < 1 else 0.0 for x in v])


def to_float(v):
    return float(np.mean(np.maximum(0.0, 1.0 - np.asarray(v, dtype=float))))


def to_float64(v):
    return np.float64(np.sum(np.clip(1 - v, 0, None)))


def asks_for_an_array(v):
    if not isinstance(v, np.ndarray):
        raise TypeError("give an array")
    return np.maximum(np.zeros(1, dtype=v.dtype), 1 - v)


def vectorized(v):
    return np.vectorize(lambda x: x if x > 0 else 0.0)(1 - v)


def with_aux(v):
    return np.maximum(0, 1 - v), {"note": 1}


def select(v):
    return np.select([v < 1, v >= 1], [(1 - v) ** 2, 0 * v])


def piecewise(v):
    return np.piecewise(v, [v < 1], [lambda x: (1 - x) ** 2, 0])


def python_scalars(v):
    return np.array([log1p(exp(-x)) for x in v])


def math_floats(v):
    return np.array([math.log(1 + math.exp(-float(x))) for x in v])


def stable(v):
    m = np.maximum(-v, 0)
    return m + np.log(np.exp(-m) + np.exp(-v - m))


def branching_stable(v):
    return np.array([math.log1p(math.exp(-x)) if x > 0 else -x + math.log1p(math.exp(x)) for x in v])


def special(v):
    return -scipy.special.log_expit(v)


def expit_log(v):
    return -np.log(expit(v))


def norm_logcdf(v):
    return -scipy.stats.norm.logcdf(v)


# ---- multiclass losses in NumPy
def log_sum_exp(z, y):
    return logsumexp(z, axis=1) - z[rows(y), y]


def softmax_log(z, y):
    return -np.log(softmax(z, axis=1)[rows(y), y])


def shifted(z, y):
    z = z - z.max(axis=-1, keepdims=True)
    return np.log(np.exp(z).sum(-1)) - np.take_along_axis(z, y[:, None], axis=1)[:, 0]


def nested_lists(z, y):
    return [math.log(sum(math.exp(float(a)) for a in row)) - row[k] for row, k in zip(z.tolist(), y, strict=True)][0:1]


def stacked(z, y):
    return np.stack([np.log(np.sum(np.exp(row))) - row[k] for row, k in zip(z, y, strict=True)])


def one_hot(z, y):
    target = np.eye(z.shape[1])[y]
    return np.einsum("ij,ij->i", target, logsumexp(z, axis=1, keepdims=True) - z)


def runner_up(z, y):
    others = np.stack([np.delete(row, k) for row, k in zip(z, y, strict=True)])
    return np.maximum(0, 1 + others.max(1) - z[rows(y), y])


def filled_diagonal(z, y):
    gaps = np.triu(1 - z[:, :, None] + z[:, None, :]) + np.tril(1 - z[:, :, None] + z[:, None, :], -1)
    for gap in gaps:
        np.fill_diagonal(gap, 0)
    return np.maximum(0, gaps).max(2)[rows(y), y]


def masked_rows(z, y):
    mask = np.ones(z.shape, dtype=bool)
    mask[rows(y), y] = False
    return np.maximum(0, 1 + z[mask].reshape(len(y), -1).max(1) - z[~mask])


# ---- margin losses in torch
def t_clamp(v):
    return torch.clamp(1 - v, min=0)


def t_where(v):
    return torch.where(v < 1, 1 - v, torch.zeros_like(v)).mean()


def t_loop(v):
    out = torch.zeros(len(v), dtype=v.dtype)
    for i, x in enumerate(v):
        out[i] = max(0.0, 1 - x.item())
    return out


def t_in_place(v):
    out = 1 - v
    out[out < 0] = 0
    return out


def t_view(v):
    out = torch.zeros(len(v), 2, dtype=v.dtype)
    column = out[:, 1]
    column += 1
    column.sub_(v).clamp_(min=0)
    return out.sum(1)


def t_list(v):
    return torch.stack([F.relu(1 - x) for x in v.unbind()])


def t_autograd_function(v):
    class Relu(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.clamp(min=0)

        @staticmethod
        def backward(ctx, g):
            return g

    return Relu.apply(1 - v)


def t_branch(v):
    return torch.stack([(1 - x) ** 2 if x < 1 else x * 0 for x in v])


def t_item(v):
    return torch.tensor([math.log1p(math.exp(-x.item())) for x in v], dtype=torch.float64)


def t_with_logits(v):
    return F.binary_cross_entropy_with_logits(v, torch.ones_like(v), reduction="sum")


def t_probit(v):
    return -torch.special.log_ndtr(v)


def t_validates(v):
    if torch.isnan(v).any():
        raise ValueError("nan")
    return F.softplus(-v, threshold=10**6)


# ---- multiclass losses in torch
class Weighted(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = torch.nn.Parameter(torch.tensor(1.0, dtype=torch.float64))
        self.register_buffer("weight", torch.ones(3, dtype=torch.float64))

    def forward(self, z, y):
        return F.cross_entropy(self.scale * z, y, weight=self.weight)


def t_scatter(z, y):
    target = torch.zeros_like(z).scatter_(1, y.view(-1, 1), 1)
    return -(target * F.log_softmax(z, 1)).sum(1).mean()


def t_gather(z, y):
    return torch.logsumexp(z, 1) - z.gather(1, y[:, None])[:, 0]


def t_minus_inf(z, y):
    others = z.clone()
    others[torch.arange(len(y)), y] = -math.inf
    return F.relu(1 + others.max(1).values - z[torch.arange(len(y)), y])


def t_mask(z, y):
    mask = torch.ones_like(z, dtype=torch.bool)
    mask[torch.arange(len(y)), y] = False
    return F.relu(1 + z[mask].view(len(y), -1).max(1)[0] - z[~mask])


def t_one_hot(z, y):
    return torch.einsum("nk,nk->n", F.one_hot(y, 3).double(), z.logsumexp(1, keepdim=True) - z)


def t_asserts(z, y):
    assert (y >= 0).all()
    assert y.max() < z.shape[1]
    return F.nll_loss(F.log_softmax(z, dim=1), y)


def t_categorical(z, y):
    return -torch.distributions.Categorical(logits=z).log_prob(y)


CASES = [
    *((f, "margin", HINGE) for f in (where, maximum, in_place, masked_write, masked_constant, element_by_element)),
    *((f, "margin", HINGE) for f in (python_branch, to_float, to_float64, asks_for_an_array, vectorized, with_aux)),
    *((f, "margin", SQUARED_BELOW_ONE) for f in (select, piecewise, t_branch)),
    *((f, "margin", LOGISTIC) for f in (python_scalars, math_floats, stable, special, expit_log)),
    *((f, "margin", LOGISTIC) for f in (t_item, t_with_logits)),
    *((f, "margin", PROBIT) for f in (norm_logcdf, t_probit)),
    *((f, "logits", CROSS_ENTROPY) for f in (log_sum_exp, softmax_log, shifted, stacked, one_hot)),
    *((f, "logits", CRAMMER_SINGER) for f in (runner_up, masked_rows, filled_diagonal, t_minus_inf, t_mask)),
    *((f, "margin", HINGE) for f in (t_clamp, t_where, t_loop, t_in_place, t_view, t_list, t_autograd_function)),
    *((f, "logits", CROSS_ENTROPY) for f in (t_scatter, t_gather, t_one_hot, t_asserts, t_categorical, Weighted())),
    (F.cross_entropy, "logits", CROSS_ENTROPY),
    (functools.partial(F.cross_entropy, reduction="none"), "logits", CROSS_ENTROPY),
    (torch.nn.CrossEntropyLoss(reduction="sum"), "logits", CROSS_ENTROPY),
    (torch.nn.SoftMarginLoss(), "signed", build.lse([build.ZERO, build.var("z")])),
]


@pytest.mark.parametrize(("loss", "kind", "graph"), CASES, ids=lambda x: getattr(x, "__name__", type(x).__name__))
def test_lifts_to_its_formula(loss, kind, graph):
    lifted = lift(loss, kind=kind, n_classes=3)
    assert lifted.roots[0] is graph
    assert lifted.points >= 100 * len(lifted.labels)


def test_the_two_sides_of_a_stable_formula_are_kept():
    lifted = lift(branching_stable, kind="margin")
    assert lifted.paths == 2
    assert lifted.roots[0] is LOGISTIC


def test_a_threshold_as_shipped_is_kept():
    # torch's softplus is the identity above 20: the lift must not smooth that over
    root = lift(t_softplus := (lambda v: F.softplus(-v)), kind="margin", backend="torch").roots[0]
    assert t_softplus is not None
    assert root.op == "where"
    assert lift(t_validates, kind="margin").points >= 100


def test_binary_cross_entropy_as_shipped_is_clamped():
    lifted = lift(F.binary_cross_entropy, kind="probability")
    p = build.var("p", "unit")
    assert lifted.roots[1] is build.neg(build.maximum([build.const(-100), build.log(p)]))


def test_long_constants_stay_floats_and_short_ones_are_exact():
    lifted = lift(lambda v: 0.1 * v + 0.25, kind="margin")
    ops = {n.op for n in build.topological(lifted.roots)}
    assert "float" in ops
    assert lifted.roots[0].value[0] == 0.25


def test_a_cast_is_noted_and_checked_in_its_own_precision():
    lifted = lift(lambda v: torch.log1p(torch.exp(-v.float())), kind="margin", backend="torch")
    assert lifted.roots[0] is LOGISTIC
    assert "float32" in lifted.notes[0]


def test_two_symbolic_arguments():
    lifted = lift(F.mse_loss, kind="regression")
    assert lifted.variables == ("yhat", "y")
    assert lifted.roots[0] is build.power(build.sub(build.var("yhat"), build.var("y")), 2)
    p, q = [build.var(f"p{i}", "positive") for i in range(2)], [build.var(f"q{i}", "positive") for i in range(2)]
    lifted = lift(lambda p, q: rel_entr(p, q).sum(axis=1), kind="divergence", n_classes=2)
    assert lifted.roots[0] is build.add(
        *(build.mul(a, build.sub(build.log(a), build.log(b))) for a, b in zip(p, q, strict=True))
    )
    binary = "x:(N,M):unit y:(N,M):{0,1}+"
    lifted = lift(lambda x, y: -xlogy(y, np.clip(x, 1e-12, 1)).sum(1), kind="set", signature=binary)
    assert lifted.domain == "x:unit y:{0,1}+"


def test_params_are_bound_and_labels_named():
    def loss(z, y, gamma=0.0, weight=None):
        p = np.exp(z - logsumexp(z, axis=1, keepdims=True))[rows(y), y]
        return -((1 - p) ** gamma) * np.log(p)

    assert lift(loss, kind="logits", params={"gamma": 0}).roots[1] is cross_entropy(1)
    lifted = lift(loss, kind="logits", params={"gamma": 2}, n_classes=2)
    assert (lifted.labels, lifted.n_classes, lifted.variables) == ((0, 1), 2, ("z0", "z1"))
    assert lifted.digest != lift(loss, kind="logits", params={"gamma": 3}, n_classes=2).digest


def test_a_map_has_one_root_per_class():
    lifted = lift(lambda z: torch.softmax(z, 1), kind="map", backend="torch")
    assert lifted.roots == tuple(build.exp(build.neg(cross_entropy(k))) for k in range(3))


def test_a_constant_is_a_loss():
    assert lift(lambda v: 1.5, kind="margin").roots[0] is build.const(build.Fraction(3, 2))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"kind": "margn"}, "did you mean 'margin'"),
        ({"kind": "embedding"}, "give signature="),
        ({"kind": "logits", "n_classes": 1}, "at least 2"),
        ({"kind": "margin", "backend": "mxnet"}, "'numpy', 'torch' and 'jax'"),
    ],
)
def test_bad_arguments(arguments, says):
    with pytest.raises(ValueError, match=says):
        lift(maximum, **arguments)


def test_a_scalar_function_may_raise_where_the_formula_has_no_value():
    lifted = lift(lambda p, y: np.array([-math.log(a[k]) for a, k in zip(p, y, strict=True)]), kind="simplex")
    assert lifted.roots[2] is build.neg(build.log(build.var("p2", "unit")))


def test_recording_leaves_nothing_in_a_module_with_state():
    class Remembers(torch.nn.Module):
        last = None

        def forward(self, v):
            self.last = F.relu(1 - v)
            return self.last

    module = Remembers()
    assert lift(module, kind="margin").roots[0] is HINGE
    assert module.last is None


@pytest.mark.parametrize("scale", [8.0, 25.0])
@pytest.mark.parametrize(
    "score",
    [lambda z: torch.log_softmax(z, -1), lambda z: torch.softmax(z, -1).log(), lambda z: z - z.logsumexp(-1)[:, None]],
)
def test_a_sum_of_two_exponentials_is_rounded_like_any_sum(score, scale):
    """Torch takes log(1 + e^-50) = 0 where NumPy's logaddexp takes log1p."""
    lifted = lift(lambda z, y: -score(scale * z)[torch.arange(len(z)), y], kind="logits", n_classes=2)
    assert lifted.roots == lift(lambda z, y: np.logaddexp(0, scale * (z[rows(y), 1 - y] - z[rows(y), y])),
                                kind="logits", n_classes=2).roots  # fmt: skip


def test_defaults_that_torch_leaves_out_of_the_call():
    rising = build.minimum([build.ONE, build.maximum([build.ZERO, V])])
    assert lift(lambda v: F.hardtanh(v, 0, 1), kind="margin").roots == (rising,)
    assert lift(lambda v: F.hardtanh(v, 0.0, 6.0), kind="margin").roots == lift(F.relu6, kind="margin").roots
    clamped = lift(lambda p, y: -torch.logit(p, eps=0.25), kind="probability").roots
    assert clamped == lift(lambda p, y: -torch.logit(p.clamp(0.25, 0.75)), kind="probability").roots


CURVES = {
    "polyval": (lambda v: np.polyval([2.0, -3.0, 1.0], v), lambda v: (2 * v - 3) * v + 1),
    "poly1d": (np.poly1d([2.0, -3.0, 1.0]), lambda v: (2 * v - 3) * v + 1),
    "interp": (lambda v: np.interp(v, [-1.0, 0.0, 2.0], [4.0, 1.0, 0.0]), lambda v: np.where(
        v < -1, 4.0, np.where(v < 0, 1 - 3 * v, np.where(v <= 2, 1 - 0.5 * v, 0.0)))),
    "ends of interp": (lambda v: np.interp(v, [0.0, 1.0], [1.0, 0.0], left=3.0, right=-1.0), lambda v: np.where(
        v < 0, 3.0, np.where(v <= 1, 1 - v, -1.0))),
    "huber": (lambda v: scipy.special.huber(0.5, 1 - v), lambda v: np.where(
        np.abs(1 - v) <= 0.5, 0.5 * (1 - v) ** 2, 0.5 * (np.abs(1 - v) - 0.25))),
    "pseudo_huber": (lambda v: scipy.special.pseudo_huber(2.0, v), lambda v: 4 * (np.sqrt(1 + (v / 2) ** 2) - 1)),
}  # fmt: skip


@pytest.mark.parametrize("name", CURVES)
def test_curves_given_by_numbers(name):
    code, formula = CURVES[name]
    (ours,), (theirs,) = (lift(f, kind="margin").roots for f in (code, formula))
    at = {"v": np.concatenate([np.linspace(-4, 4, 401), [-1e9, 1e9]])}
    a, b = evaluate([ours, theirs], at)
    assert np.allclose(a, b, rtol=1e-12, atol=1e-12)


def test_distances_and_normalised_layers_of_torch():
    eye = torch.eye(3, dtype=torch.float64)
    apart = lift(lambda z, y: torch.cdist(z, eye)[torch.arange(len(y)), y], kind="logits", n_classes=3).roots
    assert apart == lift(lambda z, y: (z - eye[y]).norm(dim=1), kind="logits", n_classes=3).roots
    layer = lift(lambda z, y: F.layer_norm(z, (3,))[torch.arange(len(y)), y], kind="logits", n_classes=3).roots
    by_hand = lift(lambda z, y: ((z - z.mean(1, keepdim=True)) * torch.rsqrt(z.var(1, correction=0, keepdim=True)
                                                                          + 1e-5))[torch.arange(len(y)), y],
                   kind="logits", n_classes=3).roots  # fmt: skip
    at = dict(zip(("z0", "z1", "z2"), np.random.default_rng(0).normal(size=(3, 20)), strict=True))
    assert np.allclose(evaluate(layer, at), evaluate(by_hand, at), rtol=1e-12)
