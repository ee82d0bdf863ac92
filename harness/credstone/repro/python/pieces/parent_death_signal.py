# parent_death_signal
def parent_death_signal():
    """PR_GET_PDEATHSIG writes its answer."""
    answer = ctypes.c_int()
    libc("prctl", PR_GET_PDEATHSIG, ctypes.byref(answer), 0, 0, 0)
    return answer.value
