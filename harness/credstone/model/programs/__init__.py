"""execve(2): what may be executed, and who the new program is."""
