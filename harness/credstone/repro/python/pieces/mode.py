# Mode
class Mode(int):
    """The mode of a file: octal, as everybody knows it."""

    def __str__(self):
        return f"0{int(self):03o}"
