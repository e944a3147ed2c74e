"""The text and the id of a record with named fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qcheck.sources import Options

_KINDS = {type(None): "null", bool: "a boolean", int: "a number", float: "a number", list: "a list", dict: "an object"}


def lookup(record: Mapping[str, Any], name: str) -> Any:
    """The value of a field; ``a.b`` is field ``b`` of the object in ``a``, unless a field is called ``a.b``.

    Raises:
        KeyError: There is no such field.

    >>> lookup({"meta": {"body": "Rain."}}, "meta.body")
    'Rain.'
    """
    if name in record:
        return record[name]
    head, dot, rest = name.partition(".")
    if not dot or not isinstance(inner := record.get(head), Mapping):
        raise KeyError(name)
    return lookup(inner, rest)


def replaced(record: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The record with another value in a field that it has.

    >>> replaced({"meta": {"body": "Rian."}, "n": 1}, "meta.body", "Rain.")
    {'meta': {'body': 'Rain.'}, 'n': 1}
    """
    if name in record:
        return {**record, name: value}
    head, _, rest = name.partition(".")
    return {**record, head: replaced(record[head], rest, value)}


def text_of(record: Any, options: Options) -> str:
    """The text of a record.

    Raises:
        ValueError: There is none; the message says why.
    """
    if not isinstance(record, Mapping):
        raise ValueError(f"the record is {kind_of(record)}, not an object")
    try:
        text = lookup(record, options.text_field)
    except KeyError:
        there = ", ".join(map(str, list(record)[:12])) or "none"
        raise ValueError(f"has no field '{options.text_field}' (fields: {there}); see --text-field") from None
    if not isinstance(text, str):
        raise ValueError(f"field '{options.text_field}' is {kind_of(text)}, not a text")
    return text


def key_of(record: Mapping[str, Any], options: Options) -> str | None:
    """The value of the id field; ``id`` unless the options name another."""
    try:
        key = lookup(record, options.id_field or "id")
    except KeyError:
        return None
    return str(key) if isinstance(key, str | int) and not isinstance(key, bool) else None


def kind_of(value: object) -> str:
    """What a value is, in the words of JSON."""
    return _KINDS.get(type(value), "a text" if isinstance(value, str) else f"of type {type(value).__name__}")
