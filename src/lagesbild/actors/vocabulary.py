"""The situations and kinds of object that a collaboration begins with, and the success factors of the handbook."""

from __future__ import annotations

from typing import NamedTuple


class SituationText(NamedTuple):
    """A situation in both languages, and the ages it is about."""

    code: str
    name: str
    name_en: str
    min_age: int | None = None
    max_age: int | None = None


SITUATIONS = (
    SituationText("minor", "Minderårig i riskmiljö", "Minor in a risky environment", 0, 17),
    SituationText("young-adult", "Ung vuxen i riskmiljö", "Young adult in a risky environment", 18, 20),
    SituationText("homelessness", "Vuxen i hemlöshet eller annan utsatthet", "Adult in homelessness or hardship", 18),
    SituationText("eu-citizen", "EU-medborgare i hemlöshet eller utsatthet", "EU citizen in homelessness or hardship"),
    SituationText("sex-for-payment", "Sex mot ersättning", "Sex for payment", 18),
    SituationText("trafficking", "Misstänkt människohandel", "Suspected trafficking"),
    SituationText("intoxication", "Berusad eller drogpåverkad", "Intoxicated person"),
    SituationText("disorder", "Ordningsstörning", "Disorder"),
    SituationText("drug-dealing", "Narkotikahandel", "Drug dealing"),
    SituationText("lighting", "Trasig belysning", "Broken lighting"),
    SituationText("litter", "Skräp, klotter eller skadat föremål", "Litter, graffiti or damaged object"),
)

# The lamp, the bush, the railing, the bench, the bin and the garage doors are those of Vision Klara – Rapport 1,
# Platssamverkan Klara.
OBJECT_KINDS = (
    ("lamp", "Lampa, belysning", "Lamp, lighting"),
    ("bush", "Buske, växtlighet", "Bush, greenery"),
    ("railing", "Räcke", "Railing"),
    ("bench", "Soffa, bänk", "Bench"),
    ("bin", "Papperskorg", "Bin"),
    ("garage-door", "Garageport", "Garage door"),
    ("door", "Dörr, lås", "Door, lock"),
    ("graffiti", "Klotter", "Graffiti"),
    ("litter", "Skräp", "Litter"),
    ("ground", "Mark, beläggning", "Ground, paving"),
    ("sign", "Skylt", "Sign"),
    ("camera", "Kamera", "Camera"),
    ("building", "Byggnad, fasad", "Building, façade"),
    ("other", "Annat", "Something else"),
)

_HANDBOOK = "Metodhandbok 2018, enligt Vision Klara – Rapport 1 (2019), Framgångsfaktorer"
HANDBOOK = "Metodhandboken"
HANDBOOK_FACTORS = tuple(
    (f"handbook-{number}", HANDBOOK, name, name_en, _HANDBOOK)
    for number, (name, name_en) in enumerate(
        (
            ("Grundläggande förankring", "Basic support"),
            ("Långsiktig finansiering", "Long-term funding"),
            ("Tydliga roller och tydlig ansvarsfördelning", "Clear roles and division of responsibility"),
            ("Arbete under lång tid", "Work over a long time"),
            ("Kunskap om den öppna drogscenen", "Knowledge of the open drug scene"),
            (
                "Någon har ett helhetsperspektiv och tar det samordnande ansvaret",
                "Somebody sees the whole and takes responsibility for coordination",
            ),
        ),
        start=1,
    )
)
