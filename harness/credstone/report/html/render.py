"""The whole page: what it shows, put into its templates, with its style, its script and its data in it.

The page asks for nothing from anywhere: its policy forbids what is not in the file, so that an answer of a target that looks
like a tag stays a text even where a mistake would let it through.
"""

from __future__ import annotations

import re
import shlex
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from importlib import resources
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from credstone.report.differences import compare, show_count
from credstone.report.facts import borrowed
from credstone.report.gaps import faults, unsaid
from credstone.report.html.data import embedded
from credstone.report.html.facts import differing, facts_by_target
from credstone.report.html.failures import failures_of
from credstone.report.html.marks import MARKS, WORST_FIRST, told, worst
from credstone.report.html.matrix import matrix_of
from credstone.report.html.ran import ran
from credstone.report.html.sections import choices_of, deviations_of, differing_of, errata_of, unsupported_of
from credstone.report.html.transcript import shortened
from credstone.report.targets import who
from credstone.report.truncation import cut_off
from credstone.results.by_target import targets_of
from credstone.results.file import Results
from credstone.text.plural import named
from credstone.words.scenario import APIS

SCRIPT = ("data", "state", "draw", "list", "cell", "page")


def render_html(results: Results) -> str:
    """The report as one self-contained HTML file."""
    records, header = results.records, results.header
    targets = targets_of(results)
    compared = compare(records, header.facts)
    groups = failures_of(results)
    counts = Counter(record.outcome for record in records)
    not_run = sum(record.not_run for record in records)
    errata, choices = errata_of(records, results.clauses), choices_of(records, results.clauses)
    taken_by = {target for each in (*errata, *choices) for target in each.by_target}
    style, script = _own("style.css"), _script()
    return _environment().get_template("page.html").render(
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704 - the package's own
        script=Markup(script),  # noqa: S704 - the package's own
        title=_title(counts, targets),
        header=header,
        command=shlex.join(header.command),
        footer=results.footer,
        cut_off=cut_off(results),
        cells=_cells(len(records)),
        failed=counts["fail"] + counts["broken"] - not_run,
        not_run=_cells(not_run) if not_run else "",
        faults=faults(results),
        unreachable=unsaid(results),
        ran=ran(results),
        borrowed=borrowed(header.facts.values()),
        matrix=matrix_of(records, targets),
        apis=_in_order((record.api for record in records), APIS),
        outcomes=[outcome for outcome in WORST_FIRST if counts[outcome]],
        actors=sorted({record.actor for record in records}),
        groups=groups,
        compared=compared,
        difference_count=show_count(compared),
        differing=differing_of(compared),
        clauses=results.clauses,
        deviations=deviations_of(records),
        errata=errata,
        choices=choices,
        taken_by=[target for target in targets if target in taken_by],
        unsupported=unsupported_of(records),
        facts=facts_by_target(header.facts),
        facts_differ=differing(header.facts),
        data=embedded(results, targets, compared.differences),
    )  # fmt: skip


def view(**state: str) -> str:
    """A part of the page as its fragment names it: ``page=setgid.2&target=host``."""
    return "&".join(f"{name}={quote(value, safe='/:@()')}" for name, value in state.items() if value)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("credstone.report.html"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "ensure_ascii": False}
    environment.globals.update(marks=MARKS, view=view, told=told, worst_of=worst, who=who)
    environment.filters.update(shortened=shortened, sentence=_sentence, breakable=_breakable)
    return environment


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _breakable(name: str) -> Markup:
    """A name that may be broken where a posture is added."""
    return Markup("<wbr>").join([name[:1], *re.findall(r"[+:/]?[^+:/]*", name[1:])])


@cache
def _own(name: str) -> str:
    return resources.files("credstone.report.html").joinpath(name).read_text(encoding="utf-8")


def _script() -> str:
    """The script, in parts that share their names with each other and with nobody else."""
    parts = "\n".join(_own(f"script/{part}.js") for part in SCRIPT)
    return f'"use strict";\n(() => {{\n{parts}\n}})();'


def _policy(style: str, script: str) -> str:
    """A content security policy that allows this style and this script, and nothing else at all."""
    kinds = {"style-src": style, "script-src": script}
    allowed = (f"{kind} 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for kind, text in kinds.items())
    return "; ".join(["default-src 'none'", *allowed, "img-src data:", "base-uri 'none'", "form-action 'none'"])


def _title(counts: Mapping[str, int], targets: list[str]) -> str:
    """The run in a line."""
    cells = sum(counts.values())
    where = ", ".join(targets) if len(targets) < 4 else f"{len(targets)} targets"
    return f"{_cells(cells)} on {where}: {told(counts)}"


def _cells(count: int) -> str:
    return f"{count:,} {named(count)}"


def _in_order(found: Iterable[str], usual: tuple[str, ...]) -> list[str]:
    """The names in their usual order, unusual ones last."""
    names = set(found)
    return [*(name for name in usual if name in names), *sorted(names.difference(usual))]
