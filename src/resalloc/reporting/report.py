"""The report of a result: one page, one workbook, one map file and the run itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from resalloc.errors import one_fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resalloc.result.result import Result


@dataclass(frozen=True)
class Report:
    """What is handed over.

    Parameters
    ----------
    result
        What it reports.
    lang
        Language the page opens in, ``"zh"`` or ``"en"``; the reader can switch.
    """

    result: Result
    lang: str = "zh"

    def html(self) -> str:
        """Give the whole page: scripts, styles, map and charts inside, nothing to fetch."""
        from resalloc.reporting.html import page

        return page(self.result, self.lang)

    def save(self, folder: str | Path) -> Mapping[str, Path]:
        """Write everything into `folder`, once all of it could be drawn.

        Parameters
        ----------
        folder
            Made if absent; files of the same names are overwritten.

        Returns
        -------
        mapping of str to pathlib.Path
            ``report.html``, ``allocation.xlsx``, ``allocation.gpkg``, ``map.svg``,
            ``map.png`` and ``run`` (the folder :func:`resalloc.read_run` reads).
        """
        import shutil
        from tempfile import TemporaryDirectory

        import vl_convert

        from resalloc.reporting.excel import write_workbook
        from resalloc.reporting.figures import figures
        from resalloc.reporting.geopackage import write_geopackage
        from resalloc.reporting.html import map_svg
        from resalloc.reporting.run import save_run

        home = Path(folder)
        names = ("allocation.xlsx", "allocation.gpkg", "map.svg", "map.png", "report.html")
        f = figures(self.result)
        with TemporaryDirectory() as draft:
            made = {name: Path(draft) / name for name in names}
            write_workbook(self.result, f, made["allocation.xlsx"])
            write_geopackage(f, made["allocation.gpkg"])
            picture = map_svg(self.result, self.lang)
            made["map.svg"].write_text(picture, encoding="utf-8")
            made["map.png"].write_bytes(vl_convert.svg_to_png(picture, scale=1.5))
            made["report.html"].write_text(self.html(), encoding="utf-8")
            home.mkdir(parents=True, exist_ok=True)
            for name in names:
                shutil.copyfile(made[name], home / name)
        run = save_run(self.result, home / "run")
        return {"run": run, **{name: home / name for name in names}}

    def _repr_html_(self) -> str:
        return self.result._repr_html_()


def report(result: Result, *, lang: str = "zh") -> Report:
    """Make the report of a result.

    Parameters
    ----------
    result
        What :func:`resalloc.solve` gave, whatever its status.
    lang
        Language the page opens in, ``"zh"`` or ``"en"``.

    Returns
    -------
    Report
        ``.html()`` gives the page, ``.save(folder)`` writes it with its annexes.

    Examples
    --------
    >>> import resalloc as ra
    >>> result = ra.solve(problem)  # doctest: +SKIP
    >>> ra.report(result).save("out/tongliang")  # doctest: +SKIP
    """
    if lang not in {"zh", "en"}:
        raise one_fault("lang", f"'{lang}' is not a language of the report.", "Use 'zh' or 'en'.")
    return Report(result, lang)
