# watch_self
def watch_self():
    """A signal ends it after PATIENCE seconds; that one, and any other that is deadly, says where in this file it came.

    A copy that is watched would not do: this is the process that a runtime started.
    """
    faulthandler.enable()
    faulthandler.register(signal.SIGALRM, chain=True)
    signal.alarm(PATIENCE)
