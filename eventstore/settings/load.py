"""Reading the settings: each mistake names its variable and what would be right."""

import difflib
import os
from typing import Any, Final

from pydantic import SecretStr, ValidationError

from eventstore.embedded import make_path
from eventstore.settings.key import decode_key, read_or_make_key
from eventstore.settings.model import DATABASE_URL, PREFIX, Settings

TEST_PREFIX: Final = f"{PREFIX}TEST_"
KEY_VARIABLE: Final = f"{PREFIX}KEY_ENCRYPTION_KEY"


class SettingsError(ValueError):
    """The settings cannot be used; the message names each variable and what it must be."""


def load_settings(**overrides: Any) -> Settings:
    """Return the settings of the environment, with some given here instead, by field name.

    Where all data lies in the embedded server and no key is set, one is made beside it.

    Raises:
        SettingsError: a variable is unknown or malformed, or the key is missing.
    """
    _refuse_unknown_variables()
    try:
        settings = Settings(**overrides)
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(error))) from None
    if settings.key_encryption_key is not None:
        return settings
    if not settings.all_embedded:
        raise SettingsError(
            f"{KEY_VARIABLE} must be set when {DATABASE_URL} is: it wraps the keys of personal "
            "data. Make one with `openssl rand -base64 32` and keep it apart from the backups."
        )
    make_path(settings.data_dir)
    key = read_or_make_key(settings.data_dir)
    try:
        decode_key(key)
    except ValueError as error:
        raise SettingsError(f"The key file in {settings.data_dir} {error}.") from None
    return settings.model_copy(update={"key_encryption_key": SecretStr(key)})


def _refuse_unknown_variables() -> None:
    """Raise for a misspelt variable, which would otherwise do nothing in silence."""
    fields = Settings.model_fields.keys() - {"database_url"}
    known = {DATABASE_URL, *(f"{PREFIX}{field}".upper() for field in fields)}
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and not name.startswith(TEST_PREFIX) and name not in known:
            bare = name.removeprefix(PREFIX)
            near = [bare] if bare in known else difflib.get_close_matches(name, known, n=1)
            hint = (
                f"; did you mean {near[0]}?" if near else f": known are {', '.join(sorted(known))}"
            )
            raise SettingsError(f"{name} is no setting{hint}")


def _explain(error: ValidationError) -> list[str]:
    return [f"{_variable(each['loc'])} {each['msg']}" for each in error.errors()]


def _variable(loc: tuple[int | str, ...]) -> str:
    if not loc:
        return "Settings:"
    field, *inside = (str(part) for part in loc)
    name = DATABASE_URL if field in {DATABASE_URL, "database_url"} else f"{PREFIX}{field}".upper()
    return f"{name}{''.join(f'[{part}]' for part in inside)}:"
