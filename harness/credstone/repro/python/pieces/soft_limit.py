# soft_limit
def soft_limit(limit, soft):
    """setrlimit(2): the soft limit alone."""
    resource.setrlimit(limit, (soft, resource.getrlimit(limit)[1]))
