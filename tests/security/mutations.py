"""Seeded mutations of files: of the JSON they hold, of their text, of their bytes."""

import copy
import json
import random
from typing import Any

NASTY: list[Any] = [
    None,
    True,
    0,
    -1,
    2**63,
    10**400,
    0.5,
    float("inf"),
    float("nan"),
    "",
    "nan",
    "-inf",
    "proved",
    "../../../etc/passwd",
    "/dev/zero.py:f",
    "os:system",
    "__import__('os').system('touch owned')",
    "{{ 7*191 }}",
    "<script>alert(1)</script>",
    "\x00\x1b[31m",
    "\ud800",
    "%n%s::error::x",
    "1/0",
    "9" * 5000,
    "x" * 100_000,
    [],
    {},
    [[[[[]]]]],
    {"": {"": {}}},
    [0] * 1000,
    {"__class__": "os", "__reduce__": ["os.system", ["touch owned"]]},
]


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside a JSON value."""
    inside = list(data.items()) if isinstance(data, dict) else list(enumerate(data)) if isinstance(data, list) else []
    return [path, *(found for key, value in inside for found in places(value, (*path, key)))]


def mutated(data: Any, rng: random.Random) -> Any:
    """Change a JSON value in one to three places."""
    data = copy.deepcopy(data)
    for _ in range(rng.randint(1, 3)):
        path = rng.choice(places(data))
        if not path:
            if rng.random() < 0.1:
                return copy.deepcopy(rng.choice(NASTY))
            continue
        owner = data
        for key in path[:-1]:
            owner = owner[key]
        change = rng.randrange(5)
        if change == 0:
            del owner[path[-1]]
        elif change == 1 and isinstance(owner, dict):
            owner[rng.choice(["", "extra", "schema", "\x00"])] = owner.pop(path[-1])
        elif change == 2 and isinstance(owner, list):
            owner.insert(path[-1], copy.deepcopy(rng.choice(owner)))
        elif change == 3:
            other = data
            for key in rng.choice(places(data)):
                other = other[key]
            owner[path[-1]] = copy.deepcopy(other)
        else:
            owner[path[-1]] = copy.deepcopy(rng.choice(NASTY))
    return data


def garbled(text: bytes, rng: random.Random) -> bytes:
    """Change the bytes of a file: some flipped, cut off, repeated, or replaced by what parsers stumble over."""
    data = bytearray(text)
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(data) + 1)
        change = rng.randrange(5)
        if change == 0 and data:
            data[place % len(data)] ^= 1 << rng.randrange(8)
        elif change == 1:
            del data[place:]
        elif change == 2:
            data[place:place] = data[place : place + rng.randint(1, 200)]
        elif change == 3:
            del data[place : place + rng.randint(1, 50)]
        else:
            data[place:place] = rng.choice(
                [b"[" * 3000, b'{"a":' * 3000, b"\x00", b"\xff\xfe", b"1e999", b"NaN", b'"', b"\n"]
            )
    return bytes(data)


def file_of(data: Any, rng: random.Random) -> bytes:
    """A hostile JSON file made from an honest one."""
    if rng.random() < 0.7:
        return json.dumps(mutated(data, rng)).encode()
    return garbled(json.dumps(data).encode(), rng)
