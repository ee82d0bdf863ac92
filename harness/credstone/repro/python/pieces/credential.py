# credential
def credential(expected):
    """Whether the ids (real, effective, saved, filesystem) and the groups are now what they must be."""
    uid, gid = (" ".join(map(str, field(name))) for name in ("Uid", "Gid"))
    now = f"uid {uid}, gid {gid}, groups {shown(field('Groups'))}"
    if now != expected:
        print(f"    now       {now}\n    expected  {expected}", flush=True)
        FAULTS.append(now)
