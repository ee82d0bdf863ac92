"""The upkeep of what is recorded of targets: entries that a run proposes, and entries that runs show to be stale.

Both hold the records of results files against the suite and the files of deviations; neither runs anything.
"""
