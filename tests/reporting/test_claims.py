"""The claims table, the severities and the ids of findings."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from losscheck.claim import Standing, judge, parse_claim
from losscheck.finding import Finding
from losscheck.identifier import identifier, parse_identifier
from losscheck.verdict import (
    Outcome,
    Severity,
    Verdict,
    not_applicable,
    proved,
    refuted,
    supported,
    undecided,
    unsupported,
)

PROVED = proved("holds", certificate={})
REFUTED = refuted("fails", witness={})
MET, VIOLATED, OPEN = Standing.MET, Standing.VIOLATED, Standing.OPEN


def enclosed(low: float, high: float) -> Outcome:
    return PROVED.with_(value=(low + high) / 2, bounds=(low, high))


@pytest.mark.parametrize(
    ("claim", "outcome", "standing"),
    [
        (True, PROVED, MET),
        (True, REFUTED, VIOLATED),
        (False, REFUTED, MET),
        (False, PROVED, VIOLATED),
        (True, undecided("?"), OPEN),
        (False, undecided("?"), OPEN),
        (True, supported("400 rows"), OPEN),
        (False, supported("400 rows"), OPEN),
        (True, not_applicable("no"), VIOLATED),
        (False, not_applicable("no"), VIOLATED),
        (True, unsupported("no"), VIOLATED),
        (True, Outcome(Verdict.ERROR, "broken"), VIOLATED),
        ({"slack": 1e-8}, PROVED, MET),
        ({"slack": 1e-8}, REFUTED.with_(slack=2.1e-9), MET),
        ({"slack": 1e-8}, REFUTED.with_(slack=1e-7), VIOLATED),
        ({"slack": 1e-8}, REFUTED, VIOLATED),
        ({"slack": 1e-8}, undecided("?"), OPEN),
        (1.0, enclosed(1 - 5e-8, 1 + 5e-8), MET),
        (1.0, enclosed(1.1, 1.1), VIOLATED),
        (1.0, enclosed(0.5, 1.5), OPEN),
        (math.inf, enclosed(math.inf, math.inf), MET),
        (math.inf, enclosed(1e300, 1e300), VIOLATED),
        ((0.5, 1.5), enclosed(1.0, 1.0), MET),
        ((0.5, 1.5), undecided("wide", bounds=(0.6, 1.4)), MET),
        ((0.5, 1.5), undecided("wide", bounds=(2.0, 3.0)), VIOLATED),
        ((0.5, 1.5), undecided("?"), OPEN),
        ((0.5, 1.5), supported("about 1", value=1.0, bounds=(1.0, 1.0)), OPEN),
        (1.0, PROVED.with_(value=None), VIOLATED),
        (1.0, REFUTED, VIOLATED),
        ((0.1, (0.2, 0.4), 0.5), PROVED.with_(bounds=((0.1, 0.1), (0.3, 0.3), (0.5, 0.5))), MET),
        ((0.1, (0.2, 0.4), 0.5), PROVED.with_(bounds=((0.1, 0.1), (0.3, 0.3), (0.4, 0.6))), OPEN),
        ((0.1, (0.2, 0.4), 0.5), PROVED.with_(bounds=((0.1, 0.1), (0.5, 0.5), (0.5, 0.6))), VIOLATED),
        ((0.1, 0.2, 0.3), PROVED.with_(bounds=((0.1, 0.1),)), VIOLATED),
    ],
)
def test_the_table(claim: object, outcome: Outcome, standing: Standing) -> None:
    assert judge(parse_claim("demo", claim), outcome, "theory") is standing


def test_a_supported_behaviour_meets_its_claim() -> None:
    assert judge(True, supported("400 rows"), "behaviour") is MET
    assert judge(False, supported("400 rows"), "behaviour") is VIOLATED


@pytest.mark.parametrize("claim", ["yes", math.nan, {"slack": -1}, {"slak": 1}, [], object()])
def test_a_claim_of_no_known_form(claim: object) -> None:
    with pytest.raises(ValueError, match="is not a claim; allowed: True, False,"):
        parse_claim("convex", claim)


def join(outcome: Outcome, layer: str = "theory", **more: object) -> Finding:
    return Finding.join(outcome, "demo", layer=layer, **more)


@pytest.mark.parametrize(
    ("outcome", "layer", "claims", "severity"),
    [
        (REFUTED, "theory", {}, Severity.NOTE),
        (REFUTED, "theory", {"demo": True}, Severity.ERROR),
        (REFUTED, "theory", {"demo": False}, Severity.NOTE),
        (undecided("?"), "theory", {}, Severity.NOTE),
        (undecided("?"), "theory", {"demo": True}, Severity.WARNING),
        (supported("yes"), "theory", {"demo": True}, Severity.WARNING),
        (unsupported("no"), "theory", {"demo": True}, Severity.ERROR),
        (unsupported("no"), "theory", {}, Severity.NOTE),
        (PROVED, "theory", {}, Severity.NONE),
        (REFUTED, "behaviour", {}, Severity.WARNING),
        (REFUTED.with_(severity=Severity.ERROR), "behaviour", {}, Severity.ERROR),
        (REFUTED.with_(severity=Severity.WARNING), "behaviour", {"demo": True}, Severity.ERROR),
        (REFUTED.with_(severity=Severity.ERROR), "behaviour", {"demo": False}, Severity.NOTE),
        (Outcome(Verdict.ERROR, "broken"), "theory", {}, Severity.WARNING),
        (Outcome(Verdict.ERROR, "broken"), "theory", {"demo": True}, Severity.ERROR),
    ],
)
def test_severities(outcome: Outcome, layer: str, claims: dict[str, object], severity: Severity) -> None:
    assert join(outcome, layer, claims=claims).severity is severity


def test_a_waived_finding_is_reported_but_no_error() -> None:
    waived = join(REFUTED, claims={"demo": True}, waive={"demo": "known, see the tracker"})
    assert (waived.severity, waived.standing, waived.waived) == (Severity.NOTE, VIOLATED, "known, see the tracker")


def test_in_half_precision_a_claim_must_name_the_dtype() -> None:
    overflow = REFUTED.with_(severity=Severity.WARNING, dtype="float16")
    assert join(overflow, "behaviour", claims={"demo": True}).severity is Severity.WARNING
    assert join(overflow, "behaviour", claims={"demo[float16]": True}).severity is Severity.ERROR
    assert join(overflow.with_(dtype="float32"), "behaviour", claims={"demo": True}).severity is Severity.ERROR


def test_ids() -> None:
    assert join(PROVED, params={"norm": "l2"}).id == "demo[norm=l2]"
    assert join(PROVED, n_classes=4).id == "demo"
    assert join(PROVED, n_classes=4, several_classes=True).id == "demo[K=4]"
    assert join(PROVED.with_(dtype="float16"), params={"link": None}).id == "demo[float16]"


def test_the_exact_id_comes_before_the_name() -> None:
    found = join(REFUTED, params={"norm": "l2"}, claims={"demo": True, "demo[norm=l2]": False})
    assert found.standing is MET


def test_replay_id_is_stable_and_tells_witnesses_apart() -> None:
    first, again = join(REFUTED, target="a:b"), join(REFUTED, target="a:b", seconds=3.0)
    assert first.replay_id == again.replay_id
    assert first.replay_id != join(REFUTED.with_(witness={"v": "1"}), target="a:b").replay_id


values = st.one_of(
    st.booleans(),
    st.integers(-99, 99),
    st.floats(allow_nan=False, allow_infinity=False),
    st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True).filter(lambda text: text not in ("true", "false", "null")),
    st.lists(st.integers(0, 9), max_size=3),
)


@given(
    params=st.dictionaries(st.sampled_from(["k", "norm", "theta", "level"]), values),
    n_classes=st.none() | st.integers(2, 9),
    dtype=st.none() | st.sampled_from(["float64", "bfloat16"]),
)
def test_ids_read_back(params: dict[str, object], n_classes: int | None, dtype: str | None) -> None:
    text = identifier("demo", params, n_classes=n_classes, dtype=dtype)
    assert parse_identifier(text) == ("demo", params, n_classes, dtype)


@pytest.mark.parametrize("text", ["", "two words", "demo[", "demo[norm=l2", "demo[float99]", "demo[=3]"])
def test_no_id(text: str) -> None:
    with pytest.raises(ValueError, match=r"lipschitz\[norm=l2\]|neither key=value nor a dtype"):
        parse_identifier(text)


def test_a_finding_reads_back() -> None:
    found = join(
        REFUTED.with_(value=(1, math.inf), bounds=((1.0, 1.0), (math.inf, math.inf)), slack=math.inf),
        claims={"demo": (0, math.inf)},
    )
    assert Finding.from_dict(found.to_dict()) == found
    assert found.to_dict()["bounds"] == [[1.0, 1.0], ["inf", "inf"]]
    with pytest.raises(ValueError, match="fields missing or unknown: colour"):
        Finding.from_dict(found.to_dict() | {"colour": "red"})
