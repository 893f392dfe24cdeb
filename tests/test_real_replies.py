"""The real replies of the shared data, in five forms: what must be read is read, what is open stays open."""

import pytest

from answerable.observations import account_cells, find_observations

real_replies = pytest.importorskip("real_replies")
if not real_replies.DATA.is_file():
    pytest.skip("the shared data is not beside the repository", allow_module_level=True)
ITEMS = real_replies.read_items()


def name_key(observation):  # type: ignore[no-untyped-def]
    return observation.question, observation.period, " ".join(code for _, code in observation.dimensions)


@pytest.mark.parametrize("form", real_replies.FORMATS)
@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.name)
def test_a_real_reply_gives_its_values_and_no_other(item, form: str) -> None:  # type: ignore[no-untyped-def]
    grids = real_replies.build_grids(item, form)
    observations, _ = find_observations(item.survey, item.reply, grids)
    accepted = {name_key(o): str(o.value) for o in observations if o.accepted}
    assert accepted.items() <= item.expected.items()
    if form != "lines":  # a flattened table may have lost blank cells, and then places nothing
        assert accepted == item.expected
        left_open = {name_key(o): o.original_value for o in observations if not o.accepted}
        assert item.review.items() <= left_open.items()


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.name)
def test_every_cell_of_a_real_reply_is_accounted_for(item) -> None:  # type: ignore[no-untyped-def]
    grids = real_replies.build_grids(item, "html")
    account = account_cells(item.survey, item.reply, grids)
    assert len(account) == sum(bool(cell.text.strip()) for grid in grids for cell in grid.cells)
