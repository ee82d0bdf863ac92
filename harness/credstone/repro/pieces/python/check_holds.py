# check_holds
def check_holds(line, call, number, wanted):
    """The same for one id that the list must hold, or must not hold."""
    value, answer = attempt(call)
    right = isinstance(value, list) and (number in value) == wanted
    report(line, answer, right, f"a list that {'contains' if wanted else 'lacks'} {number}")
