"""Begins a module: code that several actions share."""

from __future__ import annotations

from reconciler.desired.writing.edits import Edits
from reconciler.model.starting import Added
from reconciler.run.addition import add, free_folder, named
from reconciler.run.workplace import Workplace
from reconciler.templates.starters import module_starter


async def new_module(place: Workplace, name: str) -> Added:
    """Writes the module; both of its files or none. Raises Usage for a name that is taken or cannot be."""
    folder = free_folder(place, "modules", name)
    edits = Edits(place.repository.worktree())
    files = module_starter(name)
    for file, text in {**files, "module.yaml": named(files["module.yaml"], name)}.items():
        edits.write(f"{folder}/{file}", text.encode())
    added = await add(place, edits, "module", name, lambda _: None)
    use = f"Write `modules: {{{name}: latest}}` into action.yaml of whatever uses it, then run `reconciler lock`."
    return added.model_copy(update={"finish": (use,)})
