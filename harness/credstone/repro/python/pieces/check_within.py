# check_within
def check_within(line, call, *allowed):
    """The same for a list that holds none but these ids."""
    begins(line)
    value, answer = attempt(call)
    right = isinstance(value, (list, tuple)) and set(value) <= set(allowed)
    report(line, answer, right, f"none but {' '.join(map(str, allowed))}")
