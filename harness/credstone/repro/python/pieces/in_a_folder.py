# in_a_folder, make_file
def in_a_folder():
    """A new folder, which is removed at the end of this process with all that is in it."""
    folder, maker = tempfile.mkdtemp(prefix="repro-"), os.getpid()
    atexit.register(lambda: os.getpid() == maker and shutil.rmtree(folder))
    os.chmod(folder, 0o755)
    os.chdir(folder)


def make_file(name, text, owner, group, mode):
    """The mode comes after the owner: a change of owner clears the set-ID bits."""
    with open(name, "x") as file:
        file.write(text)
    must(os.chown, name, owner, group)
    os.chmod(name, mode)
