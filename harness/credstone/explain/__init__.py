"""Why a cell is answered as it is: the model's reasoning beside what a target did.

``premises`` are the things that could be otherwise before a line, ``reasons`` what the model looked at and which premises
decided, ``observed`` where the other side comes from: a results file, or a run on the spot.  ``of_cell``, ``of_scenario``
and ``of_clause`` put that on a page.
"""
