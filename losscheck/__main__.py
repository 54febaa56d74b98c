"""``python -m losscheck`` is the command line."""

from losscheck.cli import main

if __name__ == "__main__":
    main()
