# must
def must(call, *arguments):
    """A step of the set-up.  Without it nothing can be said about the system: status 2."""
    try:
        return call(*arguments)
    except OSError as error:
        print(f"no set-up (needs root?): {error}", file=sys.stderr)
        os._exit(2)
