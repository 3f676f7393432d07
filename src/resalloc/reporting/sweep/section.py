"""A section of a sweep's page, and the template that fills it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from resalloc.reporting.html import environment
from resalloc.reporting.sweep.words import figure, percent, words

if TYPE_CHECKING:
    from jinja2 import Environment


ZOOM = 1.18
"""By how much charts are enlarged."""


@dataclass(frozen=True)
class Section:
    """A part of the page.

    Parameters
    ----------
    id
        Where a link leads.
    title, note
        What stands above it; the note says how to read it.
    body
        HTML.
    """

    id: str
    title: str
    note: str
    body: Markup


def filled(template: str, lang: str, **values: Any) -> Markup:
    """Fill a template with values and the page's words."""
    page = _environment().get_template(template)
    return Markup(page.render(say=words(lang), lang=lang, **values))


def section(name: str, template: str, lang: str, **values: Any) -> Section:
    """Make a section whose title and note are the words ``sweep.NAME`` and ``sweep.NAME_note``."""
    say = words(lang)
    note = values.pop("note", say.get(f"{name}_note", ""))
    return Section(name, say[name], note, filled(template, lang, **values))


def sized(picture: str) -> Markup:
    """Show a chart at its own size, so that the letters of all charts are alike."""
    width = re.search(r'viewBox="0 0 ([\d.]+) ', picture)
    assert width is not None
    return Markup(picture.replace("<svg", f'<svg style="width:{ZOOM * float(width[1]):.0f}px"', 1))


@cache
def _environment() -> Environment:
    made = environment()
    made.globals["figure"] = figure
    made.globals["percent"] = percent
    return made
