# private_etc
def private_etc(files):
    """An /etc of our own, in a mount namespace of our own.  nscd would answer from the real database."""
    os.umask(0o022)
    must(libc, "unshare", CLONE_NEWNS)
    must(libc, "mount", None, b"/", None, MS_REC | MS_PRIVATE, None)
    for covered in (b"/etc", b"/run/nscd", b"/var/run/nscd"):
        if os.path.exists(covered):
            must(libc, "mount", b"repro", covered, b"tmpfs", 0, b"mode=0755,size=4m")
    for name, lines in {"nsswitch.conf": ["passwd: files", "group: files"], **files}.items():
        with open(f"/etc/{name}", "w") as file:
            file.writelines(line + "\n" for line in lines)
