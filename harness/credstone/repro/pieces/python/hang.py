# hang
def hang(signal, frame):
    """No answer is an answer, too."""
    print("no answer within 30 seconds", flush=True)
    os._exit(1)
