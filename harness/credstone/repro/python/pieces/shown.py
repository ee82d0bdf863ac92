# shown
def shown(value):
    """A value as a text: lists in brackets, the ids of a task side by side; 5..8 stands for 5, 6, 7, 8."""
    if isinstance(value, str):
        return f'"{value}"'
    if hasattr(value, "pw_uid"):
        return f"{value.pw_uid} {value.pw_gid}"
    if hasattr(value, "gr_gid"):
        return str(value.gr_gid)
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, list):
        return str(int(value or 0))
    runs = []
    for number in value:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [f"{run[0]}..{run[-1]}" if len(run) > 3 else ", ".join(map(str, run)) for run in runs]
    return f"[{', '.join(parts)}]"
