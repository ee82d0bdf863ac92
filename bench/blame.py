"""How often the judge blames the right clause.

Each mutant of the model is the target of every cell that reaches its clause: the model with the mutant writes the
transcript, the plain model judges it.  The clause that is blamed in most of the failed cells is held against the clause
that the mutant breaks, and against its page.  The last lines are the two shares; the first are the mutants that missed.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from multiprocessing import Pool

import msgspec

from credstone.judge.judge import judge
from credstone.model.play import transcribe
from credstone.model.rules import Mutant
from credstone.proof.coverage import ModelCell, model_cells
from credstone.proof.mutants import MUTANTS
from credstone.suite.load import default_folder, load_suite
from credstone.words.transcript import Transcript
from credstone.words.verdict import FAIL

OWN, PAGE = 0.95, 0.99
"""The shares of mutants that must be blamed by their own clause, and by their page."""
PROCESSES = 2
MOST = 60
"""Of the cells in which a mutant shows so many are judged, evenly spaced."""
_cells: dict[str, list[ModelCell]] = defaultdict(list)
_plain: dict[int, Transcript | str] = {}
_mutants: list[Mutant] = []
"""What the worker processes inherit: a mutant is a function, and cannot be sent to them."""


def main() -> int:
    suite = load_suite(default_folder())
    _mutants.extend(each for each in MUTANTS if not sys.argv[1:] or each.name in sys.argv[1:])
    began = time.perf_counter()
    cells = model_cells(suite)
    for each in cells:
        for clause in each.clauses_at_stake:
            _cells[clause].append(each)
        _plain[id(each)] = transcribe(0, each.cell, each.setup, None, each.facts)
    print(f"{len(cells)} cells performed in {time.perf_counter() - began:.1f} s")
    with Pool(PROCESSES) as pool:
        blames = pool.map(blame, range(len(_mutants)), chunksize=8)
    own = page = 0
    for mutant, counts in zip(_mutants, blames, strict=True):
        first = max(counts.items(), key=lambda item: (item[1], item[0] == mutant.clause), default=("", 0))[0]
        own += first == mutant.clause
        page += first.partition("/")[0] == mutant.clause.partition("/")[0]
        if first != mutant.clause:
            print(
                f"{mutant.name}: {mutant.clause} is broken, blamed are {dict(counts.most_common(3))}, own {counts[mutant.clause]}"
            )
    count = len(_mutants)
    print(f"{count} mutants: own clause {own} ({own / count:.1%}), own page {page} ({page / count:.1%})")
    return 0 if own >= OWN * count and page >= PAGE * count else 1


def blame(place: int) -> Counter[str]:
    """The clauses that are blamed where the mutant in this place is the target, with the number of cells of each."""
    mutant = _mutants[place]
    found: Counter[str] = Counter()
    shown: list[tuple[ModelCell, Transcript | str]] = []
    for each in _cells[mutant.clause]:
        try:
            transcript = transcribe(0, each.cell, each.setup, mutant, each.facts)
            msgspec.convert(msgspec.to_builtins(transcript), Transcript | str)
        except Exception:  # noqa: BLE001, S112 -- a mutant may give a value of a kind that no target could have
            continue
        if transcript != _plain[id(each)]:
            shown.append((each, transcript))
    for each, transcript in shown[:: -(-len(shown) // MOST) or 1]:
        verdict = judge(each.cell, each.setup, each.facts, transcript)
        if verdict.verdict == FAIL and verdict.finding is not None:
            found[verdict.finding.clause] += 1
    return found


if __name__ == "__main__":
    sys.exit(main())
