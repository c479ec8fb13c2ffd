"""The projects by which an editor finds the types of each action and module.

An editor takes the nearest jsconfig.json above a file. Secrets differ from action to action, so each has one; all it
says is where the rest is. Nothing of it is for git.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.report.editor.names import GENERATED
from reconciler.report.editor.node import LIBRARIES

UNTYPED: Mapping[str, Any] = {"maxNodeModuleJsDepth": 0}
"""The code of packages that bring no types is nobody's here: it is not read."""

OPTIONS: Mapping[str, Any] = {
    "allowJs": True,
    "noEmit": True,
    # What may be missing in an event is what breaks a login: the one strictness that pays.
    "strict": True,
    # Code of Actions has no types of its own: what nothing is known of is not wrong for that.
    "noImplicitAny": False,
    "noImplicitThis": False,
    "useUnknownInCatchVariables": False,
    "skipLibCheck": True,
    "target": "es2022",
    # require() finds what a package exports for it; a package.json above with another `type` changes nothing.
    "module": "preserve",
    "moduleResolution": "bundler",
    "customConditions": ["node"],
    "moduleDetection": "force",
    **UNTYPED,
    "types": ["node"],
}


def render_project(major: int, types: str, files: Sequence[str], modules: Mapping[str, str], check: bool) -> str:
    """The tsconfig.json of one action or module. `types` is the folder of the type roots of its Node, `files` what it
    is made of, `modules` the code of each module that it uses: paths as seen from the file. Without `check` the code is
    known but not judged."""
    options: dict[str, Any] = {**OPTIONS, "checkJs": check, "lib": [LIBRARIES[major]], "typeRoots": [types]}
    if modules:
        options["paths"] = {f"actions:{name}": [code] for name, code in sorted(modules.items())}
    return _json({"compilerOptions": options, "files": list(files)})


def render_entry(project: str) -> str:
    """The jsconfig.json beside the code: it only names the project, and takes back what a file of that name says
    without being asked. Types that VS Code fetches by itself are those of packages; Node's are there."""
    acquired = {"enable": True, "exclude": ["node"]}
    return _json({"extends": project, "compilerOptions": UNTYPED, "typeAcquisition": acquired})


def render_all(projects: Sequence[str]) -> str:
    """A tsconfig.json that names every project, for `tsc --build`."""
    return _json({"files": [], "references": [{"path": each} for each in projects]})


def _json(value: Mapping[str, Any]) -> str:
    return f"{GENERATED}\n{json.dumps(value, indent=2, ensure_ascii=False)}\n"
