"""Known deviations of a target: what it answers otherwise than the pages say, recorded beside it, with a reason.

They change no verdict.  What a run makes of a fail that is recorded, and of a record that does not show, is decided here.
"""
