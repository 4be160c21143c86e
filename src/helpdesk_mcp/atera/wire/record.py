"""What all records on the wire share: vendor spelling, everything but the key may be null, strangers are let by.

Unknown fields are not kept on the model: the raw row travels beside it (see `parse`), and holds them all.
"""

from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, model_validator


def _blank(value: Any) -> None:
    if isinstance(value, str) and not value.strip():
        return
    raise ValueError("is no number")


_Blank = Annotated[None, PlainValidator(_blank)]
Whole = Annotated[int | _Blank, Field(union_mode="left_to_right")] | None
"""An integer, or null, which some answers write as an empty string."""
Real = Annotated[float | _Blank, Field(union_mode="left_to_right")] | None
"""A number, or null, or an empty string."""
Flag = Annotated[bool | _Blank, Field(union_mode="left_to_right")] | None
"""A boolean, or null, or an empty string."""
Text = str | None
"""A text as sent. Enums too: tenants have values outside the documented lists."""


class Record(BaseModel):
    """One row of a list. Fields without a default are its key: a row that lacks one is a bad row."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    @classmethod
    def spelled_as_declared(cls, raw: dict[str, Any]) -> dict[str, Any]:
        """Return a raw row with the keys that this record declares."""
        return raw


class AnyCaseRecord(Record):
    """A record whose keys Atera has spelled in two ways (`DeviceGuid` until spring 2026, then `deviceGuid`)."""

    @classmethod
    def spelled_as_declared(cls, raw: dict[str, Any]) -> dict[str, Any]:
        """Return a raw row with the keys that this record declares, however they were spelled."""
        declared = {name.lower(): name for name in cls.model_fields}
        return {declared.get(key.lower(), key): item for key, item in raw.items()}

    @model_validator(mode="before")
    @classmethod
    def _in_any_case(cls, value: Any) -> Any:
        return cls.spelled_as_declared(cast("dict[str, Any]", value)) if isinstance(value, dict) else value
