"""``python -m qcheck``."""

import sys

from qcheck.cli import main  # type: ignore[attr-defined]

if __name__ == "__main__":
    sys.exit(main())
