"""What a target lacks to make the files of a cell: to give them away, to give them power, to execute them."""

from __future__ import annotations

from collections.abc import Iterator

from credstone.plan.excuses import not_executed, unmountable, without_file_capabilities
from credstone.plan.ids import exists
from credstone.words.capability import CAP_SETFCAP, MASKS
from credstone.words.facts import Facts
from credstone.words.scenario import OWN, File, Scenario

SET_GROUP_ID = 0o2000


def lacking_for_files(scenario: Scenario, facts: Facts) -> Iterator[str]:
    """Why the files of a scenario cannot be had here."""
    own = facts.credential
    mine = ((OWN, OWN), (own.uid.effective, own.gid.effective))
    foreign = [file for file in scenario.files if (file.owner, file.group) not in mine]
    lacking = _capabilities_for(foreign, facts)
    if lacking:
        yield f"needs root: uid {own.uid.effective} may not give files to others ({', '.join(lacking)})"
    absent = [
        f"{file.owner}:{file.group}"
        for file in foreign
        if not (exists(facts.uid_map, file.owner) and exists(facts.gid_map, file.group))
    ]
    if absent:
        yield f"the owner {' '.join(absent)} has no mapping in the user namespace of the agent"
    yield from _powerless(scenario, facts)
    executed = _executes(scenario)
    if "noexec" in facts.folder_options.split(",") and executed:
        yield "the temporary folder is mounted noexec"
    elif any(file.kind == "agent" for file in scenario.files) and (why := not_executed(facts)):
        yield why


def _executes(scenario: Scenario) -> bool:
    """Whether a file of the scenario is executed, or asked to be one that may be: execve(2) and access(2) look at the mount."""
    asked = any("X_OK" in getattr(each, "word", "") for line in scenario.lines for each in line.call.arguments)
    return (
        asked
        or any(file.kind == "agent" for file in scenario.files)
        or any(line.call.name == "exec" for line in scenario.lines)
    )


def _capabilities_for(foreign: list[File], facts: Facts) -> list[str]:
    """The capabilities that the agent does not have and needs, to give files away and to set their modes afterwards."""
    own = facts.credential
    groups = {own.gid.filesystem, *own.groups}
    needed = {"CAP_CHOWN": bool(foreign)}
    needed["CAP_FOWNER"] = any(file.owner != own.uid.effective for file in foreign)
    needed["CAP_FSETID"] = any(file.mode & SET_GROUP_ID and file.group not in groups for file in foreign)
    return [name for name, asked in needed.items() if asked and not own.capabilities.effective & MASKS[name]]


def _powerless(scenario: Scenario, facts: Facts) -> Iterator[str]:
    """Why programs cannot give here what they should, or cannot be kept from it."""
    own = facts.credential
    for what, present in (
        ("set-user-ID files", any(file.kind == "agent" and file.mode & 0o6000 for file in scenario.files)),
        ("capabilities of files", any(file.capabilities for file in scenario.files)),
    ):
        if present and "nosuid" in facts.folder_options.split(",") and not scenario.nosuid:
            yield f"the temporary folder is mounted nosuid: {what} have no effect there"
        if present and own.no_new_privs:
            yield f"no_new_privs is set: {what} have no effect"
    if any(file.capabilities for file in scenario.files):
        if not own.capabilities.effective & CAP_SETFCAP:
            yield f"needs root: uid {own.uid.effective} may not give capabilities to files (CAP_SETFCAP)"
        elif why := without_file_capabilities(facts):
            yield why
        roots = {file.capabilities.rootid for file in scenario.files if file.capabilities}
        absent = [str(root) for root in roots if root is not None and not exists(facts.uid_map, root)]
        if absent:
            yield f"rootid {' '.join(absent)} has no mapping in the user namespace of the agent"
    if scenario.nosuid:
        yield from unmountable("mount a folder nosuid", facts)
