"""A small audit folder for tests: two services, two editions, two testers, screenshots and a right of reply."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

AUDIT = """
id = "small-audit"
title = "Two services looked at"
summary = "What accounts of two made-up services start with."
published = 2026-11-24
simulated = true
helplines = ["Childline: 0800 1111"]

[contact]
name = "Survey desk"
email = "survey@example.org"

[[edition]]
id = "2024"
from = 2024-06-01
to = 2024-06-30

[[edition]]
id = "2026"
from = 2026-11-01
to = 2026-11-30

[[service]]
id = "plaza"
name = "Plaza"
provider = "Plaza Ltd"
features = ["profile", "connections", "dm", "suggestions", "location", "feed"]

[[service]]
id = "quill"
name = "Quill"
provider = "Quill Ltd"
features = ["profile", "posts", "dm"]
exempt = [{ rule = "ico-9-data-sharing", reason = "The service holds no data of its own." }]
"""
PICTURE = b"\x89PNG\r\n\x1a\n not a picture of anybody"

SAFE = {
    "account-visibility": "private",
    "dm-from": "connections",
    "suggestions-shown": "off",
    "connection-list": "nobody",
    "location-collection": "off",
    "location-visible": "nobody",
    "personalised-feed": "off",
    "report-route": "in-place",
}
LOOSE = {
    "account-visibility": "public",
    "dm-from": "requests",
    "suggestions-shown": "on",
    "connection-list": "everyone",
    "location-collection": "approximate",
    "location-visible": "everyone",
    "personalised-feed": "on",
    "report-route": "in-place",
}


def write_answers(
    service: str,
    on: str,
    by_age: Mapping[int, Mapping[str, str]],
    *,
    tester: str = "A",
    run: int = 1,
    **more: Any,
) -> bytes:
    """A file of answers as the probe and the web form write it, all with one screenshot."""
    rows = [
        {"setting": setting, "age": age, "value": value, "evidence": "screen.png", "quote": f"{setting}: {value}"}
        for age, values in by_age.items()
        for setting, value in values.items()
    ]
    body = {
        "format": "answerable-observed-1",
        "service": service,
        "tester": tester,
        "on": on,
        "country": "GB",
        "app_version": "1.0",
        "platform": "web",
        "run": run,
        "observed": [{**row, "sha256": hashlib.sha256(PICTURE).hexdigest()} for row in rows],
        **more,
    }
    return json.dumps(body).encode()


def all_ages(values: Mapping[str, str], ages: Iterable[int] = (13, 15, 16, 17, 18)) -> dict[int, Mapping[str, str]]:
    return dict.fromkeys(ages, values)


RESPONSE = b"""
[[response]]
edition = "2026"
asked = 2026-11-10
received = 2026-11-20
outcome = "disputed"
text = "The account that was tested had been moved to an older version."
rules = ["ico-7-account-private"]
"""


def make_files() -> dict[str, bytes]:
    """The files of the small audit. Plaza was loose in 2024 and is safe in 2026 but for one age; Quill the reverse."""
    plaza = {**all_ages(SAFE), 16: {**SAFE, "account-visibility": "public"}, 18: LOOSE}
    return {
        "audit.toml": AUDIT.encode(),
        "replies/plaza/2024/a.json": write_answers("plaza", "2024-06-03", all_ages(LOOSE)),
        "replies/plaza/2024/screen.png": PICTURE,
        "replies/plaza/2026/a.json": write_answers("plaza", "2026-11-03", plaza),
        "replies/plaza/2026/a-again.json": write_answers("plaza", "2026-11-04", plaza, run=2),
        "replies/plaza/2026/b.json": write_answers(
            "plaza", "2026-11-05", {**plaza, 13: {**SAFE, "dm-from": "everyone"}}, tester="B"
        ),
        "replies/plaza/2026/screen.png": PICTURE,
        "replies/plaza/response.toml": RESPONSE,
        "replies/quill/2026/a.json": write_answers(
            "quill", "2026-11-06", all_ages({"account-visibility": "public", "dm-from": "everyone"}, (13, 16))
        ),
        "replies/quill/2026/screen.png": PICTURE,
    }


def write_audit(folder: Path, files: Mapping[str, bytes] | None = None) -> Path:
    for name, data in (files or make_files()).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder
