# check_holds
def check_holds(line, call, number, wanted):
    """The same for one id that the list must hold, or must not hold, or for bits of a mask."""
    begins(line)
    value, answer = attempt(call)
    if isinstance(value, int):
        right = value & number == (number if wanted else 0)
    else:
        right = isinstance(value, (list, tuple)) and (number in value) == wanted
    report(line, answer, right, f"what {'contains' if wanted else 'lacks'} {number}")
