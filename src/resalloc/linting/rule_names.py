"""The rules by the names a reader sees."""

RULE_NAMES: dict[str, tuple[str, str]] = {
    "total_and_rows": ("合计与分项不符", "total and rows"),
    "part_and_whole": ("分项大于总数", "part and whole"),
    "printed_twice": ("两处不一致", "printed twice"),
    "clauses_twice": ("同一指标两条不同", "two clauses on one thing"),
    "named_and_counted": ("数目与所列名称不符", "count and names"),
    "target_figures": ("目标之间互斥", "targets exclude each other"),
    "looser_targets": ("目标低于其他目标的推算值", "target looser than the others ask"),
    "state_figures": ("现状数之间不吻合", "figures of the present"),
    "window_and_money": ("工期与规划期内投资不符", "window and money"),
    "build_and_name": ("建设性质与项目名称不符", "kind and name of a project"),
    "sizes_twice": ("项目规模两处不同", "size of a project"),
    "listed_twice": ("疑为重复项目", "listed twice"),
    "backwards": ("后期目标反而放宽", "a later target is looser"),
    "below_reached": ("目标宽于现状", "target looser than today"),
    "below_stock": ("规划数少于实有数", "fewer than in place"),
    "unit_slips": ("单位疑有误", "unit"),
    "deadlines": ("期限早于规划", "date before the plan"),
    "strength_dropped": ("约束力度不一", "strength"),
    "stage_differs": ("进度要求不一", "begun or done"),
    "bracket_differs": ("括号内范围不一", "words in brackets"),
    "shares_of_one_group": ("同口径比例不能同时成立", "shares of one group"),
    "share_between_steps": ("比例与机构整数不符", "share between steps"),
    "size_caps": ("超过单体规模参考值", "size of one site"),
    "whole_institutions": ("比例与名录机构数不符", "share and list of institutions"),
    "staff_and_recruits": ("引进人数少于目标增量", "recruits and targets"),
    "projects_and_beds": ("项目床位与目标不符", "project beds and target"),
    "tables_and_beds": ("床位目标超出各表安排", "bed target and tables"),
}


def rule_name(rule: str, lang: str) -> str:
    """Give a rule's name in ``"zh"`` or ``"en"``.

    Examples
    --------
    >>> rule_name("printed_twice", "zh")
    '两处不一致'
    """
    zh, en = RULE_NAMES[rule]
    return zh if lang == "zh" else en
