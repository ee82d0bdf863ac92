# in_a_child
def in_a_child(take, name, **keywords):
    """What a program has that subprocess.run starts with these keywords."""
    done = subprocess.run(["/bin/cat", "/proc/self/status"], stdout=subprocess.PIPE, check=True, text=True, **keywords)
    found = next(line for line in done.stdout.splitlines() if line.startswith(name + ":"))
    return take(value_of(name, found))
