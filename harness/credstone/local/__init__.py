"""What the package finds or keeps on this machine: the folders that come with it, its caches, the Debian mirror."""
