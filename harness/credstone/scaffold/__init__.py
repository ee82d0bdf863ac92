"""The first files of a new call, page or scenario, and the steps that remain.

No function overwrites a file.  Everything is checked before the first file is written.
"""
