"""Every value of a parameter: what is proved for a whole range is true of each value in it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import losscheck
from losscheck.lifting.lifting import lift
from losscheck.proving import prove
from losscheck.range_answers import PROOFS
from losscheck.ranges import exact
from losscheck.reverify import reverify
from losscheck.theorems import range_calibrated_comp_sum
from losscheck.verdict import Verdict
from losscheck.verifier import CertificateRejected, verify

Loss = Callable[..., Any]
C = 0.37
"""A place that no value tried and no cut meets."""


def log_probabilities(z: Any) -> Any:
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def focal(z: Any, y: Any, g: float) -> Any:
    own = log_probabilities(z)[np.arange(len(y)), y]
    return -((1 - np.exp(own)) ** g) * own


def smoothed(z: Any, y: Any, g: float) -> Any:
    logs = log_probabilities(z)
    return -(1 - g) * logs[np.arange(len(y)), y] - g * logs.mean(axis=1)


def powered(z: Any, y: Any, g: float) -> Any:
    own = log_probabilities(z)[np.arange(len(y)), y]
    if g == 0:
        return -own
    return (1 - np.exp(own) ** g) / g


def scaled_absolute(z: Any, y: Any, g: float) -> Any:
    return g * (1 - np.exp(log_probabilities(z))[np.arange(len(y)), y])


def weighted_square(p: Any, y: Any, g: float) -> Any:
    return g * (p - y) ** 2


def softplus(v: Any, g: float) -> Any:
    return np.logaddexp(0, -g * v) / g


def hinge(v: Any, g: float) -> Any:
    return np.maximum(0, 1 - v / g)


def leaky(v: Any, g: float) -> Any:
    return np.maximum(0, 1 - v) - g * np.maximum(0, -v)


def moved(v: Any, g: float) -> Any:
    return np.maximum(0, (g - C) ** 2 - v)


def dented(v: Any, g: float) -> Any:
    return v**2 * ((g - C) ** 2 - 1e-8)


def tilted(v: Any, g: float) -> Any:
    return -v * ((g - C) ** 2 - 1e-8)


def below(v: Any, g: float) -> Any:
    return v**2 + (g - C) ** 2 - 1e-8


def singled_out(v: Any, g: float) -> Any:
    return np.exp(-v) if g != C else v * v * v


def scaled_log(v: Any, g: float) -> Any:
    return np.exp(-v) - g * np.log(v * v + g)


def balanced_at_five(v: Any, g: float) -> Any:
    """Symmetric at the five values that are tried, nowhere between."""
    return 1 / (1 + np.exp(v)) + g * (g - 1) * (2 * g - 1) * (4 * g - 1) * (4 * g - 3) * v * v


def capped(v: Any, g: float) -> Any:
    return np.minimum(1, np.exp(-v)) + np.maximum(0, (v - 1) * (1e-8 - (g - C) ** 2))


def root(v: Any, g: float) -> Any:
    return np.sqrt(v * v + (g - C) * v + 1e-3)


ALL = {"nonnegative", "bounded_below", "convex", "nonincreasing", "classification_calibrated"}
TRUE: list[tuple[Loss, str, tuple[float, float], set[str]]] = [
    (softplus, "margin", (0.5, 4), ALL), (hinge, "margin", (0.5, 4), ALL),
    (leaky, "margin", (-1, 0), {"nonnegative", "convex", "nonincreasing"}),
    (focal, "logits", (0, 5), {"nonnegative", "bounded_below", "classification_calibrated"}),
    (smoothed, "logits", (0, 1), {"nonnegative", "convex"}),
    (powered, "logits", (0.25, 1), {"nonnegative", "bounded_above", "classification_calibrated"}),
    (powered, "logits", (0, 1), {"nonnegative"}),
    (weighted_square, "probability", (0, 2), {"nonnegative", "convex", "bounded_above"}),
    (scaled_absolute, "logits", (0, 2), {"nonnegative", "symmetric"}),
]  # fmt: skip
FALSE: list[tuple[Loss, tuple[float, float], str]] = [
    (moved, (0, 1), "classification_calibrated"),
    (dented, (0, 1), "convex"),
    (tilted, (0, 1), "nonincreasing"),
    (below, (0, 1), "nonnegative"),
    (below, (0, 1), "classification_calibrated"),
    (singled_out, (0, 1), "convex"),
    (singled_out, (0, 1), "nonnegative"),
    (scaled_log, (0, 1), "convex"),
    (scaled_log, (0, 1), "nonincreasing"),
    (balanced_at_five, (0, 1), "symmetric"),
    (root, (0, 1), "convex"),
    (hinge, (-1, 1), "convex"),
    (capped, (0, 1), "bounded_above"),
    (softplus, (-1, 2), "nonincreasing"),
    (leaky, (0, 2), "nonnegative"),
]


def audit(loss: Loss, kind: str, ends: tuple[float, float], asked: Any, **more: Any) -> losscheck.Report:
    return losscheck.audit(loss, kind=kind, params={"g": ends}, properties=sorted(asked), **more)


@pytest.mark.parametrize(("loss", "kind", "ends", "held"), TRUE, ids=lambda x: getattr(x, "__name__", None))
def test_proved_for_every_value(loss: Loss, kind: str, ends: tuple[float, float], held: set[str]) -> None:
    asked = {*PROOFS} - (set() if kind == "margin" else {"nonincreasing"})
    report = audit(loss, kind, ends, asked)
    low, high = exact("g", ends)
    proved = {
        f.property for f in report.findings if f.verdict is Verdict.PROVED and f.params == {"g": f"{low}..{high}"}
    }
    assert proved >= held
    assert all(each.holds for each in reverify(report.to_dict(), losscheck.verify))
    for finding in report.findings:
        if finding.verdict is Verdict.PROVED:
            assert f"g in [{finding.params['g'].replace('..', ', ')}]" in str(finding.domain)


@pytest.mark.parametrize(("loss", "ends", "name"), FALSE, ids=lambda x: getattr(x, "__name__", None))
def test_false_at_one_value_is_not_proved(loss: Loss, ends: tuple[float, float], name: str) -> None:
    report = audit(loss, "margin", ends, {name})
    low, high = exact("g", ends)
    whole = next(f for f in report.findings if f.params == {"g": f"{low}..{high}"})
    assert whole.verdict is not Verdict.PROVED
    bad = low + (high - low) * 37 / 100 if ends == (0, 1) else None
    for part in report.findings:
        assert part is whole or part.verdict is Verdict.PROVED
        if part is not whole and bad is not None and loss is not leaky:
            a, b = (float(x) for x in map(lambda t: eval(t), part.params["g"].split("..")))
            assert not a <= C <= b, f"{part.id} claims the place where it is false"


def tried_away(g: float) -> float:
    """0 at the five values that are tried."""
    return g * (g - 1) * (2 * g - 1) * (4 * g - 1) * (4 * g - 3)


MISCALIBRATED: list[Loss] = [
    lambda own, z, g: -own * ((g - C) ** 2 - 1e-8),  # rises at one place
    lambda own, z, g: -own * g,  # constant at g = 0
    lambda own, z, g: -own + g * np.log1p(-np.exp(own)),  # falls without bound at 1
    lambda own, z, g: -own + tried_away(g) * z[:, 0],  # no function of s_y alone
    lambda own, z, g: -own + tried_away(g) * np.exp(own) * 1e4,  # rises where ties lie
    lambda own, z, g: np.maximum(0, 0.4 - g - np.exp(own)),  # constant where ties lie
    lambda own, z, g: -own if g != C else own,  # the other way round at one value
]


SIMPLE = {"nodes": [["var", "s", []], ["log", None, [0]], ["add", ["0", "-1"], [1]]], "roots": [2]}
"""The profile of cross-entropy, which is that of none of these."""


@pytest.mark.parametrize("profile", MISCALIBRATED)
def test_broken_comp_sums_are_not_proved(profile: Loss) -> None:
    def loss(z: Any, y: Any, g: float) -> Any:
        return profile(log_probabilities(z)[np.arange(len(y)), y], z, g)

    lifted = lift(loss, kind="logits", n_classes=2, ranges={"g": exact("g", (0, 1))})
    tries = list(range_calibrated_comp_sum.proofs(lifted))
    forged = [*tries, *(({**proof, "own": SIMPLE}, "") for proof, _ in tries)]
    assert not any(prove(lifted, "classification_calibrated", proof, message="no") for proof, _ in forged)


def test_the_branch_taken_at_a_value() -> None:
    """The code is cross-entropy at 0, beside a division by 0 in the branch that is not taken."""
    report = audit(powered, "logits", (0, 1), {"bounded_above"})
    assert report["bounded_above"].verdict is Verdict.REFUTED
    assert report["bounded_above"].witness["parameters"] == {"g": "0"}
    assert all(each.holds for each in reverify(report.to_dict(), losscheck.verify))


def test_several_parameters() -> None:
    def mixed(v: Any, a: float, b: float) -> Any:
        return a * np.logaddexp(0, -v) + b * np.maximum(0, 1 - v) - (1 - b) * 0.5

    report = losscheck.audit(
        mixed, kind="margin", params={"a": (0, 1), "b": (0, 2)}, properties=["convex", "nonincreasing", "nonnegative"]
    )
    whole = {f.property: str(f.verdict) for f in report.findings if f.params == {"a": "0..1", "b": "0..2"}}
    assert whole == {"convex": "proved", "nonincreasing": "proved", "nonnegative": "refuted"}
    assert report["nonnegative"].witness["parameters"].keys() == {"a", "b"}
    assert all(each.holds for each in reverify(report.to_dict(), losscheck.verify))


def test_a_certificate_is_compared_with_the_loss() -> None:
    found = certificate()
    assert losscheck.verify(found, loss=softplus).params == {"g": "1/2..4"}
    with pytest.raises(CertificateRejected, match="another loss"):
        losscheck.verify(found, loss=hinge)


def test_one_value_refutes() -> None:
    report = audit(leaky, "margin", (0, 2), {"nonnegative", "convex"})
    assert report["nonnegative"].verdict is Verdict.REFUTED
    assert report["nonnegative"].witness["parameters"] == {"g": "2"}
    assert report.params == {"g": "0..2"}
    assert all(each.holds for each in reverify(report.to_dict(), losscheck.verify))


def test_parts_are_findings_of_their_own() -> None:
    report = audit(leaky, "margin", (-1, 1), {"convex"})
    assert {f.id: str(f.verdict) for f in report.findings} == {
        "convex[g=-1..0]": "proved",
        "convex[g=-1..1]": "refuted",
    }
    graphs = {f.graph for f in report.findings}
    assert len(graphs) == 2


def certificate(loss: Loss = softplus, name: str = "convex", ends: tuple[float, float] = (0.5, 4)) -> dict[str, Any]:
    found = audit(loss, "margin", ends, {name})[name].certificate
    assert found is not None
    return copy.deepcopy(found)


def test_the_statement_names_the_range() -> None:
    whole, part = certificate(), certificate(ends=(0.5, 2))
    assert verify(whole).params == {"g": "1/2..4"}
    assert verify(whole).graph != verify(part).graph


def test_forged_ranges_are_rejected() -> None:
    wider = certificate()
    wider["parameters"] = [["g", "-1", "4"]]
    with pytest.raises(CertificateRejected):
        verify(wider)
    silent = certificate()
    silent["claim"]["params"] = {}
    with pytest.raises(CertificateRejected, match="params"):
        verify(silent)
    dropped = certificate()
    del dropped["parameters"]
    with pytest.raises(CertificateRejected, match="unknown variable"):
        verify(dropped)
    for row in (["v", "0", "1"], ["g", "4", "1/2"], ["g", "1/2", "1/2"], ["g", "1/2"], ["g g", "1/2", "4"]):
        named = certificate()
        named["parameters"] = [row]
        with pytest.raises(CertificateRejected):
            verify(named)


def test_rules_without_parameters_are_refused() -> None:
    forged = certificate()
    forged["proof"] = {"rule": "convex_by_curvature"}
    with pytest.raises(CertificateRejected, match="every value of a parameter"):
        verify(forged)


def test_forged_values_are_rejected() -> None:
    outside = certificate(leaky, "nonnegative", (0, 2))
    outside["proof"]["values"] = {"g": "3"}
    with pytest.raises(CertificateRejected, match="outside"):
        verify(outside)
    inner = certificate(leaky, "nonnegative", (0, 2))["proof"]["proof"]
    forged = certificate(softplus, "nonnegative")
    forged["claim"]["verdict"] = "refuted"
    forged["proof"] = {"rule": "at_parameter", "values": {"g": "1"}, "proof": inner}
    with pytest.raises(CertificateRejected):
        verify(forged)
    one_value = certificate()
    one_value["proof"] = {"rule": "at_parameter", "values": {"g": "1"}, "proof": {"rule": "convex_by_curvature"}}
    with pytest.raises(CertificateRejected, match="holds at this value"):
        verify(one_value)


def test_cells_cover_the_range() -> None:
    proof = {"rule": "range_convex"}
    joined = certificate()
    joined["proof"] = {"rule": "parameter_cells", "cuts": ["1", "2"], "proofs": [proof] * 3}
    assert verify(joined).params == {"g": "1/2..4"}
    for cuts in (["2", "1"], ["1/2", "2"], ["1", "5"], ["1"]):
        joined["proof"]["cuts"] = cuts
        with pytest.raises(CertificateRejected):
            verify(joined)


def test_random_families() -> None:
    """What is proved of random families holds at random values, in floats."""
    rng = np.random.default_rng(5)
    atoms: list[tuple[Callable[[Any], Any], str]] = [
        (lambda v: v * v, "square"), (lambda v: np.exp(-v), "exp"), (lambda v: np.logaddexp(0, -v), "soft"),
        (lambda v: np.maximum(0, 1 - v), "hinge"), (lambda v: np.abs(v), "abs"), (lambda v: -v, "line"),
        (lambda v: 1 / (1 + np.exp(v)), "sigmoid"), (lambda v: np.sin(v), "wave"),
    ]  # fmt: skip
    proved = 0
    for _ in range(4):
        picked = rng.choice(len(atoms), 2, replace=False)
        a, b = rng.integers(-2, 4, (2, 2))

        def loss(v: Any, g: float, picked: Any = picked, a: Any = a, b: Any = b) -> Any:
            terms = [(a[i] + b[i] * g) * atoms[k][0](v) for i, k in enumerate(picked)]
            return terms[0] + terms[1]

        report = audit(loss, "margin", (0, 1), {"convex", "nonincreasing", "nonnegative"})
        v = np.sort(rng.normal(0, 4, 400))
        for finding in report.findings:
            low, high = (eval(x) for x in finding.params["g"].split(".."))
            for g in rng.uniform(low, high, 5) if finding.verdict is Verdict.PROVED else ():
                proved += 1
                y = loss(v, g)
                slack = 1e-9 * (1 + np.abs(y).max())
                if finding.property == "nonnegative":
                    assert y.min() >= -slack
                elif finding.property == "nonincreasing":
                    assert np.diff(y).max() <= slack
                else:
                    middle = loss((v[:-1] + v[1:]) / 2, g)
                    assert np.max(middle - (y[:-1] + y[1:]) / 2) <= slack
    assert proved > 8


@pytest.mark.parametrize("given", [(5, 0), (1, 1), (0, float("inf")), (float("nan"), 1.0)])
def test_bad_ranges_are_told(given: Any) -> None:
    with pytest.raises(ValueError, match="give two finite numbers"):
        losscheck.audit(softplus, kind="margin", params={"g": given})


def test_ranges_where_there_are_none() -> None:
    with pytest.raises(ValueError, match="compared at one value"):
        losscheck.compare(softplus, softplus, kind="margin", params={"g": (1, 2)})
    with pytest.raises(ValueError, match="names an argument"):
        lift(lambda v: v, kind="margin", ranges={"v": exact("v", (0, 1))})


def test_behaviour_is_tried_inside_and_the_line_reproduces() -> None:
    report = losscheck.audit(softplus, kind="margin", params={"g": (1, 3)}, properties=["value_finite", "convex"])
    assert "behaviour was tried at g = 2, inside the range" in report.notes
    assert "--params g=1..3" in report.reproduce(report["convex"])
    assert "--properties convex" in report.reproduce(report["convex"])
    assert report["value_finite[float64]"].verdict is Verdict.SUPPORTED


def test_claims_are_about_the_whole_range() -> None:
    met = audit(softplus, "margin", (0.5, 4), {"convex"}, claims={"convex": True})
    assert met.ok
    assert met["convex"].standing == "met"
    assert not audit(leaky, "margin", (0, 2), {"convex"}, claims={"convex": True}).ok
