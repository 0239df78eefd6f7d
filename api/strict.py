"""Objects of a request: schemas that know no other fields and speak in codes.

An object without a fault is read at one go; one with a fault is read again by marshmallow, which gathers all that is wrong.
Both ask the same fields and the same checks.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from marshmallow import Schema, ValidationError, fields
from marshmallow.decorators import POST_LOAD, VALIDATES_SCHEMA

from api.fields import Exact, first_line, wrong_type
from api.reading import Refused
from calculator.errors import Unpriceable, Unreadable


class NotSound(Exception):
    """An object with something wrong, which the slower reading is to tell."""


class Strict(Schema):
    """A schema that knows no other fields and speaks in codes; its documentation says what its class is."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.Meta = type("Meta", (cls.Meta,), {"description": first_line(cls)})  # type: ignore[assignment, misc]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # Any object may stand for a message: these keep their codes up to the door.
        self.error_messages["unknown"] = Unreadable("unknown_field", "", self._names())  # type: ignore[assignment]
        self.error_messages["type"] = wrong_type("object")  # type: ignore[assignment]

    def load(self, data: Any, **kwargs: Any) -> Any:
        """Read an object: at one go where all is well; else field by field, which tells everything that is wrong."""
        if not any(kwargs.values()):
            try:
                return self._read(data)
            except (NotSound, Unpriceable, Refused, ValidationError):
                pass
        return super().load(data, **kwargs)

    def _read(self, data: Any) -> Any:
        """What marshmallow makes of an object without a fault, without asking for each optional field whether it is there."""
        if type(data) is not dict or not data.keys() >= self._required:
            raise NotSound
        read: Any = {}
        for key, value in data.items():
            reader = self._readers.get(key)
            if reader is None or value is None:
                raise NotSound
            read[reader[0]] = reader[1](value)
        for name, _, options in self._hooks[VALIDATES_SCHEMA]:
            getattr(self, name)(read, *((data,) if options.get("pass_original") else ()))
        for name, _, options in self._hooks[POST_LOAD]:
            read = getattr(self, name)(read, *((data,) if options.get("pass_original") else ()))
        return read

    @cached_property
    def _required(self) -> frozenset[str]:
        return frozenset(field.data_key or name for name, field in self.load_fields.items() if field.required)

    @cached_property
    def _readers(self) -> dict[str, tuple[str, Callable[[Any], Any]]]:
        """By the name that JSON has for a field: its own name, and what reads it."""
        return {field.data_key or name: (name, self._reader(field)) for name, field in self.load_fields.items()}

    @staticmethod
    def _reader(field: fields.Field[Any]) -> Callable[[Any], Any]:
        """What reads the value of a field that is known to be there and not null."""
        if isinstance(field, Exact):
            return field.read
        if isinstance(field, fields.Nested) and isinstance(field.schema, Strict):
            return field.schema._read
        return field.deserialize

    def _names(self) -> tuple[str, ...]:
        """The fields as JSON calls them."""
        return tuple(field.data_key or name for name, field in self.load_fields.items())

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Give every field the codes for what marshmallow itself finds."""
        field_obj.error_messages = {
            **field_obj.error_messages,
            "required": [Unreadable("missing_field", "", field_obj.metadata.get("examples", ()))],
            "null": [Unreadable("null_not_allowed")],
            "invalid": [wrong_type("list")],
        }
        if isinstance(field_obj, fields.List):
            inner = field_obj.inner
            inner.error_messages = {**inner.error_messages, "null": [Unreadable("null_not_allowed")]}
