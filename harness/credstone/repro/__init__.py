"""A cell as one stand-alone program in C, Python or a shell, for a bug report.

``story`` says what has to happen, in terms of no language: the calls of the set-up, the lines, and the credentials that
the model expects after them.  ``c/``, ``python/`` and ``shell/`` write that down; their ``pieces/``
are the helpers of the programs.
"""
