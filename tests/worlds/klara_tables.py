"""The tables of figures in "Vision Klara – Rapport 1", typed a second time, cell by cell and by hand.

``examples/klara/series.csv`` was typed from the report by itself; the two must agree.
None is an empty cell, "-" a dash.
"""

from __future__ import annotations

# Anmälda narkotikabrott, both tables, one row per year:
# year, number (region, local police area, Norrmalm), per 100,000 (region, local police area, Norrmalm).
DRUG_OFFENCES = [
    (2008, 22235, 4231, 2844, 1132, 1800, 4495),
    (2009, 22996, 4374, 2811, 1150, 1857, 4347),
    (2010, 25586, 4163, 2750, 1257, 1732, 4167),
    (2011, 28959, 4669, 2906, 1398, 1909, 4331),
    (2012, 28629, 4132, 2564, 1358, 1661, 3777),
    (2013, 29618, 4242, 2586, 1382, 1672, 3778),
    (2014, 30648, 4884, 3355, 1407, 1923, 4862),
    (2015, 30091, 4679, 3104, 1324, 1800, 4471),
    (2016, 25360, 4007, 2559, 1099, 1521, 3680),
    (2017, 26921, 4164, 2704, 1148, 1561, 3894),
    (2018, 27892, 4309, 2794, 1171, 1594, 3884),
]
DRUG_OFFENCE_KEYS = (
    "narkotika-antal-region",
    "narkotika-antal-lpo",
    "narkotika-antal-norrmalm",
    "narkotika-per100000-region",
    "narkotika-per100000-lpo",
    "narkotika-per100000-norrmalm",
)

# Mål 5: year, violence per 100,000 Norrmalm, violence Norrmalm, violence Klara, drugs per 100,000, drugs Norrmalm.
GOAL_5 = [
    (2015, 1795, 1247, 935, 4471, 3104),
    (2016, 1625, 1130, 792, 3680, 2559),
    (2017, 1313, 912, 727, 3894, 2704),
    (2018, 1137, 818, 565, 3884, 2794),
    (2019, None, None, None, None, None),
    (2020, None, None, None, None, None),
]
GOAL_5_KEYS = (
    "vald-per100000-norrmalm",
    "vald-antal-norrmalm",
    "vald-antal-klara",
    "mal5-narkotika-per100000-norrmalm",
    "mal5-narkotika-antal-norrmalm",
)

# Everything else: key → (first day of the period, figure) in order.
OTHERS: dict[str, list[tuple[str, float | str | None]]] = {
    "overdos-avlidna-klara": [
        ("2015-01-01", 6),
        ("2016-01-01", 4),
        ("2017-01-01", 7),
        ("2018-01-01", 1),
        ("2019-01-01", 0),
        ("2020-01-01", None),
    ],
    "forhor-mumin": [
        ("2013-01-01", 407),
        ("2014-01-01", 315),
        ("2015-01-01", 287),
        ("2016-01-01", 129),
        ("2017-01-01", 106),
        ("2018-01-01", 130),
        ("2019-01-01", 79),
        ("2020-01-01", None),
    ],
    "otrygga-klara": [
        ("2016-01-01", "-"),
        ("2017-01-01", 20),
        ("2018-01-01", "-"),
        ("2019-01-01", "-"),
        ("2020-01-01", None),
    ],
    "trygga-norrmalm": [
        ("2016-01-01", 84),
        ("2017-01-01", 78),
        ("2018-01-01", 84),
        ("2019-01-01", 81),
        ("2020-01-01", None),
    ],
    "trygghetsindex-sergels-torg": [
        ("2017-08-01", 2.9),
        ("2018-08-01", 3.5),
        ("2019-05-01", 3.5),
        ("2019-08-01", 3.5),
        ("2020-08-01", None),
    ],
    "vistelseindex-sergels-torg": [
        ("2017-08-01", "-"),
        ("2018-08-01", "-"),
        ("2019-05-01", 15),
        ("2019-08-01", 45),
        ("2020-08-01", None),
    ],
    "helhetsupplevelse-sergels-torg": [("2019-05-01", 2.7), ("2019-08-01", 3.1)],
    "stadsmiljo-sergels-torg": [("2019-05-01", 1.9), ("2019-08-01", 2.8)],
    "otrygga-2017-klara": [("2017-01-01", 20)],
    "otrygga-2017-norrmalm": [("2017-01-01", 5)],
    "otrygga-2017-staden": [("2017-01-01", 7)],
    "stor-ordningen-2017-klara": [("2017-01-01", 45)],
    "stor-ordningen-2017-norrmalm": [("2017-01-01", 5)],
    "stor-ordningen-2017-staden": [("2017-01-01", 8)],
    "stor-ordningen-klara": [
        ("2016-01-01", "-"),
        ("2017-01-01", 45),
        ("2018-01-01", "-"),
        ("2019-01-01", "-"),
        ("2020-01-01", None),
    ],
    "arbetsmiljo-trygg-klara": [
        ("2017-01-01", None),
        ("2018-01-01", None),
        ("2019-02-01", 100),
        ("2020-01-01", None),
    ],
    "arbetsmiljo-battre-klara": [
        ("2017-01-01", None),
        ("2018-01-01", None),
        ("2019-02-01", 83),
        ("2020-01-01", None),
    ],
    # 14 261 is printed for 2018; "en minskning av 1590 brott" gives 2017; 2019 exists only as a bar.
    "brott-antal-klara": [("2017-01-01", 14261 + 1590), ("2018-01-01", 14261), ("2019-01-01", None)],
}


def transcription() -> dict[str, list[tuple[str, float | str | None]]]:
    """Series key → (first day, figure) in order, for every series of the report."""
    tables = dict(OTHERS)
    for keys, rows in ((DRUG_OFFENCE_KEYS, DRUG_OFFENCES), (GOAL_5_KEYS, GOAL_5)):
        for column, key in enumerate(keys, start=1):
            tables[key] = [(f"{row[0]}-01-01", row[column]) for row in rows]
    return tables
