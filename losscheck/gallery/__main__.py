"""``python -m losscheck.gallery ledger`` writes the ledger, ``pages FOLDER`` the gallery, ``measure FILE`` seconds."""

from __future__ import annotations

import argparse
from pathlib import Path


def main(arguments: list[str] | None = None) -> None:
    """Write what is asked for, and say what was done."""
    parser = argparse.ArgumentParser(prog="python -m losscheck.gallery", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    ledger = commands.add_parser("ledger", help="decide the claims that the ledger lacks, and write it")
    ledger.add_argument("again", nargs="*", metavar="LOSS", help="losses to decide again")
    ledger.add_argument("--all", action="store_true", help="decide every loss again")
    ledger.add_argument("--workers", type=int, default=1)
    ledger.add_argument("--summary", action="store_true", help="only count what the ledger says, by rule")
    pages = commands.add_parser("pages", help="write the gallery")
    pages.add_argument("folder", type=Path)
    measuring = commands.add_parser("measure", help="ask a whole layer in both forms, with seconds")
    measuring.add_argument("file", type=Path, help="answers, one per line; those it has are not asked again")
    measuring.add_argument("names", nargs="*", metavar="LOSS", help="some losses only")
    measuring.add_argument("--behaviour", action="store_true", help="ask for behaviour in place of the theory")
    measuring.add_argument("--form", action="append", choices=("numpy", "torch"), help="one form only")
    measuring.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args(arguments)
    if asked.command == "ledger":
        from losscheck.catalogue import entries
        from losscheck.gallery import ledger as book

        again = list(entries()) if asked.all else asked.again
        for name, count in () if asked.summary else book.update(again=again, workers=asked.workers):
            print(f"{name}: {count} claims", flush=True)
        print(book.summary(book.read(book.FILE)))
    elif asked.command == "measure":
        from losscheck.gallery import measuring as answers

        for name, form, seconds in answers.measure(
            asked.file,
            layer="behaviour" if asked.behaviour else "theory",
            forms=asked.form or ("numpy", "torch"),
            workers=asked.workers,
            names=asked.names,
        ):
            print(f"{name} ({form}): {seconds:.1f} s", flush=True)
        print(answers.summary(answers.read(asked.file)))
    else:
        from losscheck.gallery.writing import write

        print(f"{write(asked.folder)} files in {asked.folder}")


if __name__ == "__main__":
    main()
