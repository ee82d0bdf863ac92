"""Cells as lines for an agent, and its lines as transcripts (PROTOCOL.md)."""

from __future__ import annotations

from functools import lru_cache

from credstone.shape.json import JsonReader
from credstone.words.actor import Become, Setup, Started
from credstone.words.call import Argument, Call, Items, Text, Word
from credstone.words.credential import Credential
from credstone.words.facts import Facts
from credstone.words.scenario import File, Scenario
from credstone.words.transcript import Transcript

_WHO = {"all threads": "threads"}
_transcripts: JsonReader[Transcript] = JsonReader(Transcript)
_facts: JsonReader[Facts] = JsonReader(Facts)


def encode_cell(number: int, scenario: Scenario, setup: Setup, api: str) -> bytes:
    """One cell as an agent reads it."""
    lines = [f"cell {number} {scenario.patience}"]
    if scenario.nosuid:
        lines.append("nosuid")
    lines += map(_file, scenario.files)
    if scenario.database is not None:
        files = (scenario.database.passwd, scenario.database.group)
        lines.append(
            "etc " + " ".join("missing" if file is None else _text("".join(f"{x}\n" for x in file)) for file in files)
        )
    for step in setup:
        if isinstance(step, Become):
            lines.append(_as_line(step.credential))
        elif isinstance(step, Started):
            lines.append("started")
        else:
            space = step.namespace
            lines.append(
                f"namespace {space.written_by} {_text(space.uid_map)} {_text(space.gid_map)} {space.setgroups}"
            )
    if scenario.load:
        lines.append(f"load {scenario.load}")
    if scenario.watch:
        lines.append(f"watch {scenario.watch}")
    for line in scenario.lines:
        who = _WHO.get(line.who, line.who.replace(" ", ":"))
        if line.resumed:
            lines.append(f"await {who}")
            continue
        verb = "begin" if line.unfinished else "do"
        then = f" then {_call(line.then)}" if line.then else ""
        lines.append(f"{verb} {who} {api} {_call(line.call)}{then}")
    lines.append("end\n")
    return "\n".join(lines).encode()


def decode_transcript(line: bytes) -> Transcript:
    """One answer of an agent.  Raises Unreadable if it is none."""
    return _transcripts.read(line)


def decode_facts(line: bytes) -> Facts:
    """The first line of an agent.  Raises Unreadable if it is none."""
    return _facts.read(line)


def _file(file: File) -> str:
    content = _text(file.content) if file.kind == "text" else file.kind
    line = f"file {file.name} {content} {file.owner} {file.group} {file.mode:04o}"
    has = file.capabilities
    if has is None:
        return line
    return f"{line} [{has.permitted},{has.inheritable},{int(has.effective)},{-1 if has.rootid is None else has.rootid}]"


def _as_line(credential: Credential) -> str:
    sets = (credential.uid, credential.gid)
    ids = " ".join(f"[{ids.real},{ids.effective},{ids.saved},{ids.filesystem}]" for ids in sets)
    c = credential.capabilities
    return (
        f"as {ids} {_numbers(credential.groups)} [{c.inheritable},{c.permitted},{c.effective},{c.bounding},{c.ambient}]"
        f" {credential.securebits} {int(credential.no_new_privs)}"
    )


def _call(call: Call) -> str:
    keywords = [f"{key}={_argument(value)}" for key, value in call.keywords]
    return " ".join([call.name, *map(_argument, call.arguments), *keywords])


def _argument(argument: Argument) -> str:
    match argument:
        case int():
            return str(argument)
        case Text(text):
            return _text(text)
        case Word(word):
            return word
        case Items(items):
            if argument.numbers is not None:
                return _numbers(argument.numbers)
            return "[" + ",".join(map(_argument, items)) + "]"


@lru_cache(maxsize=256)
def _numbers(numbers: tuple[int, ...]) -> str:
    """A list in which three or more that follow each other are written ``a..b``.  Long lists are met again and again."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return "[" + ",".join(_run(run) for run in runs) + "]"


def _run(run: list[int]) -> str:
    if len(run) == 1:
        return str(run[0])
    return f"{run[0]},{run[1]}" if run[1] == run[0] + 1 else f"{run[0]}..{run[1]}"


_SAFE = frozenset(range(0x21, 0x7F)) - set(b"%,]")


def _text(text: str) -> str:
    return '"' + "".join(chr(byte) if byte in _SAFE else f"%{byte:02X}" for byte in text.encode())
