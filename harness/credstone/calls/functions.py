"""Python's own functions that a script can call, and what they take by name.

What they take otherwise, Python decides: a wrong number or kind of arguments is a test, and the answer an exception.
"""

from __future__ import annotations

from credstone.calls.table import declarations

FUNCTIONS: dict[str, frozenset[str]] = {
    **{
        f"{call.python}.{call.name}": frozenset[str]()
        for call in declarations().values()
        if "python" in call.apis and not call.through_every_api and not call.old and call.name != "sysconf"
    },
    "os.access": frozenset({"effective_ids"}),
    "subprocess": frozenset({"user", "group", "extra_groups", "umask"}),
}
"""By name: those that make a call of the table, as far as the model has them, and two that are Python's alone."""
SHOWN = {
    "getgroups": 0, "getresuid": 0, "getresgid": 0, "getuid": 0, "geteuid": 0, "getgid": 0, "getegid": 0,
    "umask": 0, "status": 2,
}  # fmt: skip
"""What the program that ``subprocess`` starts can show of itself, with the number of arguments."""
