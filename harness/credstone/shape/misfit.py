"""The first entry of a value that is not of a type: its keys, and what is expected there, in words for people."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from msgspec import inspect

Keys = tuple[str, ...]
_LISTS = (inspect.ListType, inspect.VarTupleType, inspect.SetType, inspect.FrozenSetType)


class Misfit(msgspec.Struct, frozen=True):
    """A mistake in a value.

    ``keys`` lead to the entry that is wrong, or to the table that lacks one; an item of a list counts from 0.
    """

    keys: Keys
    says: str


def misfit(value: Any, kind: Any, mapping: str = "a table") -> Misfit | None:
    """The first mistake in a value that is to be of this type; None if none is found.

    ``mapping`` is what the format calls values with names: ``a table`` (TOML) or ``an object`` (JSON).
    """
    found = next(_Search(mapping).mistakes(value, inspect.type_info(kind), ()), None)
    return found and Misfit(*found)


class _Search:
    def __init__(self, mapping: str) -> None:
        self.mapping = mapping

    def mistakes(self, value: Any, info: Any, keys: Keys) -> Iterator[tuple[Keys, str]]:
        """All mistakes in a value, in the order of its entries."""
        if isinstance(info, inspect.Metadata):
            words = (info.extra_json_schema or {}).get("enum")
            info = inspect.LiteralType(tuple(words)) if words else info.type
        if isinstance(info, inspect.AnyType):
            return
        members = info.types if isinstance(info, inspect.UnionType) else (info,)
        fitting = [each for each in members if self._alike(value, each)]
        if not fitting:
            expected = list(dict.fromkeys(self._names(members)))
            yield keys, f"{_listed(expected, 'or')} is expected, not {self._name_of(value)}"
        elif tagged := [each for each in fitting if isinstance(each, inspect.StructType) and each.tag is not None]:
            yield from self._tagged(value, tagged, keys)
        else:
            first = next((each for each in fitting if not isinstance(each, inspect.LiteralType)), fitting[0])
            yield from self._inside(value, first, keys)

    def _inside(self, value: Any, info: Any, keys: Keys) -> Iterator[tuple[Keys, str]]:
        """The mistakes in a value that is of the right kind."""
        if isinstance(info, inspect.LiteralType):
            if value not in info.values:
                yield keys, f"'{value}' is not one of {_listed(_quoted(info.values), 'and')}"
        elif isinstance(info, inspect.StructType):
            yield from self._list_of(value, info, keys) if info.array_like else self._fields(value, info, keys)
        elif isinstance(info, inspect.DictType):
            for key, each in value.items():
                yield from self.mistakes(each, info.value_type, (*keys, key))
        elif isinstance(info, inspect.TupleType):
            if len(value) != len(info.item_types):
                yield keys, f"a list of {len(info.item_types)} is expected, not of {len(value)}"
            yield from self._items(value, info.item_types, keys)
        elif isinstance(info, _LISTS):
            if info.min_length is not None and len(value) < info.min_length:
                yield keys, f"a list of at least {info.min_length} is expected, not of {len(value)}"
            yield from self._items(value, [info.item_type] * len(value), keys)
        else:
            yield from _plain(value, info, keys)

    def _items(self, value: Sequence[Any], types: Sequence[Any], keys: Keys) -> Iterator[tuple[Keys, str]]:
        for number, (each, info) in enumerate(zip(value, types, strict=False)):
            yield from self.mistakes(each, info, (*keys, str(number)))

    def _fields(self, value: dict[str, Any], info: inspect.StructType, keys: Keys) -> Iterator[tuple[Keys, str]]:
        fields = {field.encode_name: field for field in info.fields}
        for name, each in value.items():
            if name in fields:
                yield from self.mistakes(each, fields[name].type, (*keys, name))
            elif info.forbid_unknown_fields and name != info.tag_field:
                yield (*keys, name), f"there is no field '{name}' here"
        for name, field in fields.items():
            if field.required and name not in value:
                yield keys, f"'{name}' is missing"

    def _list_of(self, value: Sequence[Any], info: inspect.StructType, keys: Keys) -> Iterator[tuple[Keys, str]]:
        """A struct whose fields have no names but places."""
        needed = sum(field.required for field in info.fields)
        if len(value) < needed:
            yield keys, f"a list of at least {needed} is expected, not of {len(value)}"
        yield from self._items(value, [field.type for field in info.fields], keys)

    def _tagged(
        self, value: dict[str, Any], structs: Sequence[inspect.StructType], keys: Keys
    ) -> Iterator[tuple[Keys, str]]:
        """One of several structs: a field says which."""
        field = structs[0].tag_field or ""
        meant = {each.tag: each for each in structs}
        if field not in value:
            yield keys, f"'{field}' is missing"
            return
        tag = value[field]
        if not isinstance(tag, str | int) or tag not in meant:
            given = f"'{tag}'" if isinstance(tag, str) else self._name_of(tag)
            yield (*keys, field), f"{given} is not one of {_listed(_quoted(meant), 'and')}"
            return
        yield from self._inside(value, meant[tag], keys)

    def _alike(self, value: Any, info: Any) -> bool:
        """Whether a value is of the kind of a type, whatever is in it."""
        if isinstance(info, inspect.LiteralType):
            return any(type(value) is type(word) for word in info.values)
        if isinstance(info, inspect.FloatType):
            return type(value) in (int, float)
        return self._name(info) == self._name_of(value)

    def _names(self, members: Sequence[Any]) -> Iterator[str]:
        """What is expected; null is expected nowhere, as an entry can be left out."""
        for info in members:
            if isinstance(info, inspect.LiteralType):
                yield from _quoted(info.values)
            elif not isinstance(info, inspect.NoneType):
                yield self._name(info)

    def _name(self, info: Any) -> str:
        if isinstance(info, inspect.StructType):
            return "a list" if info.array_like else self.mapping
        if isinstance(info, inspect.DictType):
            return self.mapping
        if isinstance(info, inspect.TupleType | inspect.ListType | inspect.VarTupleType | inspect.SetType):
            return "a list"
        return _NAMES.get(type(info), "something else")

    def _name_of(self, value: Any) -> str:
        if isinstance(value, dict):
            return self.mapping
        names = {str: "a text", bool: "true or false", int: "a whole number", float: "a fraction", list: "a list"}
        return "null" if value is None else names.get(type(value), "a time")


_NAMES: dict[type, str] = {
    inspect.StrType: "a text",
    inspect.BoolType: "true or false",
    inspect.IntType: "a whole number",
    inspect.FloatType: "a number",
    inspect.NoneType: "null",
}


def _plain(value: Any, info: Any, keys: Keys) -> Iterator[tuple[Keys, str]]:
    """What a text or a number may be besides."""
    if isinstance(info, inspect.StrType) and info.pattern is not None and not re.search(info.pattern, value):
        yield keys, f"'{value}' is not as expected here"
    if isinstance(info, inspect.FloatType) and not _finite(value):
        yield keys, "this number is too large"


def _finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # a whole number with hundreds of digits
        return False


def _quoted(words: Iterable[Any]) -> list[str]:
    return [f"'{word}'" for word in sorted(words, key=str)]


def _listed(words: Sequence[str], last: str) -> str:
    """``a, b or c``."""
    *most, end = words or ["nothing"]
    return f"{', '.join(most)} {last} {end}" if most else end
