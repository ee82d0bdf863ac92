# prepare
def prepare(line, call):
    """A line that only prepares the next ones: where it fails there is nothing to see."""
    begins(line)
    print(f"{line} = {shown(must(call))}", flush=True)
