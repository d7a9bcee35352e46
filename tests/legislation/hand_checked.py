"""What became of 288 real measures of the 104th General Assembly by the end of the recorded file (November 2025).

Each was judged by reading its printed lines, not by the code: all measures whose last line is of a rare kind, and
a random sample of each common kind. Only numbers and judgments stand here. Stages as in `legislation.models.Stage`;
after the slash how far the measure had come (`furthest_stage`) where that is something else.
"""

STAGES = {
    "introduced": """
        HB1121 HB1127 HB1131 HB1421 HB1695 HB1745 HB2743 HB2915 HB3415 HB3994 HB4068 HB4111 HB1129 HB3871
        HB4196 HB4198 HB4205 HB4211 HB4214
        HR22 HR23 HR25 HR95 HR112 HR355 HR415 HR532 HR547 HR548 HR549 HR550 HR553 HR554 HR555 HR100
        HR143 HR144 HR191
        HJR2 HJR15 HJR16 HJR21 HJR31 HJR37 HJR41
        HJRCA2 HJRCA3 HJRCA4 HJRCA9 HJRCA14 HJRCA19 HJRCA20 HJRCA21 HJRCA22
    """,
    "in_committee": """
        HB1475 HR433 HR490 HR497 HJR45
        AM1030351 AM1030410 AM1040231 AM1040239 AM1040240 AM1040268 AM1040284 AM1040291 AM1040294 AM1040296
        AM1040304 AM1030459 AM1040105 AM1040106 AM1040178 AM1040194
    """,
    "passed_committee": "HB2446 HR12 HR18 HR459 HR520 HR543",
    "second_reading": "HB575 HB783",
    "passed_chamber": """
        HB1388 HB1758 HJR3 HJR4 HJR10 HJR11 HJR20 HJR40 HJR44 HJR23 HJR36 HJR43 HJR26
    """,
    "crossed": """
        HB54 HB1341 HB1600 HB2658 HB2976 HB3164 HB3175 HB3470 HB3652
        HJR5 HJR6 HJR12 HJR19 HJR29 HJR30 HJR38
        HB507 HB1700 HB1927 HB2335 HB2423 HB2970 HB3654 HB1928 HB3266 HB1843
        HB2724 HB3005 HB3564 HB3799
    """,
    "passed_both": "HB1312",
    "sent_to_governor": "HB250 HB576 HB643 HB767 HB1085 HB1836 HB2568",
    "public_act": """
        HB1141 HB1332 HB1364 HB1576 HB1715 HB2179 HB2488 HB2537 HB2602 HB2675 HB2874 HB2962 HB2977 HB3087 HB3096
        HB3248 HB3327 HB3328 HB3528 HB3637
    """,
    "vetoed/sent_to_governor": "HB2682",
    "adopted": """
        HR66 HR101 HR135 HR202 HR260 HR265 HR307 HR380 HR395 HR420 HR436 HR537 HR119 HR133 HR447 HR475 HR530
        HR182 HR183 HR184 HR185
        HJR7 HJR13 HJR22 HJR25 HJR27 HJR28 HJR34 HJR47
    """,
    "confirmed": """
        AM1030426 AM1030465 AM1030490 AM1030503 AM1030521 AM1030523 AM1030532 AM1030543 AM1040033 AM1040077
        AM1040085 AM1040135 AM1040152 AM1040208 AM1030246
    """,
    "re_referred/in_committee": """
        HB68 HB1282 HB1614 HB2429 HB2583 HB2585 HB1438 HB2481 HB3082 HB1328 HB1733 HB2368 HB3419
        HB792 HB1021 HB1274 HB1417 HB1618 HB3157 HB3192 HB3237 HB3361
        HR57 HR158 HJR24 HJRCA13
    """,
    "re_referred/passed_committee": "HR237 HR290 HR340",
    "re_referred/second_reading": """
        HB218 HB232 HB402 HB467 HB589 HB645 HB675 HB770 HB855 HB987 HB1009 HB2183 HB2215 HB2219
        HB85 HB96 HB112 HB117 HB124 HB155 HB159 HB163
        HB429 HB473 HB1054 HB1251 HB1778 HB1931 HB2850 HB3021 HB3376
    """,
    "re_referred/crossed": """
        HB1432 HB1882 HB2380 HB2435 HB2458 HB3503 HB3743 HB3781 HB35 HB1763 HB2863 HB2955 HB3062 HB3441 HB2338
        HB111 HB2371 HB3772
    """,
    "tabled/in_committee": "AM1040062 AM1040087 AM1040188",
    "dead/in_committee": """
        AM1030409 AM1030446 AM1030519 AM1030582 AM1030587 AM1040134 AM1040138
    """,
    "dead/second_reading": "HB3332",
}

# The committee a measure lies in, "" for none.
COMMITTEES = {
    "HB68": "",
    "HB1475": "Constitutional & Family Law Subcommittee",
    "HB1843": "Executive",
    "HB2435": "",
    "HB3266": "Executive",
    "HB54": "",
    "HB507": "",
    "HJR45": "Transportation: Regulation, Roads & Bridges",
    "HR433": "State Government Administration Committee",
    "HR497": "State Government Administration Committee",
    "HR459": "",
    "AM1030351": "Executive Appointments",
    "AM1040105": "Executive Appointments",
    "AM1040062": "",
    "HB1141": "",
}
# Where a measure is now, "" for nowhere.
CHAMBERS = {
    "HB68": "lower",
    "HB54": "upper",
    "HB35": "upper",
    "HB111": "upper",
    "HB1388": "lower",
    "HB2371": "lower",
    "HB2724": "lower",
    "HB3005": "lower",
    "HB1312": "lower",
    "HB250": "",
    "HB1141": "",
    "HB2682": "lower",
    "HJR5": "upper",
    "HJR43": "lower",
    "AM1040231": "upper",
}
# Public Act and the day it takes effect.
PUBLIC_ACTS = {
    "HB1141": ("104-0042", "2025-08-01"),
    "HB1332": ("104-0046", "2026-01-01"),
    "HB1364": ("104-0177", "2026-01-01"),
    "HB1576": ("104-0188", "2026-01-01"),
    "HB1715": ("104-0052", "2025-08-01"),
    "HB2179": ("104-0209", "2026-01-01"),
    "HB2488": ("104-0017", "2025-06-30"),
    "HB2537": ("104-0232", "2025-08-15"),
    "HB2602": ("104-0241", "2026-01-01"),
    "HB2675": ("104-0243", "2025-08-15"),
    "HB2874": ("104-0252", "2026-01-01"),
    "HB2962": ("104-0256", "2026-07-01"),
    "HB2977": ("104-0258", "2026-01-01"),
    "HB3087": ("104-0271", "2025-08-15"),
    "HB3096": ("104-0013", "2025-06-30"),
    "HB3248": ("104-0289", "2026-01-01"),
    "HB3327": ("104-0294", "2026-01-01"),
    "HB3328": ("104-0295", "2026-01-01"),
    "HB3528": ("104-0316", "2025-08-15"),
    "HB3637": ("104-0432", "2026-01-01"),
    "HB250": ("", None),
    "HB2682": ("", None),
}
# The day of the line that put the measure where it is.
STAGE_DAYS = {
    "HB68": "2025-03-21",
    "HB218": "2025-05-31",
    "HB85": "2025-07-01",
    "HB1121": "2025-01-03",
    "HB1141": "2025-08-01",
    "HB54": "2025-04-08",
    "HB1843": "2025-10-14",
    "HB2682": "2025-08-15",
    "HB2568": "2025-11-21",
    "HB3332": "2025-04-10",
    "HR66": "2025-01-28",
    "HR459": "2025-10-28",
    "HJR47": "2025-10-31",
    "AM1030246": "2025-02-04",
    "AM1030351": "2025-01-07",
    "AM1040231": "2025-10-14",
    "AM1040134": "2025-06-01",
}

CHECKED: dict[str, tuple[str, str]] = {
    identifier: (stage, furthest or stage)
    for key, identifiers in STAGES.items()
    for stage, _slash, furthest in [key.partition("/")]
    for identifier in identifiers.split()
}
