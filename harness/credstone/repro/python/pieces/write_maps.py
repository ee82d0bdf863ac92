# write_maps
def write_maps(process, setgroups, uid_map, gid_map):
    """The maps of a user namespace; what is None is not written."""
    for name, text in (("setgroups", setgroups), ("uid_map", uid_map), ("gid_map", gid_map)):
        if text is not None:
            must(write_once, f"/proc/{process}/{name}", text)
