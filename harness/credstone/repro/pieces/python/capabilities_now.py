# capabilities
def capabilities(*expected):
    """Whether the permitted and the effective capabilities are now these, as far as the bounding set allows any."""
    now = [field(name) for name in ("CapPrm", "CapEff")]
    allowed = [mask & field("CapBnd") for mask in expected]
    if now != allowed:
        for word, (permitted, effective) in (("now     ", now), ("expected", allowed)):
            print(f"    {word}  permitted {permitted:#x}, effective {effective:#x}", flush=True)
        FAULTS.append(now)
