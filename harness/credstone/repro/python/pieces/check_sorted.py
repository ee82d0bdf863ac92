# check_sorted
def check_sorted(line, call, *expected):
    """The same for a list whose order does not matter."""
    begins(line)
    value, answer = attempt(call)
    report(line, answer, isinstance(value, list) and sorted(value) in expected, " or ".join(map(str, expected)))
