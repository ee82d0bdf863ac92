"""The table of calls: what more than one part of Credstone has to know about each of them, declared once.

``*.toml`` hold the declarations, ``table`` reads them, ``kinds`` says what an argument of each kind may be, ``check`` finds
the mistakes in a call of a script, ``names`` knows what people type instead.
"""
