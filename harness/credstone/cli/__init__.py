"""The command line: one verb, one function, one file.  Only this package and the reports print."""

from __future__ import annotations

import os
import sys

from cyclopts import App, CycloptsError, Group

from credstone import __version__
from credstone.cli.blank import refuse_blank
from credstone.text.characters import use_plain_signs
from credstone.words.errors import CredstoneError

app = App(
    name="credstone",
    version=__version__,
    help="A conformance suite for the credential calls of Linux.",
)
_GROUPS = {
    "Run": ("run:run",),
    "Read results": (
        "report:report", "diff:diff", "merge:merge_files", "explain:explain", "repro:repro", "deviations:deviations",
    ),
    "Read the suite": ("list:list_cells", "coverage:show_coverage", "clauses:clauses", "peers:peers"),
    "Extend the suite": ("new:new",),
    "Prepare": ("doctor:doctor", "images:images", "kernels:kernels"),
}  # fmt: skip
"""The verbs, each in a module of its name, which is loaded when the verb is called."""
for _number, (_title, _verbs) in enumerate(_GROUPS.items()):
    _group = Group(_title, sort_key=_number)
    for _verb in _verbs:
        app.command(f"credstone.cli.{_verb}", name=_verb.partition(":")[0], group=_group)


def main() -> None:
    """The entry point: runs a verb, turns what went wrong into one sentence and an exit status."""
    for stream in (sys.stdout, sys.stderr):
        use_plain_signs(stream)
    if sys.argv[1:] in ([], ["--help"], ["-h"]):
        for verb in app:
            app[verb]  # loads it, for its line in the overview
    try:
        refuse_blank(sys.argv[1:])
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
