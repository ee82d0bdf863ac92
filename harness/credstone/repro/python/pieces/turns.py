# Turns, finish, start_child, start_thread, PID, DONE, TASK
DONE = memoryview(mmap.mmap(-1, 4096)).cast("i")  # how many parts are done, which is being done, and by which process
PID = {}
TASK = {}


class Turns:
    """Everybody goes through the same script; a part is done by the one whose turn it is, after all parts before it."""

    def __init__(self, me):
        self.me, self.line = me, 0

    def __call__(self, who):
        self.line += 1
        if who != self.me:
            return False
        self.wait(self.line - 1)
        DONE[2], DONE[1] = os.getpid(), self.line
        return True

    def wait(self, lines):
        while DONE[0] != lines:
            if self.me == "main":
                look_after()
            time.sleep(0.0002)

    def done(self):
        DONE[0] = self.line

    def begin(self):
        """This thread makes a call that does not return at once: the others need not wait."""
        TASK[self.me] = threading.get_native_id()
        self.done()


def look_after():
    """A child that ended in the middle of its part will never be done, and main ends like it."""
    child = DONE[2]
    if child in PID.values() and DONE[0] < DONE[1]:
        gone, status = os.waitpid(child, os.WNOHANG)
        if gone and os.WIFSIGNALED(status):
            signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
            os.kill(os.getpid(), os.WTERMSIG(status))
        if gone:
            os._exit(os.WEXITSTATUS(status))


def start_child(who):
    """A child has what its parent has at this moment."""
    PID[who] = os.fork()
    if PID[who] == 0:
        signal.alarm(PATIENCE + 10)
        FAULTS.clear()
        script(turn := Turns(who))
        turn.wait(turn.line)
        os._exit(bool(FAULTS))


def start_thread(who):
    threading.Thread(target=lambda: (script(Turns(who)), signal.pause()), daemon=True).start()


def finish(turn):
    """Main is done when all are; a child gives its own status."""
    turn.wait(turn.line)
    try:
        while os.wait()[1] == 0:
            pass
        FAULTS.append("child")
    except ChildProcessError:
        pass
