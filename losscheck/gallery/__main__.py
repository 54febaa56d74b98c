"""``python -m losscheck.gallery ledger`` writes the ledger, ``... pages FOLDER`` the gallery."""

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
    pages = commands.add_parser("pages", help="write the gallery")
    pages.add_argument("folder", type=Path)
    asked = parser.parse_args(arguments)
    if asked.command == "ledger":
        from losscheck.catalogue import entries
        from losscheck.gallery.ledger import update

        for name, count in update(again=list(entries()) if asked.all else asked.again):
            print(f"{name}: {count} claims", flush=True)
    else:
        from losscheck.gallery.writing import write

        print(f"{write(asked.folder)} files in {asked.folder}")


if __name__ == "__main__":
    main()
