"""The same reply in another form reads the same: nothing else is accepted in any form, and little is lost."""

import pytest
from written_forms import FORMS, compare_form
from written_replies import list_sets

LEAST = {"pdf-unruled": 0.90, "html-turned": 0.90, "txt-tabs-turned": 0.90}
"""Share of the values that is read at least, where it is not 0.95."""


@pytest.mark.parametrize("form", FORMS)
def test_a_reply_in_another_form_says_nothing_else(form: str) -> None:
    found = list(compare_form(list_sets(), form))
    assert {one.name: one.wrong for one in found if one.wrong} == {}
    expected = sum(one.expected for one in found)
    assert expected - sum(len(one.lost) for one in found) >= LEAST.get(form, 0.95) * expected
