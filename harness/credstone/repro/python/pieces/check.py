# check, attempt, report, FAULTS
FAULTS = []


def attempt(call):
    """The value that a call gives, and how it is shown: the name of the error or exception where it gives none."""
    try:
        value = call()
    except OSError as error:
        return None, errno.errorcode.get(error.errno, f"errno {error.errno}")
    except Exception as error:
        return None, type(error).__name__
    return value, shown(value)


def report(line, answer, right, expected):
    """One line for each call, in the style of strace, and what was expected where that is something else."""
    print(f"{line} = {answer}" + ("" if right else f"    expected {expected}"), flush=True)
    if not right:
        FAULTS.append(line)


def check(line, call, *expected):
    """One call, and the answers that are allowed."""
    begins(line)
    answer = attempt(call)[1]
    report(line, answer, answer in expected, " or ".join(expected))
