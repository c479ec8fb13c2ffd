"""The secret values that this process knows, for the last guard of everything that it publishes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import takewhile

from reconciler.desired.secrets import SecretValue
from reconciler.engine.hiding import Forms, forms_of, masked
from reconciler.model.pipeline import Annotation, Outputs, Stage

MARKER = "<!-- reconciler "


class Hidden:
    """Knows values by what they are called, and takes them out of texts. Each value that was found is told once, by its
    name, never by itself."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._values: dict[str, str] = {}
        self._forms: Forms | None = None
        self._tell = tell
        self._told: set[str] = set()

    def learn(self, values: Mapping[str, SecretValue]) -> None:
        """Remembers values by the names of their secrets."""
        self._values |= {name: value.reveal() for name, value in values.items()}
        self._forms = None

    def mask(self, text: str) -> str:
        """The text without them. Values with fewer than 6 characters are not looked for. What is no text, as names of
        files may hold it, is spelt out: nothing could be sent or written with it."""
        text = text.encode("utf-8", "backslashreplace").decode()
        if self._forms is None:
            self._forms = forms_of(self._values)
        shown, found = masked(text, self._forms)
        for name in sorted(found - self._told):
            self._told.add(name)
            self._tell(f"The value of {name} stood in a text that was about to be published; it was masked.")
        return shown

    def mask_below_marker(self, text: str) -> str:
        """The same of what GitHub keeps, but for the lines of markers that it may begin with: they hold names of files
        in git and words of ours, and by them the text and its parts are found again."""
        lines = text.splitlines(keepends=True)
        markers = "".join(takewhile(lambda line: line.startswith(MARKER), lines))
        return markers + self.mask(text[len(markers) :])

    def stage(self, stage: Stage) -> Stage:
        """The stage with nothing of them in any of its texts. Its names and its checksum stay: they are files of git,
        and a digest."""
        return stage.model_copy(
            update={
                "title": self.mask(stage.title),
                "summary": self.mask(stage.summary),
                "comment": self.mask(stage.comment),
                "annotations": tuple(self._annotation(each) for each in stage.annotations),
                "outputs": self._outputs(stage.outputs),
            }
        )

    def _outputs(self, outputs: Outputs) -> Outputs:
        paths = {"plan_json": self.mask(outputs.plan_json), "plan_markdown": self.mask(outputs.plan_markdown)}
        return outputs.model_copy(update=paths)

    def _annotation(self, each: Annotation) -> Annotation:
        told = {"path": self.mask(each.path), "title": self.mask(each.title), "message": self.mask(each.message)}
        return each.model_copy(update=told)
