"""`reconciler schema`."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.console import print_json, stdout
from reconciler.run.schema import every_schema, write_every_schema


@click.command()
@click.option("--write", is_flag=True, help="Write one file per document into FOLDER.")
@click.argument("folder", default="schemas", type=click.Path(file_okay=False, path_type=Path))
def command(write: bool, folder: Path) -> None:
    """Write the JSON Schemas of every document.

    Without --write they are printed. Editors find them by the line `# yaml-language-server: $schema=` of each file.
    """
    if not write:
        print_json(every_schema())
        return
    for path in write_every_schema(folder):
        stdout().print(f"wrote {path}")
