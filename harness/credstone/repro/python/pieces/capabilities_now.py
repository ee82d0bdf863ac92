# capabilities
def capabilities(*expected):
    """Whether the permitted and the effective capabilities are now these, but for those that the bounding set keeps away."""
    now = [field(name) for name in ("CapPrm", "CapEff")]
    allowed = [mask & (field("CapBnd") | seen) for mask, seen in zip(expected, now)]
    if now != allowed:
        for word, (permitted, effective) in (("now     ", now), ("expected", allowed)):
            print(f"    {word}  permitted {permitted:#x}, effective {effective:#x}", flush=True)
        FAULTS.append(now)
