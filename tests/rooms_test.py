"""Rooms: a file includes what is in its own room and in the rooms that docs/ARCHITECTURE.md puts below it, no other.

Usage: rooms_test.py PROJECT. The tables of the document are what is compared, so that it cannot become untrue.
"""

import pathlib
import re
import sys

PROJECT = pathlib.Path(sys.argv[1])
DOCUMENT = (PROJECT / "host_api/docs/ARCHITECTURE.md").read_text(encoding="utf-8")
INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)
PUBLIC = "msp/host/"


def rooms_below(heading):
    """{room: rooms that it may include}, from the table | `room` | what for | `below`, `below` | under a heading."""
    section = re.split(r"^#+ ", DOCUMENT.split(heading, 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    rows = re.findall(r"^\| `(\w+)/` \|[^|\n]*\|([^|\n]*)\|$", section, re.MULTILINE)
    assert rows, f"no table of rooms under {heading!r}"
    return {room: set(re.findall(r"`(\w+)`", below)) for room, below in rows}


def public_rooms(source):
    """{public header: room}: the room that has a source file of the same name, or that the document names."""
    rooms = {path.stem: path.relative_to(source).parts[0] for path in source.glob("*/*.[ch]pp")}
    for header, room in re.findall(r"^\| `msp/host/(\w+)\.hpp` \| `(\w+)` \|$", DOCUMENT, re.MULTILINE):
        rooms[header] = room
    return rooms


def wrong_arrows(source, below, public):
    """Lines "file includes header" for every include that the table does not allow."""
    public_directory = PROJECT / "host_api/include"
    for path in sorted(source.glob("**/*.[ch]pp")):
        parts = path.relative_to(source).parts
        if len(parts) == 1 or parts[0] not in below:
            yield f"{path.relative_to(PROJECT)} is in no room of the document"
            continue
        yield from judge(path, parts[0], below, public)
    if public:
        for path in sorted((public_directory / PUBLIC).glob("*.hpp")):
            if path.stem not in public:
                yield f"{PUBLIC}{path.name} belongs to no room; name it in the document"
                continue
            yield from judge(path, public[path.stem], below, public)


def judge(path, room, below, public):
    for included in INCLUDE.findall(path.read_text(encoding="utf-8")):
        if included.startswith(PUBLIC):
            target = public.get(included[len(PUBLIC):-len(".hpp")]) if public else None
        elif included.startswith("msp/"):
            target = None  # the contract, which every room may use
        else:
            target = included.split("/")[0] if "/" in included else room
        if target is not None and target != room and target not in below[room]:
            yield f"{path.relative_to(PROJECT)} includes {included}: no arrow runs from {room} to {target}"


def circles(below):
    """Rooms that lie below themselves."""
    def reach(room, seen):
        for other in below[room] - seen:
            seen |= {other} | reach(other, seen | {other})
        return seen
    return [room for room in below if room in reach(room, set())]


faults = []
for heading, source, has_public in (("## The rooms of the host library", "host_api/src", True),
                                    ("## The rooms of the console", "host_stub", False)):
    below = rooms_below(heading)
    directory = PROJECT / source
    unknown = {other for others in below.values() for other in others} - set(below)
    faults += [f"{heading}: `{room}` has no row of its own" for room in sorted(unknown)]
    faults += [f"{heading}: `{room}` lies below itself" for room in ([] if unknown else circles(below))]
    faults += [f"{heading}: there is no {room}/" for room in below if not (directory / room).is_dir()]
    faults += wrong_arrows(directory, below, public_rooms(directory) if has_public else None)

print("\n".join(faults) or "every include runs one way")
sys.exit(1 if faults else 0)
