"""The templates that ship with the package, with what each asks of a repository."""

from __future__ import annotations

from reconciler.desired import documents
from reconciler.desired.documents import ActionDocument
from reconciler.desired.located_yaml import parse
from reconciler.desired.validation import did_you_mean
from reconciler.errors import Usage
from reconciler.model.starting import Offer
from reconciler.templates.shipped import Template, templates


def offers() -> tuple[Offer, ...]:
    """All of them, those of one use case beside each other."""
    return tuple(sorted(map(offer_of, templates().values()), key=lambda each: (each.use_case, each.trigger, each.name)))


def known_template(name: str) -> Template:
    """The template of that name; raises Usage where there is none."""
    found = templates().get(name)
    if found is None:
        hint = did_you_mean(name, templates())
        raise Usage(f"There is no template '{name}'{hint}", "`reconciler templates` lists them.")
    return found


def action_of(template: Template) -> ActionDocument:
    """What action.yaml of a template says."""
    file = "action.yaml"
    return documents.ACTION.validate_python(parse(template.files[file].encode(), file).value)


def offer_of(template: Template) -> Offer:
    """The template with what it asks of a repository."""
    action = action_of(template)
    return Offer(
        name=template.name,
        title=template.title,
        description=template.description,
        trigger=template.trigger,
        use_case=template.use_case,
        secrets=tuple(spec for spec in action.secrets.values() if isinstance(spec, str)),
        settings=tuple(name for name, spec in action.secrets.items() if not isinstance(spec, str)),
        packages=action.dependencies,
        finish=template.finish,
    )
