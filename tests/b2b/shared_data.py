"""Real files beside the repository, read by tests where they are present."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "data"


def shared_data(name: str) -> Path:
    """The file or folder, or the test is skipped."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return path
