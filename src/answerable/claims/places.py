"""Names of forces, regions and nations in a sentence -> the places that figures are about.

Before binding: a claim with a place is checked against that place and no other. The trap: "East Sussex",
"Kent Online" and "Bolton" are none of the places the survey knows, and a number said of them must not be
checked against the force whose name is inside or near.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from answerable.claims.numbers import NUMBER
from answerable.claims.phrases import Mention, Phrases, index_phrases
from answerable.model import Authority

NATION = "*"
"""Key of the whole area that the survey covers; figures carry authority None there."""
UNKNOWN = "?"
"""Key of a named place that the survey knows nothing about."""

_WHOLE = (
    "england and wales", "nationally", "nationwide", "across the country", "uk", "united kingdom", "britain",
    "great britain", "the nation", "countrywide", "across the uk", "in the country", "national", "the country",
    "all forces", "every force", "british police", "british forces", "uk police", "uk forces", "uk-wide",
)  # fmt: skip
_BODIES = ("police", "constabulary", "police force", "police area", "force area")
_REGION_NAMES = {
    "Yorkshire and the Humber": (
        "yorkshire and humber",
        "yorkshire and humberside",
        "yorkshire & the humber",
        "yorkshire",
    ),
    "East of England": ("the east of england", "eastern england", "east anglia"),
    "London": ("the capital",),
    "North East": ("north-east england", "the north-east of england", "north east of england"),
    "North West": ("north-west england", "the north-west of england", "north west of england"),
    "South East": ("south-east england", "south east of england"),
    "South West": ("south-west england", "south west of england", "west country"),
}
_PEOPLES = {"Welsh": "Wales", "Scottish": "Scotland", "English": "England", "Northern Irish": "Northern Ireland"}
_NOT_A_PLACE_AFTER = re.compile(
    r"(?:'s)?\s+(?:online|live|news|chronicle|echo|mail|standard|post|telegraph|times|star|gazette|herald|"
    r"argus|messenger|today|"
    r"radio|street|road|university|college|(?:county\s+|city\s+|borough\s+)?council|cricket|rugby|"
    r"football|fc|county\s+show|house|"
    r"evening|university|school|hospital|mercury|advertiser|observer|journal|examiner|press|weekly)\b"
)
_ALL_OF = re.compile(
    rf"\bacross\s+(?:all\s+)?(?:the\s+)?(?={NUMBER}\s+(?:police\s+)?(?:forces|councils|authorities|areas|trusts)\b)"
)
"""All authorities with their number in between: "across all 12 forces"."""
_DATELINE = re.compile(r"\s*(?:\([A-Za-z ]+\)\s*)?[-–—]\s")
"""After the capitals that say where an agency wrote: "LONDON (Agency) - Police ..."."""
_COMPASS_BEFORE = re.compile(
    r"(?:\b(?:north|south|east|west|mid|new|central|northern|southern|eastern|western|inner|outer|greater)[\s-]|"
    r"\buniversity\s+of\s+|\bduke\s+of\s+|\bbishop\s+of\s+|\bduchess\s+of\s+)$"
)
_OTHER_PLACE = re.compile(
    r"\b(?:[Ii]n|[Aa]cross|[Tt]hroughout|[Aa]round|[Nn]ear|[Bb]y|[Ff]or|"
    r"[Ff]rom)\s+(?:the\s+)?((?:(?:North|South|East|West|Mid)[\s-])?[A-Z][a-z]+(?:[\s-](?:[A-Z][a-z]+|"
    r"upon|on|and|under|of))*)"
)
_SUBJECT_PLACE = re.compile(
    r"^((?:(?:North|South|East|West|Mid)[\s-])?[A-Z][a-z]+(?:[\s-](?:upon|on|and|under|of|in)[\s-][A-Z][a-z]+)?)\s+"
    r"(?:saw|had|has|recorded|reported|logged|registered|experienced)\b"
)
_NO_TOWN = frozenset(
    "jan feb mar apr jun jul aug sep sept oct nov dec "
    "april may june july august september october november december january february march monday "
    "tuesday wednesday thursday "
    "friday saturday sunday facebook instagram snapchat whatsapp youtube twitter tiktok messenger roblox "
    "discord skype kik "
    "the this that police childline nspcc government parliament ofcom home ministers office freedom foi "
    "children data total one two three "
    "four five six seven eight nine ten christmas easter under about more some officers forces all their "
    "it its there he she we they year "
    "each every bbc ministry department social media "
    "charity campaigners spokesman spokeswoman officers detectives they these those he she we a an of "
    "last figures numbers offences "
    "crimes cases reports analysts researchers constabulary county some every most many several regional "
    "local welsh scottish "
    "english staff teachers parents both none others neither forces authorities councils hospitals "
    "nobody everyone cops bosses chiefs bobbies investigators experts campaigners schools trusts courts "
    "prosecutors councillors volunteers youngsters teenagers girls boys victims apps sites platforms firms "
    "nationally locally experts figures statistics data sources moderators having being".split()
)


def is_area(place: str) -> bool:
    """Whether a place is made of several authorities, of which not all need have answered."""
    return place == NATION or place.startswith("region:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """The places a survey knows: `phrases` finds them, `regions` lists a region's authorities, `names` prints."""

    phrases: Phrases
    regions: dict[str, tuple[str, ...]]
    names: dict[str, str]
    region_of: dict[str, str]
    twins: dict[str, str]
    """Authorities that share their name with a region of several: West Midlands."""


def make_gazetteer(authorities: Iterable[Authority], area: str) -> Gazetteer:
    """The gazetteer of a survey's authorities, their regions and nations, and the whole `area`."""
    known = tuple(authorities)
    regions: dict[str, list[str]] = {}
    for authority in known:
        for name in {authority.region, authority.nation} - {""}:
            regions.setdefault(name, []).append(authority.id)
    pairs: list[tuple[str, str]] = []
    for authority in known:
        for name in (authority.name, *authority.aliases):
            pairs += [(name, authority.id)] + [(f"{name} {body}", authority.id) for body in _BODIES]
    pairs += [(name, NATION) for name in ((area,) if area else ()) + _WHOLE]
    for region in sorted(regions):
        key = f"region:{region}"
        pairs += [
            (f"{name}{tail}", key) for name in (region, *_REGION_NAMES.get(region, ())) for tail in (" region", "")
        ]
    for people, nation in _PEOPLES.items():
        if nation in regions:
            pairs += [
                (f"{people} {body}", f"region:{nation}") for body in ("forces", "police", "figure", "figures", "total")
            ]
    names = {authority.id: authority.name for authority in known} | {NATION: area or "all areas"}
    names |= {f"region:{region}": region for region in regions}
    return Gazetteer(
        phrases=index_phrases(pairs),
        regions={f"region:{name}": tuple(ids) for name, ids in regions.items()},
        names=names,
        region_of={authority.id: f"region:{authority.region}" for authority in known if authority.region},
        twins={a.id: f"region:{a.name}" for a in known if len(regions.get(a.name, ())) > 1},
    )


def find_places(gazetteer: Gazetteer, sentence: str, original: str) -> list[Mention]:
    """Place mentions of a sentence in order; a named place that is not known has the key UNKNOWN.

    `sentence` is plain and small, `original` the same characters with their capitals.
    """
    found: list[Mention] = []
    for mention in gazetteer.phrases.find(sentence):
        if not _is_name(mention, sentence, original):
            continue
        before = _COMPASS_BEFORE.search(sentence, 0, mention.start)
        if before and mention.key not in {NATION} and not mention.key.startswith("region:"):
            found.append(Mention(start=before.start(), end=mention.end, key=UNKNOWN))
        else:
            found.append(mention)
    found += [Mention(start=m.start(), end=m.end(), key=NATION) for m in _ALL_OF.finditer(sentence)]
    covered = [(mention.start, mention.end) for mention in found]
    for match in (*_OTHER_PLACE.finditer(original), *_SUBJECT_PLACE.finditer(original)):
        start, end = match.span(1)
        words = sentence[start:end].replace("-", " ").split()
        if set(words[:1]) & _NO_TOWN or any(left < end and start < right for left, right in covered):
            continue
        found.append(Mention(start=start, end=end, key=UNKNOWN))
    return sorted(found, key=lambda mention: mention.start)


def _is_name(mention: Mention, sentence: str, original: str) -> bool:
    """Whether a phrase is used as a place: capitals where it is a name, and not part of a newspaper or a street."""
    if sentence[max(0, mention.start - 1) : mention.start] == ".":
        return False
    if mention.start == 0 and original[: mention.end].isupper() and _DATELINE.match(original, mention.end):
        return False
    if mention.key != NATION and not any(char.isupper() for char in original[mention.start : mention.end]):
        return False
    return not _NOT_A_PLACE_AFTER.match(sentence, mention.end)
