"""Moving the fields of a form between requests, commands and what is shown again."""

from typing import Any

from pydantic import BaseModel


def fields_of(source: object, form: type[BaseModel]) -> dict[str, Any]:
    """Return what `source` has of the fields of a form, lists as tuples as forms have them."""
    values = {name: getattr(source, name) for name in form.model_fields}
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
