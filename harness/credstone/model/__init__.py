"""The man pages that run: from the credentials before a call, the answers and the credentials allowed after it.

Pure: nothing in this package touches the world.  One module for each family of calls; ``rules`` is the way they are
written, ``world`` what they work on, ``perform`` the way in.
"""
