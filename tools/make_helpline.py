"""Makes the replies of the bundled survey `helpline`: simulated exports of helplines that do not exist, counted and
protected by the same function that a helpline runs on its own. The same seed gives the same bytes.
"""

import csv
import io
import random
from collections.abc import Iterator
from datetime import date, timedelta

from replies import SURVEYS, write_replies

from answerable import store
from answerable.standards.helpline import count_contacts, write_reply

NOTE = "Simulated: this helpline does not exist and no figure here is real."
THEMES = {"Online CSA": 3, "Grooming": 5, "Image sharing": 4, "Cyberbullying": 9, "Wellbeing": 12, "Other": 2}
SIZES = {"lantern": 420, "harbour": 90, "quiet": 35}
FIRST, DAYS = date(2026, 1, 1), 181


def make_export(name: str) -> str:
    """A helpline's own export, a row a contact: number, day, theme, age."""
    rng = random.Random(f"helpline {name}")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["Contact", "Date", "Main theme", "Age"])
    for number in range(1, SIZES[name] + 1):
        day = FIRST + timedelta(days=rng.randrange(DAYS))
        age = rng.choices([*range(9, 18), "Unknown"], weights=[1, 2, 4, 6, 9, 9, 8, 6, 5, 3])[0]
        writer.writerow([number, day.isoformat(), rng.choices(list(THEMES), weights=list(THEMES.values()))[0], age])
    return out.getvalue()


def make_replies() -> Iterator[tuple[str, bytes]]:
    """Every file under replies/ as (path, bytes)."""
    survey = store.read_survey(SURVEYS / "helpline")
    for name in SIZES:
        counts = count_contacts(make_export(name), survey, f"{name}.csv")
        for file, text in write_reply(counts, survey).items():
            yield f"{name}/{file}", text.encode()
        yield f"{name}/reply.toml", f'received = 2026-07-15\noutcome = "successful"\nnote = "{NOTE}"\n'.encode()


if __name__ == "__main__":
    write_replies("helpline", make_replies())
