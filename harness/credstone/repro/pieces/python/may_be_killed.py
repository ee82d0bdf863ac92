# may_be_killed
def may_be_killed(*signals):
    """Goes on in a child, which may be ended by one of these signals."""
    child = os.fork()
    if child:
        status = os.waitpid(child, 0)[1]
        if os.WIFSIGNALED(status):
            print(f"killed by {signal.Signals(os.WTERMSIG(status)).name}", flush=True)
            os._exit(os.WTERMSIG(status) not in signals)
        os._exit(os.WEXITSTATUS(status))
