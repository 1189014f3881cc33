"""The fixture `editor`: a client connected to a server whose engine is `fake_session`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from lsp.harness import Editor, connect, disconnect


@pytest_asyncio.fixture
async def editor(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Editor]:
    """Connected as VS Code; `@pytest.mark.parametrize("editor", ["nvim"], indirect=True)` names another client."""
    connected = await connect(tmp_path, getattr(request, "param", "vscode"))
    yield connected
    await disconnect(connected)
