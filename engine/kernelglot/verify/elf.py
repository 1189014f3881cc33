"""Sections and symbols of ELF64 files (objects, modules, libraries), as far as the emulator asks for them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

NOTHING_IN_FILE, ALL_SYMBOLS, DYNAMIC_SYMBOLS = 8, 2, 11        # kinds of sections: SHT_NOBITS, SHT_SYMTAB, SHT_DYNSYM
VARIABLE, FUNCTION, THREAD_LOCAL_VARIABLE = 1, 2, 6             # kinds of symbols: STT_OBJECT, STT_FUNC, STT_TLS
WRITABLE, THREAD_LOCAL = 0x1, 0x400                             # flags of sections: SHF_WRITE, SHF_TLS


@dataclass(frozen=True, slots=True)
class Section:
    """``header``: where its header stands in the file; ``offset``, ``bytes``: its content; ``link``: the section it refers to."""

    name: str
    header: int
    kind: int
    flags: int
    offset: int
    bytes: int
    link: int


@dataclass(frozen=True, slots=True)
class Symbol:
    """``section``: its index, 0 where the file does not define it; ``value``: an address or offset."""

    name: str
    kind: int
    section: int
    value: int
    bytes: int


def sections(data: bytes) -> list[Section]:
    at, size, count, names = struct.unpack_from("<Q", data, 40)[0], *struct.unpack_from("<HHH", data, 58)
    places = [at + index * size for index in range(count)]
    headers = [struct.unpack_from("<IIQQQQI", data, place) for place in places]
    strings = headers[names][4] if headers else 0
    return [Section(_string(data, strings + name), place, kind, flags, offset, length, link)
            for place, (name, kind, flags, _, offset, length, link) in zip(places, headers)]


def symbols(data: bytes, table: int = ALL_SYMBOLS) -> Iterator[Symbol]:
    """The symbols of the tables of that kind."""
    known = sections(data)
    for section in known:
        if section.kind != table:
            continue
        strings = known[section.link].offset
        for at in range(section.offset, section.offset + section.bytes, 24):
            name, info, _, index, value, size = struct.unpack_from("<IBBHQQ", data, at)
            yield Symbol(_string(data, strings + name), info & 15, index, value, size)


def _string(data: bytes, at: int) -> str:
    return data[at:data.index(b"\0", at)].decode("utf-8", "replace")
