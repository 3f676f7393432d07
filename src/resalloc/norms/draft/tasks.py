"""Tasks with a date and no figure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from resalloc.norms.draft.dates import Date, dates
from resalloc.norms.draft.parts import shortened
from resalloc.norms.draft.proposal import Clause

if TYPE_CHECKING:
    from collections.abc import Iterator

_DONE = re.compile(
    r"完成|建成|建立|启动|投用|投入使用|配齐|通过|申请|创建|实现|形成|建设|打造|开工|成立|出台|编制|具备|迎接"
    r"|健全|完善|纳入|转型|牵头|组建|构建|化解|推动|达到"
)
_NO_TASK = re.compile(r"^(?:鼓励|支持|引导|探索)|创造条件$|需要$|要求$")


def tasks(
    segment: str, where: str, date: Date | None, period: tuple[int, int], *, past: bool
) -> Iterator[Clause]:
    """Give the dated task a segment without a figure states, if it does.

    Examples
    --------
    >>> (task,) = tasks(
    ...     "2023年底前完成搬迁", "三", dates("2023年底前")[0], (2023, 2025), past=False
    ... )
    >>> dict(task.values), list(tasks("完成搬迁", "三", None, (2023, 2025), past=False))
    ({2023: 1.0}, [])
    """
    if date is None or date.annual or (past and not dates(segment)):
        return
    plain = segment
    for each in dates(segment):
        plain = segment[each.end :]
    if len(plain.strip()) < 4 or not _DONE.search(plain) or _NO_TASK.search(plain):
        return
    done = {date.year: 1.0}
    state = past or date.year < period[0] - 1
    yield Clause(
        shortened(segment, segment),
        where,
        (plain,),
        "",
        "==" if state else ">=",
        values={} if state else done,
        baseline=done if state else {},
        years_printed=True,
        kind="task",
    )
