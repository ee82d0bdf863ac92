"""The rows of the C agent: its calls, and how many arguments each takes, read from its sources."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

AGENT = Path(str(resources.files("credstone.agent")))
_ROW = re.compile(
    r"(?:\{\"|BOTH\(|ROW\()(\w+)\"?,(?: \w+, \w+,)? ([^{}\n]*?(?:TAKES|FROM_TO)\([^}\n]*?)(?:\)?\}|\)[,;])"
)


def counts_of_the_c_agent() -> dict[str, set[int]]:
    """How many arguments the C agent takes for each call."""
    found: dict[str, set[int]] = {}
    for path in (AGENT / "c").glob("*.c"):
        for name, takes in _ROW.findall(path.read_text()):
            some = {int(count) for count in re.findall(r"TAKES\((\d)\)", takes + ")")}
            for least, most in re.findall(r"FROM_TO\((\d), (\d)\)", takes + ")"):
                some |= set(range(int(least), int(most) + 1))
            found[name] = found.get(name, set()) | some
    return found
