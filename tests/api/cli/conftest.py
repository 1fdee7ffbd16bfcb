"""A command line whose settings name a schema of its own."""

import base64
import json
from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from api.cli.main import app
from tests.support.partitions import KEY

Taktstock = Callable[..., Result]


@pytest.fixture
def environment(postgres: str, schema: str) -> dict[str, str]:
    """Return environment variables that lead to the test's schema."""
    return {
        "DATABASE_URL": postgres,
        "TAKTSTOCK_PARTITIONS": json.dumps({"main": {"schema": schema}}),
        "TAKTSTOCK_KEY_ENCRYPTION_KEY": base64.b64encode(KEY).decode(),
    }


@pytest.fixture
def taktstock(environment: dict[str, str]) -> Taktstock:
    """Return a function that runs the command in this process with some words."""

    def run(*words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(app, words, env=environment)
        assert result.exit_code == code, (result.output, result.exception)
        return result

    return run
