"""Writes what is generated from the table of calls: ``python -m credstone.calls``."""

from __future__ import annotations

from credstone.calls.generated import files


def _main() -> None:
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
        print(path)


if __name__ == "__main__":
    _main()
