"""Credstone: a conformance suite for the credential calls of Linux.

The sub-packages follow the way the data flows: ``suite`` loads scenarios, ``plan`` makes cells of them, ``targets`` and
``agent`` run the cells and bring back transcripts, ``judge`` holds the transcripts against the ``model``, ``report``
shows the verdicts.  ``words`` holds the values that they hand to each other, one file for each word.
"""

__version__ = "0.1.0"
