"""Python's own functions that a script can call, and what they take by name.

What they take otherwise, Python decides: a wrong number or kind of arguments is a test, and the answer an exception.
"""

from __future__ import annotations

FUNCTIONS: dict[str, frozenset[str]] = {
    **{
        f"os.{name}": frozenset[str]()
        for name in (
            "getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid", "getgroups", "getgrouplist", "initgroups",
            "setuid", "seteuid", "setreuid", "setresuid", "setgid", "setegid", "setregid", "setresgid", "setgroups",
        )
    },
    **{name: frozenset[str]() for name in ("pwd.getpwnam", "grp.getgrnam", "grp.getgrgid")},
    "os.access": frozenset({"effective_ids"}),
    "subprocess": frozenset({"user", "group", "extra_groups", "umask"}),
}  # fmt: skip
"""By name."""
SHOWN = {
    "getgroups": 0, "getresuid": 0, "getresgid": 0, "getuid": 0, "geteuid": 0, "getgid": 0, "getegid": 0,
    "umask": 0, "status": 2,
}  # fmt: skip
"""What the program that ``subprocess`` starts can show of itself, with the number of arguments."""
