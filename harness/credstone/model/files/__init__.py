"""What ids are for in files: path_resolution(7), access(2), chown(2), chmod(2), inode(7)."""
