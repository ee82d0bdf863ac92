# PIPE
PIPE = os.pipe()
