"""Data from outside as values of a type, and what is wrong with data that is not of it.

msgspec decides whether data is of a type.  Its messages are for programmers and change with its version, so none of them
is read: the same types say where the mistake is and what is expected there.
"""
