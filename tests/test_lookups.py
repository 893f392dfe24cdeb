"""lookups.toml -> Lookups: strict keys, reasons, scopes."""

import pytest

from answerable.errors import SurveyError
from answerable.lookups import parse_lookups

GOOD = """
[[label]]
text = "Sex crime A"
dimension = "offence"
category = "rape"
authority = "kent"
reason = "their name for it"

[[value]]
text = "*"
low = 1
high = 4
document = "kent/reply.xlsx"
reason = "letter of 3 May"

[[value]]
text = "nil return"
value = 0
key = "nil"
reason = "means none"

[[ignore]]
part = 'sheet "Cover"'
ref = "B2"
reason = "page number"
"""


def test_patches_keep_their_reason_scope_and_key() -> None:
    lookups = parse_lookups(GOOD, "lookups.toml")
    label, star, nil = lookups.labels[0], *lookups.values
    assert (label.key, label.dimension, label.category) == ("label:Sex crime A", "offence", "rape")
    assert label.scope.covers("kent", "kent/a.pdf") and not label.scope.covers("essex", "essex/a.pdf")
    assert star.bounds is not None and (star.bounds.low, star.bounds.high, star.status) == (1, 4, "suppressed")
    assert star.scope.covers("kent", "kent/reply.xlsx!sheet.csv") and not star.scope.covers("kent", "kent/reply.xls")
    assert (nil.key, nil.value, nil.status) == ("nil", 0, "normal")
    assert (lookups.ignores[0].part, lookups.ignores[0].ref) == ('sheet "Cover"', "B2")
    assert parse_lookups("", "lookups.toml").labels == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("category =", "catgory ="), 'Did you mean "category"?'),
        (("[[label]]", "[[lable]]"), 'Did you mean "label"?'),
        (('reason = "their name for it"\n', ""), "reason is missing"),
        (('category = "rape"\n', ""), "says nothing about the label"),
        (('dimension = "offence"\n', ""), "has a category without its dimension"),
        (("low = 1\nhigh = 4", 'status = "supressed"'), 'Did you mean "suppressed"?'),
        (("low = 1\nhigh = 4", "low = 5\nhigh = 4"), "has high under low"),
        (("low = 1\nhigh = 4", "value = 1\nhigh = 4"), "gives a value and bounds or a status"),
        (("low = 1\nhigh = 4\n", ""), "says nothing about the value"),
        (("low = 1", 'low = "1"'), "low is str"),
        (('part = \'sheet "Cover"\'\nref = "B2"\n', ""), "names no cell"),
        (("[[ignore]]", "[ignore]"), "is a single table"),
        (("[[ignore]]", "[[ignore]"), "is not valid TOML"),
        (('text = "nil return"', 'text = "*"\ndocument = "kent/reply.xlsx"'), '"*" is patched twice'),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(change: tuple[str, str], said: str) -> None:
    broken = GOOD.replace(*change, 1)
    assert broken != GOOD
    with pytest.raises(SurveyError) as caught:
        parse_lookups(broken, "lookups.toml")
    assert said in str(caught.value)
    assert str(caught.value).startswith("lookups.toml")
