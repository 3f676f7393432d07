"""What only looks like a figure: dates, ages, document numbers, and names with numbers in them."""

from __future__ import annotations

import re

from resalloc.norms.draft.numerals import narrowed

_CN = "[零〇○一二两三四五六七八九十百]"
_NAMES = re.compile(
    "|".join(
        (
            r"《[^》]*》",  # titles
            r"〔\d+〕\s*\d*号?",  # document numbers
            r"\d+号(?!码)",
            rf"第\s?(?:\d+|{_CN}+)(?:[—-](?:\d+|{_CN}+))?",  # ordinals
            rf"[“\"]?十{_CN}五[”\"]?",  # five-year plans
            rf"党的{_CN}+大|{_CN}{{2,3}}届|{_CN}大(?=报告|精神|以来)",  # congresses
            r"\d{4}年?\s*[—~-]+\s*\d{4}年?|\d{4}\s*年(?:\s*\d{1,2}月)?(?:\s*\d{1,2}日)?",
            rf"二[〇零○]{_CN}{{2}}年",
            r"(?:专栏|附件|附表|表|图)\s*\d+",
            r"\d{1,2}月(?:\s*\d{1,2}日)?",
            r"\d+\s?多?年(?:来|间|制|行动|期|过渡期|以药)",
            r"\d+年生存",
            rf"{_CN}年(?:来|行动|规划|过渡期|攻坚)",
            r"\d+\s*岁(?:及|\(含\)|（含）)?以[上下](?=[\u4e00-\u9fff])",  # ages of a group
            r"\d+\s*[—~-]\s*\d+\s*岁(?=[\u4e00-\u9fff])",
            r"每\s?\d+(?:[—~-]\d+)?\s?[万千百]?\s?[名人张户个所位]?",  # denominators
            r"每[千万百十]+",
            r"\d+个(?=[\u4e00-\u9fff]{2,4}[只仅]设)",
            r"万元(?=收入|产值)",
            r"120(?= ?(?:救护|调度|指挥|急救|平台|网络|中心|系统|”))",  # the emergency number
            r"[“\"][^”\"]*(?:\d|N)\+[^”\"]*[”\"]|\d(?:\+[\dN])+",  # 1+3+3+N
            r"[“\"][^”\"]*\d+\s?(?:分钟|小时|公里)[^”\"]*圈[^”\"]*[”\"]",  # a circle as a name
            r"\d+G(?![A-Za-z])|\d+(?:\.\d+)?T(?![A-Za-z])|\d+排",  # 5G, 1.5T, 64排
            r"[A-Za-z]+-?\d+(?:\.\d+)?",
            r"^\s*[（(]?\d{1,2}[.、）)](?!\d)",  # numbers of items
            r"[（(]\d{1,2}[）)]",
            rf"{_CN}+[甲乙级等类线孩轮]",  # 三甲, 二级
            rf"[“\"]{_CN}+(?:[\u4e00-\u9fff]{{1,4}})[”\"]",  # “三通”, “四大”
            rf"{_CN}+[个大项](?:方面|环节|维护|意识|自信|作用|确立|层[次级面]|阶段|领域|维度|指标|坚持|转变|文明|一批)",
            r"(?<![十百])一(?=[个家所名支项种类间体批流站键张人户处套台大辆])",
        )
    )
)
_FILL = "\u2588"


def masked(text: str) -> str:
    """Give the text, narrowed, with every name blotted out; every character keeps its place.

    Examples
    --------
    >>> masked("“十四五”末建成3个中心").replace("\u2588", "#")
    '#####末建成3个中心'
    >>> masked("15岁以上人群吸烟率降低到22%").replace("\u2588", "#")
    '#####人群吸烟率降低到22%'
    >>> masked("渝府发〔2019〕29号").replace("\u2588", "#")
    '渝府发#########'
    """
    return _NAMES.sub(lambda match: _FILL * len(match[0]), narrowed(text))
