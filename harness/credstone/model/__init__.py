"""The man pages that run: from the credentials before a call, the answers and the credentials allowed after it.

Pure: nothing in this package touches the world.  Here stands what all calls share: ``rules`` is the way they are
written, ``world`` what they work on, ``perform`` the way in, ``table`` the index of the calls.  The pages stand in folders
by subject, each in a module with its name.
"""
