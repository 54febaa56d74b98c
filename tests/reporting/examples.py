"""Findings and reports that the tests here share."""

import math
from typing import Any

from losscheck.finding import Finding
from losscheck.identifier import DTYPES
from losscheck.reporting.report import Report
from losscheck.verdict import Severity, not_applicable, proved, refuted, supported, undecided

HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 7*191 }} [red]x[/red] | `tick` &amp;"


def certificate(*premises: dict[str, Any]) -> dict[str, Any]:
    proof = {"rule": "convex_by_pieces", "points": ["0", "1/2"], "premises": list(premises)}
    return {"losscheck": 1, "claim": {"property": "convex"}, "proof": proof}


def ordinary() -> Report:
    leaf = {"rule": "nonnegative_on_cover", "boxes": [["-inf", "0"], ["0", "inf"]]}
    findings = (
        Finding.join(
            proved("f'' >= 0 on the whole line", certificate=certificate(leaf)),
            "convex",
            layer="theory",
            claims={"convex": True},
            graph="ab" * 32,
            references=("P. L. Bartlett, M. I. Jordan, J. D. McAuliffe (2006).",),
            seconds=0.25,
        ),
        Finding.join(
            refuted("the sum is 1.386 at z = 0 but 1.395 at z = 1/4", witness={"z": ["0", "1/4"]}),
            "symmetric",
            layer="theory",
            claims={"symmetric": True},
        ),
        Finding.join(
            proved("the slope is at most 1", certificate=certificate(), value=1.0, bounds=(1.0, 1.0), domain="[0, 1]"),
            "lipschitz",
            layer="theory",
            params={"norm": "l2"},
        ),
        Finding.join(
            undecided("the probed risks agree", reason="timeout"), "proper", layer="theory", claims={"proper": True}
        ),
        Finding.join(not_applicable("a margin has no classes"), "topk_calibrated", layer="theory", params={"k": 2}),
        Finding.join(
            refuted(
                "inf at z = -89 where the value is 89",
                witness={"z": ["-0x1.64p+6"], "worst": math.inf},
                dtype="float32",
                severity=Severity.ERROR,
                location="focal.py:20",
            ),
            "value_finite",
            layer="behaviour",
        ),
        Finding.join(supported("400 rows agree"), "pure", layer="behaviour"),
    )
    xs = [k / 20 for k in range(-100, 101)]
    plot = {
        "title": "Loss",
        "x_label": "margin v",
        "y_label": "loss",
        "series": [
            {"name": "logistic", "x": xs, "y": [math.log1p(math.exp(-x)) for x in xs]},
            {"name": "log of v", "x": xs, "y": [math.log(x) if x > 0 else -math.inf for x in xs]},
        ],
    }
    return Report(
        "docs/examples/focal.py:focal",
        findings,
        kind="binary",
        params={"gamma": 2.0},
        dtypes=DTYPES,
        plots={"loss": plot},
        seconds=1.5,
    )


def hostile() -> Report:
    findings = [
        Finding.join(
            refuted(
                HOSTILE,
                witness={HOSTILE: [HOSTILE, math.nan]},
                certificate={"proof": {"rule": HOSTILE, HOSTILE: HOSTILE, "premises": [{"rule": HOSTILE}] * 3}},
                reason=HOSTILE,
                domain=HOSTILE,
                location=HOSTILE,
                constants={HOSTILE: HOSTILE},
                params={"norm": HOSTILE, "n": number},
            ),
            "lipschitz",
            layer="theory",
            claims={"lipschitz": True},
            waive={"convex": HOSTILE},
            references=(HOSTILE,),
        )
        for number in range(60)
    ]
    deep: dict[str, Any] = {"rule": "leaf", "text": "x" * 100_000}
    for _ in range(60):
        deep = {"rule": "step", "premises": [deep, {"rule": "side", "boxes": [[0, 1]] * 50}]}
    big = proved("m" * 100_000, certificate={"proof": deep}, value=tuple(range(10_000)))
    findings.append(Finding.join(big, "convex", layer="theory"))
    series = [{"name": HOSTILE, "x": [k / 1000 for k in range(3_000)], "y": [math.sin(k) for k in range(3_000)]}]
    plots = {HOSTILE: {"title": HOSTILE, "x_label": HOSTILE, "y_label": HOSTILE, "series": series * 4}}
    return Report(HOSTILE, tuple(findings), kind=HOSTILE, params={HOSTILE: HOSTILE}, notes=(HOSTILE,), plots=plots)
