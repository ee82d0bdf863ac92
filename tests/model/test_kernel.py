"""Which Linux a kernel is, by the words of kernels that there are."""

from __future__ import annotations

import pytest

from credstone.words.kernel import NEWEST, Kernel, read_kernel

DEBIAN_11 = "#1 SMP Debian 5.10.223-1 (2024-08-10)"
DEBIAN_12 = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.174-1 (2026-08-02)"
UBUNTU = "#101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023"
SIGNATURE = "Ubuntu 5.15.0-91.101-generic 5.15.131"


@pytest.mark.parametrize(
    ("release", "version", "signature", "kernel", "shown"),
    [
        ("6.1.26", "#1 SMP Wed Apr 26", "", Kernel((6, 1), 26), "6.1.26"),
        ("5.10.0", "#1 SMP", "", Kernel((5, 10), 0), "5.10.0"),
        ("5.10.0+", "#7", "", Kernel((5, 10), 0), "5.10.0"),
        ("6.3.0-rc4-00017-g4b3", "#1", "", Kernel((6, 3), candidate=True), "6.3-rc"),
        ("6.18.44-cloud", "#1", "", Kernel((6, 18), 44), "6.18.44"),
        ("5.10.0-32-cloud-amd64", DEBIAN_11, "", Kernel((5, 10), 223), "5.10.223"),
        ("5.10.0-32-cloud-amd64", "#1 SMP", "", Kernel((5, 10)), "5.10"),
        ("6.1.0-50-cloud-amd64", DEBIAN_12, "", Kernel((6, 1), 174), "6.1.174"),
        ("6.12.107+deb13-cloud-amd64", "#1 SMP Debian 6.12.107-1", "", Kernel((6, 12), 107), "6.12.107"),
        ("5.15.0-91-generic", UBUNTU, SIGNATURE, Kernel((5, 15), 131), "5.15.131"),
        ("5.15.0-91-generic", UBUNTU, "", Kernel((5, 15)), "5.15"),
        ("5.14.0-362.8.1.el9_3.x86_64", "#1 SMP", "", Kernel((5, 14)), "5.14"),
        ("5.15.153.1-microsoft-standard-WSL2", "#1 SMP", "", Kernel((5, 15), 153), "5.15.153"),
        ("6.1.0", DEBIAN_11, SIGNATURE, Kernel((6, 1), 0), "6.1.0"),
        ("4.4.0", "#1 SMP Sun Jan 10 15:06:54 PST 2016", "", Kernel((4, 4), 0), "4.4.0"),
        ("model", "", "", NEWEST, "6.18.0"),
    ],
)
def test_words_of_kernels(release: str, version: str, signature: str, kernel: Kernel, shown: str) -> None:
    found = read_kernel(release, version, signature)
    assert found == kernel
    assert str(found) == shown
