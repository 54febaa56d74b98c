"""The report as text and as Markdown."""

import io

import pytest
from rich.console import Console

from losscheck.reporting.lines import summary
from losscheck.reporting.markdown import as_markdown
from losscheck.reporting.terminal import as_text, rendered
from losscheck.verdict import Severity
from tests.reporting.examples import HOSTILE, hostile, ordinary

GOLDEN = """\
docs/examples/focal.py:focal (kind binary, gamma=2)
---------------------------------------------------
ERROR refuted  symmetric
      the sum is 1.386 at z = 0 but 1.395 at z = 1/4
      witness: {"z": ["0", "1/4"]}
      claim: True is violated
      reproduce: losscheck audit docs/examples/focal.py:focal --kind binary --params gamma=2.0 \
--claims symmetric=true --properties symmetric --seed 0
ERROR refuted  value_finite[float32]
      inf at z = -89 where the value is 89
      witness: {"worst": "inf", "z": ["-0x1.64p+6"]}
      at: focal.py:20
      reproduce: losscheck audit docs/examples/focal.py:focal --kind binary --params gamma=2.0 \
--properties value_finite --seed 0
WARN  undecided  proper
      the probed risks agree
      reason: timeout
      claim: True is open
      reproduce: losscheck audit docs/examples/focal.py:focal --kind binary --params gamma=2.0 \
--claims proper=true --properties proper --seed 0
      proved     convex              f'' >= 0 on the whole line
                                     claim: True is met
      proved     lipschitz[norm=l2]  the slope is at most 1  on [0, 1]
                                     value: 1
      supported  pure                400 rows agree
      n/a  topk_calibrated[k=2]
FAILED (2 errors), 1 warning: 2 proved, 2 refuted, 1 supported, 1 undecided, 1 n/a
"""


def test_golden_text() -> None:
    assert as_text([ordinary()]) == GOLDEN
    assert str(ordinary()) == GOLDEN


@pytest.mark.parametrize("width", [30, 60, 200])
def test_prose_fits_the_terminal(width: int) -> None:
    for line in as_text([ordinary()], width=width).splitlines():
        assert len(line) <= width or "reproduce: " in line


def test_a_narrow_terminal_loses_nothing() -> None:
    def told(text: str) -> set[str]:
        return set(text.replace("-", "").split())

    assert told(GOLDEN) <= told(as_text([ordinary()], width=40))


def test_nothing_is_said_by_colour_alone() -> None:
    colours = Console(file=io.StringIO(), force_terminal=True, color_system="truecolor", width=100)
    colours.print(rendered(ordinary(), 100))
    assert "\x1b[" in colours.file.getvalue()
    plain = as_text([ordinary()])
    assert "\x1b" not in plain
    for finding in ordinary().findings:
        if finding.severity is Severity.ERROR:
            assert f"ERROR {finding.verdict}  {finding.id}" in plain


def test_markup_in_a_message_is_only_text() -> None:
    assert "[red]x[/red]" in " ".join(as_text([hostile()], width=10_000).split())


def test_summary_counts() -> None:
    assert summary(ordinary()).startswith("FAILED (2 errors), 1 warning: 2 proved, 2 refuted")


def test_markdown() -> None:
    text = as_markdown([ordinary()])
    assert "| value\\_finite\\[float32\\] | refuted | error | inf at z = -89 where the value is 89 |" in text
    assert "- reproduce: `losscheck audit docs/examples/focal.py:focal" in text


def test_hostile_markdown_keeps_its_table() -> None:
    text = as_markdown([hostile()])
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) == 1 + len(hostile().findings)
    for row in rows:
        assert row.replace("\\|", "").count("|") == 5
    prose = [line for line in text.splitlines() if not line.startswith("- ")]
    assert not [line for line in prose if "<script" in line or "<img" in line]
    assert f"- domain: `` {HOSTILE} ``" in text
