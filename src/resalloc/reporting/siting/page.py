"""A page that shows a siting answer to people: map, figures, tables; nothing is fetched."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from resalloc.reporting.html import environment
from resalloc.reporting.siting import words as site_words
from resalloc.reporting.siting.tables import assignment_table
from resalloc.reporting.texts import texts

if TYPE_CHECKING:
    from resalloc.study.study import Study

MOST_ROWS = 2000
"""Points that are listed on the page; all of them are in ``assignment.csv``."""


def site_page(study: Study, picture: str, lang: str) -> str:
    """Give the page of a study.

    Parameters
    ----------
    study
        What was solved.
    picture
        Its map, as SVG.
    lang
        ``"zh"`` or ``"en"``.
    """
    from resalloc import __version__

    words = {key.removeprefix("site."): text.label(lang) for key, text in texts().items()}
    every = assignment_table(study)
    points = every.head(MOST_ROWS)
    title = study.request.title or words["title"]
    return environment().get_template("site_page.html.j2").render(
        lang=lang, say=words, study=study, title=title,
        model=site_words.model_title(study, lang), headline=site_words.headline(study, lang),
        missed=site_words.missed(study, lang), found=site_words.found(study),
        proof=site_words.proof(study, lang), notes=site_words.assumed(study, lang),
        sites=site_words.sites_in_order(study), figure=site_words.figure,
        unit=site_words.unit(study, lang), who=site_words.who(study, lang),
        points=points.to_dict("records"), rest=len(every) - len(points),
        partly=any(f.covered != f.people for f in study.facts.sites),
        covered=words["served"] if site_words.limited(study) else words["covered"],
        state={"no": words["no"], "yes": words["yes"], "part": words["in_part"],
               "too far": words["too_far"], "no room": words["no_room"]},
        status=study.siting.status.value, version=__version__,
        picture=Markup(picture), style=_part("style.css"), own_style=_part("site_page.css"),
        script=_part("site_page.js"),
    )  # fmt: skip


def _part(name: str) -> Markup:
    return Markup((files("resalloc.reporting") / "templates" / name).read_text(encoding="utf-8"))
