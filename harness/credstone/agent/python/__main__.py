"""The Python agent of Credstone: performs the calls of a cell and says what it saw (../PROTOCOL.md).

Run as ``python3 -I -B FOLDER`` or ``python3 -I -B FOLDER/__main__.py`` by any Python from 3.6 on; nothing is installed.
The exit status is 3 for a Python without what the agent needs, else what session.py says.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # -I leaves it out where the file is named

import facts

if facts.MISSING:
    print(facts.encoded(), flush=True)
    print("this Python has no ctypes: " + facts.MISSING, file=sys.stderr)
    sys.exit(3)

import session

sys.exit(session.run())
