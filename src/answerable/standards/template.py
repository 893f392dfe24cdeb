"""The starting files of an audit folder: an audit.toml that builds as it stands, and a guide beside it."""

AUDIT_TEXT = """\
# An audit of default settings. See docs/how-to-audit-a-service.md.
id = "{name}"
title = "What new accounts start with"
summary = ""
# Country of the test accounts.
country = "GB"
# Declared ages; 18 is the control.
ages = [13, 15, 16, 17, 18]
# Printed on every page:
# published = 2026-11-24
# embargo = ""
# helplines = ["Name of the service: its number and hours"]
# method_note = ""
# simulated = false

# [contact]
# name = "Survey desk"
# email = "survey@example.org"

# Settings observed on these days belong to this edition.
[[edition]]
id = "{year}"
from = {year}-01-01
to = {year}-12-31

# One table a service. `answerable standards rules` and settings.toml say what the features are.
[[service]]
id = "example-service"
name = "Example service"
provider = "Example Ltd"
features = ["profile", "connections", "dm", "suggestions", "location", "feed"]
# exempt = [{{ rule = "ico-9-data-sharing", reason = "why it is not applied here" }}]
"""

GUIDE = """\
# Files of an audit

One folder for each service, named by its id in audit.toml. In it, as they came and never altered:

- filled-in forms (`answerable standards form AUDIT SERVICE`), as .xlsx, or .json from the web form or the probe;
- the screenshots they name, beside them;
- `response.toml`, the service's right of reply:

```toml
[[response]]
edition = "2026"
asked = 2026-11-10
received = 2026-11-20        # left out while there is none
outcome = "disputed"         # no_reply, accepted, disputed, changed or explained
text = "What it said, in short."
rules = []                   # ids of the rules it is about; left out, all
```
"""


def make_audit_files(name: str, year: int) -> dict[str, str]:
    """The files of a new audit folder by path."""
    return {"audit.toml": AUDIT_TEXT.format(name=name, year=year), "replies/README.md": GUIDE}
