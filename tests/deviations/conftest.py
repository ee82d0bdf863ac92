from __future__ import annotations

from pathlib import Path

import pytest

from credstone.suite.load import Suite
from deviations.made import suite_in


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    """A suite of one script."""
    return suite_in(tmp_path)
