"""The command line: one verb, one function, one file.  Only this package and the reports print."""

from __future__ import annotations

import os
import sys

from cyclopts import App, CycloptsError

from credstone import __version__
from credstone.words.errors import CredstoneError

app = App(
    name="credstone",
    version=__version__,
    help="A conformance suite for the credential calls of Linux.",
)
app.command("credstone.cli.run:run")
app.command("credstone.cli.report:report")
app.command("credstone.cli.diff:diff")
app.command("credstone.cli.merge:merge_files", name="merge")
app.command("credstone.cli.list:list_cells", name="list")
app.command("credstone.cli.explain:explain")
app.command("credstone.cli.coverage:show_coverage", name="coverage")
app.command("credstone.cli.repro:repro")
app.command("credstone.cli.clauses:clauses", name="clauses")
app.command("credstone.cli.images:images", name="images")
app.command("credstone.cli.deviations:deviations", name="deviations")
app.command("credstone.cli.peers:peers")
app.command("credstone.cli.doctor:doctor")


def main() -> None:
    """The entry point: runs a verb, turns what went wrong into one sentence and an exit status."""
    try:
        status = app(exit_on_error=False, print_error=True, result_action="return_value")
        sys.stdout.flush()
    except CycloptsError:
        status = CredstoneError.status
    except CredstoneError as error:
        print(f"credstone: {error}", file=sys.stderr)
        status = error.status
    except BrokenPipeError:
        # the reader of our output has gone: nothing more to say, and nothing to complain about
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    except KeyboardInterrupt:
        print("credstone: interrupted", file=sys.stderr)
        status = 130
    sys.exit(status if isinstance(status, int) else 0)
