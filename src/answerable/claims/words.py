"""The words of counting in newspaper English: verbs of change, hedges, nouns that are counted, number words.

Everything that reads prose takes its vocabulary from here, so a word added once is known to every pattern.
The trap: "more" is a hedge in "more than 72", a direction in "13 more", and neither in "once more".
"""

from fractions import Fraction

UP = (
    r"(?:ris(?:e|es|ing|en)|rose|increas(?:e|es|ed|ing)|"
    r"(?<!made )(?<!make )(?<!makes )(?<!making )(?<!add )(?<!adds )(?<!set )(?<!sign )up|upturn|upsurge|uplift|"
    r"hike[ds]?|jump(?:s|ed|"
    r"ing)?|gr[eo]w(?:s|n|th|ing)?|"
    r"climb(?:s|ed|ing)?|surg(?:e|es|ed|ing)|soar(?:s|ed|ing)?|leap(?:s|ed|t|ing)?|rocket(?:s|ed|ing)?|"
    r"skyrocket(?:s|ed|ing)?|spik(?:e|es|ed|ing)|swell(?:s|ed|ing)?|swollen|escalat(?:e|ed|es|ing|ion)|mount(?:ed|ing)|"
    r"balloon(?:ed|ing)?|shot\s+up|gone\s+up|went\s+up|going\s+up|higher|greater|larger|extra|additional|"
    r"added|gain(?:ed|s)?|explo(?:de[ds]?|ding|sion)|boom(?:ed|ing)?|mushroom(?:ed|ing)?|snowball(?:ed|ing)?|spiral(?:s|led|ling)?|"
    r"swell(?:ed)|multipl(?:y|ied|ies)|advanc(?:ed|es|ing)|(?:crept|edged|inched|nudged|ticked)\s+up)"
)
DOWN = (
    r"(?:fall(?:s|en|ing)?|fell|drop(?:s|ped|ping)?|decreas(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|down|downturn|"
    r"reduc(?:e|es|ed|ing|tion|tions)|cut|plung(?:e|es|ed|ing)|plummet(?:s|ed|ing)?|slump(?:s|ed|ing)?|"
    r"tumbl(?:e|es|ed|ing)|"
    r"dip(?:s|ped|ping)?|slip(?:s|ped|ping)?|eas(?:es|ed|ing)|sank|sunk|sink(?:s|ing)?|contract(?:s|ed|ing)|reced(?:es|ed|ing)|"
    r"dwindl(?:es|ed|ing)|div(?:es|ed|ing)|dove|slash(?:es|ed|ing)|slid(?:e|es|ing)?|shr[aiu]nk|shrink(?:s|ing)?|gone\s+down|went\s+down|lower|fewer|smaller)"
)
CHANGE = f"(?:{UP}|{DOWN})"

HEDGES: tuple[tuple[str, str], ...] = (
    ("just_over", (r"(?:just|slightly|marginally|a\s+little|a\s+fraction|a\s+shade)\s+(?:over|above|"
r"more\s+than|higher\s+than)")),
    ("just_under", (r"(?:just|slightly|marginally|a\s+little|a\s+fraction|a\s+shade)\s+(?:under|below|"
r"less\s+than|fewer\s+than|short\s+of|shy\s+of)")),
    ("at_least", r"(?:at\s+least|no\s+fewer\s+than|no\s+less\s+than|not\s+less\s+than|a\s+minimum\s+of)"),
    ("at_most", (r"(?:at\s+most|no\s+more\s+than|not\s+more\s+than|up\s+to|a\s+maximum\s+of|as\s+many\s+as|"
r"as\s+much\s+as)")),
    (
        "more_than",
        r"(?:(?:well|far|much|significantly|considerably)\s+)?(?:more\s+than|over|above|in\s+excess\s+of|upwards?\s+of|"
        r"greater\s+than|(?:went|gone|moved|climbed|pushed|edged|got)\s+past|broke(?:n)?(?:\s+through)?|breached|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|topp(?:ed|ing)|pass(?:ed|"
r"ing)(?:\s+the)?|north\s+of|beyond)",
    ),
    (
        "less_than",
        (r"(?:(?:well|far|much|significantly|considerably)\s+)?(?:fewer\s+than|less\s+than|under|below|"
r"lower\s+than|short\s+of)"),
    ),
    ("nearly", (r"(?:nearly|almost|close\s+to|pushing|touching|nudging|getting\s+on\s+for|"
r"nearing|approaching|not\s+far\s+off|not\s+quite|virtually|"
r"practically|well\s+nigh|nigh\s+on)")),
    ("about", (r"(?:about|around|approximately|roughly|some|circa|an\s+estimated|estimated|c\.|ca\.|~|"
r"in\s+the\s+region\s+of|or\s+so)")),
    ("exactly", r"(?:exactly|precisely)"),
)  # fmt: skip
"""Hedges in the order they are tried; the first that stands just before the number counts."""

WORD_VALUES: dict[str, int] = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
} | {word: 10 * value for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "m": 10**6, "bn": 10**9, "k": 1000}

FRACTIONS: dict[str, Fraction] = {
    "half": Fraction(1, 2),
    "third": Fraction(1, 3),
    "quarter": Fraction(1, 4),
    "fifth": Fraction(1, 5),
    "sixth": Fraction(1, 6),
    "seventh": Fraction(1, 7),
    "eighth": Fraction(1, 8),
    "ninth": Fraction(1, 9),
    "tenth": Fraction(1, 10),
    "twelfth": Fraction(1, 12),
    "twentieth": Fraction(1, 20),
}

MULTIPLES: dict[str, int] = {"doubl": 2, "trebl": 3, "tripl": 3, "quadrupl": 4, "quintupl": 5, "sextupl": 6}

EVENTS = (
    "offence offences offense offenses crime crimes case cases incident incidents report reports record "
    "records instance "
    "instances occasion occasions allegation allegations complaint complaints entry entries occurrence occurrences"
).split()
"""Nouns for a recorded event; they stand for whatever the survey counts."""
SUMS = "figure figures number numbers total totals tally tallies".split()
"""Nouns for a count itself: "the figure rose to 72" counts, "two figures" does not."""

PEOPLE = (
    "child children victim victims youngster youngsters girl girls boy boys teenager teenagers teen "
    "teens pupil pupils kid "
    "kids minor minors people person infant infants toddler toddlers adult adults women men complainant complainants"
).split()
SUSPECTS = (
    "suspect suspects offender offenders perpetrator perpetrators paedophile paedophiles abuser "
    "abusers groomer groomers"
).split()
OTHER_COUNTED = (
    "arrest arrests charge charges conviction convictions prosecution prosecutions caution cautions "
    "session sessions call "
    "calls contact contacts image images video videos message messages account accounts referral "
    "referrals attack attacks "
    "assault assaults rape rapes burglary burglaries robbery robberies theft thefts murder murders "
    "school schools death deaths "
    "injury injuries request requests reply replies response responses service services website websites "
    "webpage webpages "
    "survivor survivors parent parents user users download downloads signature signatures investigation investigations"
).split()
UNIT_NOUNS: dict[str, str] = (
    dict.fromkeys(EVENTS, "event")
    | dict.fromkeys(PEOPLE, "people")
    | dict.fromkeys(SUSPECTS, "suspects")
    | dict.fromkeys(OTHER_COUNTED, "other")
)
"""Every noun whose count is taken for a claim, with what kind of thing it counts."""

MONTHS = "january february march april may june july august september october november december".split()
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)

OTHER_MATTERS = frozenset(
    "burglary burglaries robbery robberies fraud theft thefts murder murders knife drug drugs hate stalking harassment "
    "domestic violence violent image images video videos arrest arrests charge charges charged "
    "conviction convictions prosecution "
    "prosecutions caution cautions counselling session sessions call calls referral referrals suspect "
    "suspects offender "
    "offenders vehicle car shoplifting trafficking slavery gang firearm firearms terrorism bullying "
    "neglect physical racist "
    "road drink driving revenge blackmail sexting non-recent historic historical indecent pornography".split()
)
"""Words that make a count a count of something else, unless the survey's own vocabulary has them."""
