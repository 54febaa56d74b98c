"""A stored certificate, asked of the code of now: the same claim and proof about the graph that the code has today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from losscheck.certificate import head
from losscheck.lifting.lifted import Lifted
from losscheck.verdict import Outcome, Verdict, undecided

ABOUT = ("graph", "kind", "n_classes", "labels", "variables", "domain")


def restated(stored: Mapping[str, Any], name: str, lifted: Lifted) -> Outcome:
    """Return what the stored certificate of the property ``name`` says of ``lifted``; undecided where it is rejected.

    Only the graph is exchanged. The verifier checks every step of the proof about it, as of any other certificate.
    """
    from losscheck import verifier

    about = head(lifted)
    certificate = {**stored, **{part: about[part] for part in ABOUT}}
    try:
        said = verifier.verify(certificate)
    except Exception as error:  # the file is hostile, and a proof about another graph may fail in any way
        return undecided(f"it fails for the code of now: {type(error).__name__}: {error}", reason="rejected")
    if said.property != name:
        return undecided(f"it is about {said.property}, not about {name}", reason="rejected")
    same = "whose graph is the same" if stored.get("graph") == about["graph"] else "whose graph is another"
    shown = {Verdict.PROVED: "proof", Verdict.REFUTED: "counterexample"}[Verdict(said.verdict)]
    return Outcome(
        Verdict(said.verdict),
        f"the stored {shown} holds of the code of now, {same}",
        certificate=certificate,
        params=dict(said.params),
    )
