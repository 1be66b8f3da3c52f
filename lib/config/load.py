"""From YAML layers to the typed configuration, with every mistake reported at once."""

from __future__ import annotations

import copy
import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, get_args, get_origin

import attrs
import cattrs
from cattrs.errors import ClassValidationError, ForbiddenExtraKeysError, IterableValidationError
from cattrs.gen import make_dict_structure_fn

from lib.config.layers import stack
from lib.config.model import Config, Value
from lib.config.secret import Secret, parse_secret
from lib.config.validate import contradictions
from lib.errors import ConfigError


def load_config(conf: Path, env: str = "local", settings: Sequence[str] = ()) -> Config:
    """The configuration of environment `env`: `conf/base.yaml`, its overlay, then `--set key=value` settings.

    Raises ConfigError with all mistakes: unknown keys (with the nearest valid name), wrong types, missing keys and
    variables, contradictions; each with its path and its file.
    """
    layers = stack(conf, env, settings)
    config, mistakes = _structure({**layers.values, "env": env})
    problems = list(layers.problems)
    problems += [f"{path}: {text} (in {layers.where(path)})" for path, text in mistakes]
    if config is None:
        # What is well-formed is looked at all the same, so that one round of mending is enough.
        config, _ = _structure(_without(layers.values, [path for path, _ in mistakes]) | {"env": env})
    else:
        mistakes = []
    if config is not None:
        told = {path for path, _ in mistakes}
        problems += [
            f"{path}: {text} (in {layers.where(path)})" for path, text in contradictions(config) if path not in told
        ]
    if problems or config is None:
        unique = tuple(dict.fromkeys(problems))
        raise ConfigError(
            f"The configuration has {len(unique)} mistake{'s' if len(unique) > 1 else ''}",
            problems=unique,
            where=f"--env {env}",
        )
    return config


def _structure(values: Mapping[str, Any]) -> tuple[Config | None, list[tuple[str, str]]]:
    """The typed configuration, or every (path, mistake)."""
    try:
        return _converter().structure(values, Config), []
    except ClassValidationError as error:
        return None, list(_explain(error, ""))


def _without(values: Mapping[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """A copy without the keys at these paths (of a list's item: without the list)."""
    copied = copy.deepcopy(dict(values))
    for path in paths:
        *parents, last = path.partition("[")[0].split(".")
        below: Any = copied
        for name in parents:
            below = below.get(name) if isinstance(below, dict) else None
        if isinstance(below, dict):
            below.pop(last, None)
    return copied


def redacted(config: Config) -> dict[str, Any]:
    """The effective configuration as plain values; secrets are `***`, numbers keep their exact form."""

    def plain(value: Any) -> Any:
        if attrs.has(type(value)) and not isinstance(value, Secret):
            return {f.name: plain(getattr(value, f.name)) for f in attrs.fields(type(value))}
        if isinstance(value, Mapping):
            return {str(key): plain(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [plain(item) for item in value]
        return str(value) if isinstance(value, (Secret, Decimal)) else value

    return dict(plain(config))


def config_hash(config: Config) -> str:
    """SHA-256 of the redacted configuration: equal when nothing that matters changed."""
    canonical = json.dumps(redacted(config), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True, detailed_validation=True)
    for scalar in (str, int, bool):
        converter.register_structure_hook(scalar, _exactly)
    converter.register_structure_hook(Decimal, _decimal)
    converter.register_structure_hook(Secret, _secret)
    converter.register_structure_hook_func(lambda kind: kind == Value, _value)
    converter.register_structure_hook_func(_is_tuple, lambda value, kind: _tuple(converter, value, kind))
    converter.register_structure_hook_func(_is_mapping, lambda value, kind: _table(converter, value, kind))
    converter.register_structure_hook_factory(attrs.has, lambda kind: _section(converter, kind))
    return converter


def _is_mapping(kind: Any) -> bool:
    return get_origin(kind) is Mapping


def _table(converter: cattrs.Converter, value: Any, kind: Any) -> Any:
    items: Any = dict[get_args(kind)]  # type: ignore[misc]
    return converter.structure(_mapping(value), items)


def _section(converter: cattrs.Converter, kind: Any) -> Any:
    structure = make_dict_structure_fn(kind, converter, _cattrs_forbid_extra_keys=True)
    return lambda value, _: structure(_mapping(value), kind)


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(f"must be a section of keys, not {_called(value)}")
    return value


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _tuple(converter: cattrs.Converter, value: Any, kind: Any) -> Any:
    # A string is a sequence of letters to Python; to someone who edits YAML it is one value.
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"must be a list, not {_called(value)}")
    items: Any = list[get_args(kind)[0]]  # type: ignore[misc]
    return tuple(converter.structure(list(value), items))


def _exactly(value: Any, kind: type) -> Any:
    if type(value) is kind:
        return value
    if isinstance(value, str) and kind is int and re.fullmatch(r"-?[0-9]+", value):
        return int(value)  # what ${env:...} gives is always text
    raise TypeError(f"must be {_NAMES[kind]}, not {_called(value)}")


def _decimal(value: Any, _: Any) -> Decimal:
    if isinstance(value, (int, float, str)) and not isinstance(value, bool):
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("nan")
        if number.is_finite():
            return number
    raise TypeError(f"must be a number, not {_called(value)}")


def _secret(value: Any, _: Any) -> Secret:
    found = parse_secret(value) if isinstance(value, str) else None
    if found is None:  # what stands there may be the secret itself: it is not repeated
        raise TypeError("must be a reference such as ${secret:env/NAME}, never the value itself")
    return found


def _value(value: Any, _: Any) -> Any:
    if isinstance(value, str):
        return parse_secret(value) or value
    if value is None or isinstance(value, (int, float, bool)):
        return value
    raise TypeError(f"must be a single value, not {_called(value)}")


_NAMES: dict[type, str] = {str: "text", int: "a whole number", bool: "true or false"}


def _called(value: Any) -> str:
    if value is None:
        return "nothing"
    return f"{_NAMES.get(type(value), type(value).__name__)} ({value!r})"[:80]


def _explain(error: BaseException, path: str) -> Iterable[tuple[str, str]]:
    """(path, mistake) of everything that is wrong below `path`."""
    if isinstance(error, (ClassValidationError, IterableValidationError)):
        noted, others = error.group_exceptions()
        for inner, note in noted:
            yield from _explain(inner, _below(path, note))
        for inner in others:
            yield from _explain(inner, path)
    elif isinstance(error, ForbiddenExtraKeysError):
        valid = [field.name for field in attrs.fields(error.cl) if field.name != "env"]
        for key in sorted(error.extra_fields):
            near = difflib.get_close_matches(key, valid, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}?" if near else f"valid: {', '.join(valid)}"
            yield f"{path}.{key}" if path else key, f"unknown key; {hint}"
    elif isinstance(error, KeyError):
        name = str(error.args[0])
        yield path if path.rpartition(".")[2] == name else f"{path}.{name}".lstrip("."), "must be given"
    elif "not in literal" in str(error):
        found, _, allowed = str(error).partition(" not in literal ")
        yield path, f"must be one of {re.sub('^.*?Literal', '', allowed).strip('[]')}; it is {found}"
    else:
        yield path, str(error)


def _below(path: str, note: Any) -> str:
    """The path of the attribute, key or item that cattrs' note speaks of."""
    inner = getattr(note, "name", None)
    if inner is None:
        if isinstance(note.index, int):
            return f"{path}[{note.index}]"
        inner = note.index
    return f"{path}.{inner}" if path else str(inner)
