# prepare
def prepare(line, call):
    """A line that only prepares the next ones: where it fails there is nothing to see."""
    print(f"{line} = {shown(must(call))}", flush=True)
