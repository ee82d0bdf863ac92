"""Which API can express which call.

A scenario runs through every API that can express all of its lines; what no API of a cell could say is not a failure
and not a skip, it is no cell.  Calls that are not listed are the kernel's: every API can make them, but it takes a call
of Python's own to make a cell of Python's.
"""

from __future__ import annotations

from credstone.calls.table import Form, declarations
from credstone.words.call import Call, Items
from credstone.words.scenario import APIS, VFORKED, Scenario


def apis_of(scenario: Scenario) -> tuple[str, ...]:
    """The APIs through which a scenario runs, in their usual order."""
    possible = set(scenario.apis or APIS)
    for line in scenario.lines:
        possible &= _apis_for(line.call)
    own = any(_is_own(line.call) or _of_python(line.call) for line in scenario.lines)
    if scenario.abi or not (own or scenario.apis) or any(line.who == VFORKED for line in scenario.lines):
        possible -= {"python"}
    return tuple(api for api in APIS if api in possible)


def _of_python(call: Call) -> bool:
    return call.name.startswith(("os.", "pwd.", "grp.", "subprocess"))


def _is_own(call: Call) -> bool:
    """Whether each API has a way of its own to make a call; what every API makes alike is the kernel's."""
    declared = declarations().get(call.name)
    return declared is not None and not declared.through_every_api


def _apis_for(call: Call) -> set[str]:
    if _of_python(call):
        return {"python"}
    declared = declarations().get(call.name)
    if declared is None or declared.through_every_api:
        return set(APIS)
    says = any(_is_of(call, form) for form in declared.python_forms)
    return set(declared.apis) - (set() if says else {"python"})


def _is_of(call: Call, form: Form) -> bool:
    """Whether a call has the arguments of a form, as far as lists and all else differ."""
    if len(call.arguments) != len(form):
        return False
    return all(
        isinstance(argument, Items) == (parameter.kind == "list")
        for argument, parameter in zip(call.arguments, form, strict=True)
    )
