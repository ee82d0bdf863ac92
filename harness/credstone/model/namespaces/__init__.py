"""User namespaces: user_namespaces(7), clone(2), unshare(2), setns(2), ioctl_ns(2), and their files."""
