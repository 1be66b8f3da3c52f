"""Layers of YAML (base, overlay, --set) merged into one mapping that remembers which file each key came from."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from attrs import Factory, define

_VARIABLE = re.compile(r"\$\{env:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


@define
class Layers:
    """Merged raw values; `origin` tells the file of each dotted path; `problems` collects every mistake."""

    values: dict[str, Any] = Factory(dict)
    origin: dict[str, str] = Factory(dict)
    problems: list[str] = Factory(list)

    def merge(self, layer: Mapping[str, Any], where: str, path: str = "") -> None:
        """Lay `layer` over what is here: mappings merge key by key, everything else is replaced."""
        target = self.values
        for part in path.split(".") if path else ():
            if not isinstance(target.get(part), dict):
                target[part] = {}  # `--set tables.root.x=1`: a single value gives way, and its type is told later
            target = target[part]
        self._merge(target, layer, where, path)

    def _merge(self, below: dict[str, Any], above: Mapping[str, Any], where: str, path: str) -> None:
        for key, value in above.items():
            name = str(key)
            dotted = f"{path}.{name}" if path else name
            self.origin[dotted] = where
            if isinstance(value, Mapping):
                if not isinstance(below.get(name), dict):
                    below[name] = {}
                self._merge(below[name], value, where, dotted)
            else:
                below[name] = value

    def place(self, path: str, value: Any, where: str) -> None:
        """Lay a whole file's content at `path` (conf's `include`), or one `--set` value."""
        if isinstance(value, Mapping):
            self.merge(value, where, path)
            return
        head, _, last = path.rpartition(".")
        self.merge({last: value}, where, head)

    def expand_variables(self) -> None:
        """Replace `${env:NAME}` and `${env:NAME:-default}` in every string, and say which are missing."""
        self.values = self._expand(self.values, "")

    def _expand(self, value: Any, path: str) -> Any:
        if isinstance(value, dict):
            return {key: self._expand(item, f"{path}.{key}" if path else key) for key, item in value.items()}
        if isinstance(value, list):
            return [self._expand(item, f"{path}[{number}]") for number, item in enumerate(value)]
        if not isinstance(value, str) or "${env:" not in value:
            return value

        def read(match: re.Match[str]) -> str:
            name: str = match[1]
            default: str | None = match[2]
            found = os.environ.get(name, default)
            if found is None:
                self.problems.append(
                    f"{path}: the environment variable {name} is not set (in {self.where(path)}); "
                    f"export it, or write ${{env:{name}:-default}}"
                )
                return ""
            return found

        return _VARIABLE.sub(read, value)

    def where(self, path: str) -> str:
        """The file that gave `path`, or its nearest parent that a file gave."""
        while path:
            if path in self.origin:
                return self.origin[path]
            path = re.sub(r"(\.[^.\[]*|\[[0-9]+\]|^[^.\[]*)\Z", "", path)
        return "the configuration"


def read_yaml(path: Path, problems: list[str]) -> Any:
    """The content of a YAML file; a syntax error becomes a problem with its line."""
    try:
        return yaml.safe_load(path.read_text("utf-8")) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problems.append(f"{path}{line}: not valid YAML: {getattr(error, 'problem', error)}")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{path}: cannot be read: {error}")
    return {}


def stack(conf: Path, env: str, settings: Sequence[str]) -> Layers:
    """base, then what the overlay extends, then the overlay, then `--set key=value`, merged."""
    layers = Layers()
    for file in _chain(conf, env, layers.problems):
        content = read_yaml(file, layers.problems)
        if not isinstance(content, dict):
            layers.problems.append(f"{file}: must be a mapping of sections")
            continue
        content.pop("extends", None)
        includes = content.pop("include", None) or {}
        if not isinstance(includes, dict):
            layers.problems.append(f"{file}: include: must be a mapping of keys to files")
            includes = {}
        for path, included in includes.items():
            layers.place(
                path, read_yaml(file.parent / str(included), layers.problems), str(file.parent / str(included))
            )
        layers.merge(content, str(file))
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals or not key:
            layers.problems.append(f"--set {setting}: write --set key=value")
            continue
        try:
            layers.place(key, yaml.safe_load(text), f"--set {key}")
        except yaml.YAMLError:
            layers.problems.append(f"--set {key}: the value is not valid YAML: {text}")
    layers.expand_variables()
    return layers


def _chain(conf: Path, env: str, problems: list[str]) -> list[Path]:
    """The files to merge, lowest first: base.yaml, then each overlay's `extends`, then the overlay."""
    chain: list[Path] = []
    name: str | None = env
    beside = conf
    while name and name not in ("base", "none"):
        file = _overlay(conf, beside, name)
        if file is None:
            known = ", ".join(sorted(p.stem for p in conf.glob("*.yaml") if (p.parent / p.name).name != "base.yaml"))
            problems.append(f"--env {name}: neither a file nor a name in {conf} (there are: {known})")
            break
        if file in chain:
            problems.append(f"{file}: extends itself")
            break
        chain.insert(0, file)
        beside = file.parent
        content = read_yaml(file, [])
        name = str(content.get("extends") or "base") if isinstance(content, dict) else "base"
    return [conf / "base.yaml", *chain]


def _overlay(conf: Path, beside: Path, name: str) -> Path | None:
    for candidate in (Path(name), beside / name, conf / f"{name}.yaml", conf / name):
        if candidate.is_file():
            return candidate
    return None
