# start_load, pause_load, resume_load, LOAD
LOAD = {"ring": 0, "paused": False, "resting": 0}
LOCK = threading.Lock()


def come_and_go():
    """A thread lives for a moment, makes its successor, which has the ids of its maker, and ends."""
    time.sleep(0.001)
    if LOAD["paused"]:
        with LOCK:
            LOAD["resting"] += 1
        while LOAD["paused"]:
            time.sleep(0.001)
        with LOCK:
            LOAD["resting"] -= 1
    while True:
        try:
            return _thread.start_new_thread(come_and_go, ())
        except RuntimeError:
            time.sleep(0.001)


def start_load(threads):
    LOAD["ring"] = threads
    threading.stack_size(256 * 1024)
    for _ in range(threads):
        _thread.start_new_thread(come_and_go, ())


def pause_load(others):
    """Waits until no thread is just ending: one that runs no code any more may have been left out."""
    LOAD["paused"] = True
    for _ in range(2000):
        if LOAD["resting"] == LOAD["ring"] and len(os.listdir("/proc/self/task")) == LOAD["ring"] + others:
            return
        time.sleep(0.001)


def resume_load():
    LOAD["paused"] = False
    while LOAD["resting"]:
        time.sleep(0.001)
