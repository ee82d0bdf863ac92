"""A cell as one stand-alone program, in C or Python, for a bug report.

``story`` says what has to happen, in terms of no language: the calls of the set-up, the lines, and the credentials that
the model expects after them.  ``c*`` and ``python*`` write that down; ``pieces/`` holds the helpers of the programs.
"""
