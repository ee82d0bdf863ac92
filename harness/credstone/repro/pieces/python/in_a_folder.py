# in_a_folder, make_file
def in_a_folder():
    """Goes on in a child, in a new folder.  The parent waits, and removes the folder."""
    folder = tempfile.mkdtemp(prefix="repro-")
    os.chmod(folder, 0o755)
    os.chdir(folder)
    child = os.fork()
    if child == 0:
        return
    status = os.waitpid(child, 0)[1]
    shutil.rmtree(folder)
    os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 1)


def make_file(name, text, owner, group, mode):
    """The mode comes after the owner: a change of owner clears the set-ID bits."""
    with open(name, "x") as file:
        file.write(text)
    must(os.chown, name, owner, group)
    os.chmod(name, mode)
