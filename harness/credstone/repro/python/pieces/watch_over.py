# watch_over
def watch_over(*deadly):
    """Goes on in a child, which has PATIENCE seconds, in a process group of its own.

    The parent says where the child ended if it did not come to its end, and leaves no process behind.  What is deadly are
    lines, each with a signal by which it may end the program.
    """
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # a terminal may stop whoever writes from behind
        signal.alarm(PATIENCE + 10)  # should the parent be killed
        return
    for interrupt in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(interrupt, lambda *_: sys.exit(2))
    gone, end = (0, 0), time.monotonic() + PATIENCE
    try:
        while not gone[0] and time.monotonic() < end:
            time.sleep(0.002)
            gone = os.waitpid(child, os.WNOHANG)
    finally:
        end_all(child)
    faults, line = chr(SAID[0]) == "!", SAID[1 : SAID.find(b"\0", 1)].decode(errors="replace") if SAID[0] else ""
    if not gone[0]:
        print(f"hang: {line or 'the set-up'} did not end within {PATIENCE} s", flush=True)
        sys.exit(1 if line else 2)
    if not os.WIFSIGNALED(gone[1]):
        sys.exit(os.WEXITSTATUS(gone[1]))
    number = os.WTERMSIG(gone[1])
    name = number in list(signal.Signals) and signal.Signals(number).name or f"signal {number}"
    if (line, number) in deadly:
        print(f"{line} = killed by {name}", flush=True)
        sys.exit(faults)
    print(f"crash: {name} ended the program in {line or 'the set-up'}", flush=True)
    sys.exit(1 if line else 2)


def end_all(group):
    """Ends what is left of a process group; what cannot be killed hangs in the kernel, and is not waited for for ever."""
    for _ in range(200):
        try:
            os.killpg(group, signal.SIGKILL)
            os.waitpid(-group, os.WNOHANG)
        except ProcessLookupError:
            return
        except (ChildProcessError, PermissionError):
            pass
        time.sleep(0.001)
