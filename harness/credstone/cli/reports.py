"""The options that ask for reports, which ``run`` and ``report`` share, and how they are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from credstone.report.write import STDOUT, refuse_unwritable, write_report
from credstone.results.diff import Changes
from credstone.results.file import Results
from credstone.words.errors import CredstoneError

_File = Annotated[Path | None, Parameter(allow_leading_hyphen=True)]


@Parameter(name="*")
@dataclass(frozen=True)
class Reports:
    """Where each report goes; ``-`` is standard output."""

    html: Annotated[_File, Parameter(help="write an HTML report, in one file")] = None
    junit: Annotated[_File, Parameter(help="write JUnit XML, for GitLab and Jenkins")] = None
    ktap: Annotated[_File, Parameter(help="write KTAP, the format of the kernel's selftests")] = None
    markdown: Annotated[_File, Parameter(help="write Markdown, for the summary of a CI job")] = None

    @property
    def asked(self) -> dict[str, Path]:
        """The formats that are asked for, with their files."""
        every = {"html": self.html, "junit": self.junit, "ktap": self.ktap, "markdown": self.markdown}
        return {name: path for name, path in every.items() if path is not None}

    @property
    def to_stdout(self) -> bool:
        """Whether standard output is taken."""
        return STDOUT in self.asked.values()

    def refuse(self, results: Path | None) -> None:
        """Raises CredstoneError where these reports cannot be; ``results`` is the file that they are made of."""
        taken: dict[Path, str] = {} if results is None else {results.resolve(): "the results file"}
        for name, path in self.asked.items():
            place = path if path == STDOUT else path.resolve()
            other = taken.setdefault(place, f"--{name}")
            if other != f"--{name}":
                raise CredstoneError(
                    f"--{name} and {other} cannot both be written to {path}.", "Name a different file for each."
                )
        for path in self.asked.values():
            refuse_unwritable(path)

    def write(self, results: Results, changes: Changes | None = None) -> None:
        """Makes them; ``changes`` are those since the baseline of a run."""
        for name, path in self.asked.items():
            render = _renderer(name)
            told = render(results, changes) if name == "markdown" else render(results)
            write_report(path, told)


def _renderer(name: str) -> Callable[..., str]:
    """What makes a report of this format; loaded when it is wanted."""
    found: Callable[..., str] = getattr(import_module(f"credstone.report.{name}"), f"render_{name}")
    return found


NONE = Reports()
"""No report is asked for."""
