"""A digest of the code a loss reaches: what its answers in floats may depend on.

Functions are read with their constants, defaults, closures, globals and helpers; modules and arrays with what they
hold; what belongs to an installed library by its name and the library's version. What cannot be read (a generator, an
open file), or code that asks its surroundings (files, the environment, ``eval``), has no digest: its answers are not
kept.
"""

from __future__ import annotations

import collections
import dis
import enum
import functools
import hashlib
import struct
import sys
import types
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from losscheck.code_parts import constant_text, content, globals_of, has_state, names_of, numbers_of, slots_of
from losscheck.installed_code import INSTALLED, library_of

MOST = 20_000
"""Things looked at before giving up."""

_AMBIENT = frozenset(
    "open environ getenv eval exec __import__ import_module globals locals load fromfile urlopen read_text "
    "time perf_counter now urandom".split()
)
_HIDDEN = frozenset(
    "__dict__ __weakref__ __doc__ __module__ __qualname__ __name__ __annotations__ __annotate__ _abc_impl "
    "__dataclass_fields__ __match_args__ __firstlineno__ __static_attributes__ __slotnames__ __orig_bases__ "
    "__parameters__ __abstractmethods__ __annotations_cache__".split()
)
_SIZE = type("Plain", (), {}).__basicsize__
_REFLECTING = frozenset("getattr vars attrgetter methodcaller __dict__".split())


class _Unreadable(Exception):
    """Something that has no digest."""


def code_digest(*things: Any) -> str | None:
    """Return the digest of callables and values, None where something cannot be read.

    >>> code_digest(pow, {"exponent": 2}) == code_digest(pow, {"exponent": 2.0})
    False
    >>> code_digest(letter for letter in "abc") is None
    True
    """
    reader = _Reader()
    try:
        for each in things:
            reader.read(each)
    except (_Unreadable, RecursionError):
        return None
    except Exception:  # reading a value may run its own code
        return None
    return reader.hash.hexdigest()


class _Reader:
    """One walk; what was read before is named by the order in which it came."""

    def __init__(self) -> None:
        self.hash = hashlib.sha256()
        self._places: dict[int, int] = {}
        self._kept: list[Any] = []  # so that no address is used twice

    def _say(self, *words: object) -> None:
        for word in words:
            text = word if isinstance(word, bytes) else str(word).encode("utf-8", "surrogatepass")
            self.hash.update(struct.pack(">Q", len(text)) + text)

    def _all(self, things: Iterable[Any]) -> None:
        listed = list(things)
        self._say(len(listed))
        for each in listed:
            self.read(each)

    def read(self, x: Any) -> None:
        """Add one thing and what it refers to."""
        if x is None or type(x) in (bool, int, float, complex, str, bytes, type(...), type(NotImplemented)):
            self._say(type(x).__name__, x if isinstance(x, bytes) else repr(x))
            return
        if id(x) in self._places:
            self._say("again", self._places[id(x)])
            return
        if len(self._places) >= MOST:
            raise _Unreadable
        self._places[id(x)] = len(self._places)
        self._kept.append(x)
        self._say(type(x).__qualname__)
        for kinds, how in _HOW:
            if isinstance(x, kinds):
                how(self, x)
                return
        self._other(x)

    def _other(self, x: Any) -> None:
        numbers = numbers_of(x)
        if numbers is not None:
            self._say(*numbers)
        elif type(x).__name__ == "PjitFunction":  # jax.jit: the function, compiled
            self.read(x.__wrapped__)
        elif type(x).__name__ == "ufunc":
            self._ufunc(x)
        elif library_of(type(x).__module__) and not has_state(x):
            # A dtype, a device: what it shows is all there is to it, unless it is an array or cuts itself short.
            shown = repr(x)
            if " at 0x" in shown or "..." in shown or hasattr(x, "__array__"):
                raise _Unreadable
            self._say(type(x).__module__, shown)
        else:
            self.read(type(x))
            self._state(x)

    def _ufunc(self, f: Any) -> None:
        places = (sys.modules.get(name) for name in ("numpy", "scipy.special"))
        if not any(getattr(place, f.__name__, None) is f for place in places):
            raise _Unreadable  # np.frompyfunc hides the function it is made of
        self._say(f.__name__)

    def _state(self, x: Any) -> None:
        """Add the attributes of an object that has nothing besides."""
        hidden = type(x).__basicsize__ - _SIZE - 8 * sum(len(slots_of(c)) for c in type(x).__mro__)
        if hidden > 0 and not isinstance(x, dict | list | tuple | set | frozenset):
            raise _Unreadable  # an extension type keeps what it is out of sight
        state = dict(getattr(x, "__dict__", {}))
        state |= {s: getattr(x, s) for c in type(x).__mro__ for s in slots_of(c) if hasattr(x, s)}
        self.read(sorted(state.items()))

    def _container(self, x: Any) -> None:
        if type(x).__module__ not in ("builtins", "collections"):
            self.read(type(x))
            self._state(x)
        if isinstance(x, set | frozenset):
            parts = [code_digest(each) for each in x]
            if None in parts:
                raise _Unreadable
            self._say(*sorted(map(str, parts)))
        else:
            self._all(x.items() if isinstance(x, dict | types.MappingProxyType) else x)
            self.read(getattr(x, "default_factory", None))

    def _function(self, f: types.FunctionType) -> None:
        self._all([content(cell) for cell in f.__closure__ or ()])
        self._all([f.__defaults__, f.__kwdefaults__, f.__dict__])
        # What `functools.wraps` writes into a function says nothing about where its code is from, and a file of the
        # user's may be called like a library.
        version = library_of(f.__globals__.get("__name__"))
        if version and f.__code__.co_filename.startswith(INSTALLED):
            self._say(f.__globals__["__name__"], f.__code__.co_qualname, version)
            return
        self._code(f.__code__)
        names, used = names_of(f.__code__), globals_of(f.__code__)
        if names & _AMBIENT:
            raise _Unreadable
        for name in sorted(used & f.__globals__.keys()):
            self._say("global", name)
            self._global(f.__globals__[name], names)

    def _code(self, code: types.CodeType) -> None:
        # The lines too: findings name places.
        self._say(code.co_code, code.co_filename, code.co_firstlineno, code.co_linetable, code.co_flags)
        self._say(getattr(code, "co_exceptiontable", b""))
        self._say(code.co_names, code.co_varnames, code.co_cellvars, code.co_freevars, code.co_argcount)
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                self._code(constant)
            else:
                self._say(type(constant).__name__, constant_text(constant))
        for instruction in dis.get_instructions(code):
            if instruction.opname == "IMPORT_NAME" and not library_of(str(instruction.argval)):
                raise _Unreadable

    def _global(self, value: Any, names: frozenset[str]) -> None:
        if not isinstance(value, types.ModuleType) or library_of(value.__name__):
            self.read(value)
            return
        if names & _REFLECTING:
            raise _Unreadable  # what is taken from it may be named at run time
        self._say("module", value.__name__)
        for name in sorted(names & vars(value).keys()):
            self._say(name)
            inner = vars(value)[name]
            # A module inside a module inside itself ends here.
            self._global(inner, names - {name}) if isinstance(inner, types.ModuleType) else self.read(inner)

    def _class(self, c: type) -> None:
        version = library_of(c.__module__)
        self._say(c.__module__, c.__qualname__, version)
        methods = (each.__code__ for each in vars(c).values() if isinstance(each, types.FunctionType))
        if version and all(code.co_filename.startswith(INSTALLED) for code in methods):
            return
        self._all(c.__mro__[1:])
        self.read(sorted((name, each) for name, each in vars(c).items() if name not in _HIDDEN))

    def _module(self, module: types.ModuleType) -> None:
        version = library_of(module.__name__)
        if not version:
            raise _Unreadable  # the module itself is handed on: anything in it may be used
        self._say(module.__name__, version)

    def _builtin(self, f: Any) -> None:
        if isinstance(f.__self__, types.ModuleType | None):
            version = library_of(f.__module__ or getattr(f.__self__, "__name__", None))
            if not version:
                raise _Unreadable  # compiled code of the user's own
            self._say(f.__module__, f.__qualname__, version)
        else:
            self._say(f.__qualname__)
            self.read(f.__self__)


_HOW: tuple[tuple[Any, Callable[[_Reader, Any], None]], ...] = (
    (types.FunctionType, _Reader._function),
    ((dict, list, tuple, set, frozenset, collections.deque, types.MappingProxyType), _Reader._container),
    (types.MethodType, lambda r, x: r._all([x.__func__, x.__self__])),
    (types.ModuleType, _Reader._module),
    (enum.Enum, lambda r, x: r._all([type(x), x.name])),
    (type, _Reader._class),
    ((types.BuiltinFunctionType, types.MethodWrapperType), _Reader._builtin),
    ((staticmethod, classmethod), lambda r, x: r._all([x.__func__])),
    (property, lambda r, x: r._all([x.fget, x.fset, x.fdel])),
    (functools.partial, lambda r, x: r._all([x.func, x.args, x.keywords])),
    (type(functools.lru_cache(lambda: None)), lambda r, x: r._all([x.__wrapped__])),
    (Fraction, lambda r, x: r._say(x)),
    ((types.WrapperDescriptorType, types.MethodDescriptorType), lambda r, x: r._say(x.__qualname__)),
    ((types.GetSetDescriptorType, types.MemberDescriptorType), lambda r, x: r._say(x.__qualname__)),
)  # fmt: skip
