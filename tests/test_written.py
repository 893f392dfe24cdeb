"""Replies written by hand in many layouts, formats and subjects: what is accepted, left open and said of the letter."""

import pytest
from written_replies import Written, answer, check_letter, list_missed, list_sets, name_key, read_set

from answerable.observations import account_cells

ITEMS = [pytest.param(item, id=f"{name} {item.name}") for name in list_sets() for item in read_set(name)]


@pytest.mark.parametrize("item", ITEMS)
def test_a_written_reply_is_read_as_a_person_reads_it(item: Written) -> None:
    answered = answer(item)
    accepted = {
        name_key(o): str(o.value if o.value is not None else o.status) for o in answered.observations if o.accepted
    }
    assert not {key: value for key, value in accepted.items() if item.expected.get(key) != value}
    # What is known to be missed must be, so that a line that is read at last is no longer called missed.
    assert list_missed(item, accepted) | set(check_letter(item, answered)) == item.missed
    account = account_cells(item.survey, item.reply, answered.grids)
    assert len(account) == sum(bool(cell.text.strip()) for grid in answered.grids for cell in grid.cells)
