"""``python -m credstone`` is ``credstone``."""

from credstone.cli import main

main()
