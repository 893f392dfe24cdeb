"""Running a probe script in a browser: fresh test accounts of every declared age, each setting read back.

Every account has a browser context of its own, so no cookie of one reaches another. Requests to any other address
are stopped and reported. The trap: a step that fails must leave its settings untested with the reason, and must not
end the probe of the other ages.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from answerable.standards.observed import FORMAT
from answerable.standards.probe.script import SUBJECT, Script, Step
from answerable.standards.rules import NO_FEATURE, NOT_TESTED

TIMEOUT = 5_000
"""Milliseconds a step may take."""
VIEW = {"width": 900, "height": 900}

Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What a probe brought: `files` for a service's folder (answers.json and the screenshots), how many settings
    were read, and one message for each thing that went wrong."""

    files: dict[str, bytes]
    n_read: int
    problems: tuple[str, ...]


class StepFailed(Exception):
    """A page that a step opened is not there."""


@dataclass(slots=True)
class _Sitting:
    """One subject and its peers while their steps run."""

    script: Script
    age: int
    pages: dict[str, Any]
    names: dict[str, dict[str, str]]
    answers: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    orders: dict[str, tuple[str, ...]] = field(default_factory=dict)


def probe_service(
    script: Script,
    *,
    tester: str,
    run: int,
    on: date,
    executable: str | None = None,
    arguments: tuple[str, ...] = (),
    progress: Told | None = None,
) -> Probed:
    """Sign up an account of each declared age, with fresh peers, and read every setting of the script.

    Needs Playwright and a Chromium (`executable`, or Playwright's own). Source of the order of steps: the script.
    """
    from playwright.sync_api import sync_playwright

    answers: list[dict[str, Any]] = []
    files: dict[str, bytes] = {}
    problems: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(arguments))
        for number, age in enumerate(script.ages, start=1):
            if progress:
                progress("probing", number, len(script.ages))
            sitting = _sit(browser, script, age, tester, run, on)
            answers += sitting.answers
            files |= sitting.files
            problems += sitting.problems
        browser.close()
    body = {
        "format": FORMAT, "service": script.service, "tester": tester, "on": on.isoformat(),
        "country": script.country, "app_version": script.app_version, "platform": script.platform, "run": run,
        "observed": answers,
    }  # fmt: skip
    text = json.dumps(body, indent=1, ensure_ascii=False) + "\n"
    return Probed(
        files={"answers.json": text.encode(), **files},
        n_read=sum(answer["value"] != NOT_TESTED for answer in answers),
        problems=tuple(problems),
    )


def _sit(browser: Any, script: Script, age: int, tester: str, run: int, on: date) -> _Sitting:
    """One declared age from sign-up to the last step."""
    from playwright.sync_api import Error

    accounts = ((SUBJECT, age), *script.peers)
    sitting = _Sitting(script=script, age=age, pages={}, names={}, orders=dict(script.orders))
    mark = secrets.token_hex(3)
    contexts = []
    for account, own_age in accounts:
        context = browser.new_context(viewport=VIEW)
        context.set_default_timeout(TIMEOUT)
        context.route("**/*", lambda route: _keep_inside(sitting, route))
        contexts.append(context)
        sitting.pages[account] = context.new_page()
        sitting.names[account] = make_words(account, own_age, tester, run, on, mark)
    for account, _ in accounts:
        sitting.names[account] |= {f"{other}_name": sitting.names[other]["name"] for other, _ in accounts}
    try:
        for account, _ in reversed(accounts):
            for step in script.sign_up:
                _do_step(sitting, replace(step, account=account))
        for step in script.steps:
            _do_step(sitting, step)
    except (Error, StepFailed) as error:
        _give_up(sitting, str(error).splitlines()[0])
    _settle(sitting)
    for context in contexts:
        context.close()
    return sitting


def make_words(account: str, age: int, tester: str, run: int, on: date, mark: str) -> dict[str, str]:
    """What a script may fill in as {name}, {password}, {age}, {birth_date}, {birth_year} ...: a birthday sixty days
    before `on`, so that the account has just the declared age."""
    birthday = on - timedelta(days=60)
    day = min(birthday.day, 28)
    born = date(birthday.year - age, birthday.month, day)
    adult = date(birthday.year - 18, birthday.month, day)
    return {
        "name": f"test-{account}-{age}-{tester.lower()}-{run}-{mark}", "password": secrets.token_urlsafe(12),
        "age": str(age), "birth_date": born.isoformat(), "birth_year": str(born.year), "birth_month": str(born.month),
        "birth_day": str(born.day), "adult_birth_date": adult.isoformat(),
        "young_birth_date": date(birthday.year - 12, birthday.month, day).isoformat(),
    }  # fmt: skip


def _keep_inside(sitting: _Sitting, route: Any) -> None:
    """Let a request through only to the service's own address."""
    own, other = urlsplit(sitting.script.address), urlsplit(route.request.url)
    if (own.scheme, own.netloc) == (other.scheme, other.netloc) or other.scheme in {"data", "blob", "about"}:
        route.continue_()
        return
    message = f"{sitting.script.service}, age {sitting.age}: a request to {other.netloc} was stopped."
    if message not in sitting.problems:
        sitting.problems.append(message)
    route.abort()


def _do_step(sitting: _Sitting, step: Step) -> None:
    page, words = sitting.pages[step.account], sitting.names[step.account]
    target = _put_words(step.target, words)
    if step.verb == "open":
        answer = page.goto(f"{sitting.script.address}{target}")
        if answer is not None and answer.status >= 400:
            raise StepFailed(f"{target} answered {answer.status}")
    elif step.verb == "fill":
        _fill(page, target, _put_words(step.text, words))
    elif step.verb == "click":
        page.click(target)
        page.wait_for_load_state()
    elif step.verb == "read":
        _read(sitting, step, page, target)
    else:
        _take_picture(sitting, page, target)


def _put_words(text: str, words: dict[str, str]) -> str:
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return text


def _fill(page: Any, target: str, text: str) -> None:
    element = page.locator(target).first
    if element.evaluate("element => element.tagName") == "SELECT":
        element.select_option(text)
    else:
        element.fill(text)


def _read(sitting: _Sitting, step: Step, page: Any, target: str) -> None:
    element = page.locator(target).first
    if step.part == "present":
        page.locator(_put_words(step.beside, sitting.names[step.account])).first.wait_for(state="attached")
        raw = "yes" if element.count() else "no"
    elif step.part == "checked":
        raw = "yes" if element.is_checked() else "no"
    else:
        raw = element.input_value() if step.part == "value" else element.inner_text().strip()
    value = dict(step.values).get(raw)
    if value is None:
        where = f"{sitting.script.service}, age {sitting.age}, {step.setting}"
        sitting.problems.append(
            f'{where}: the page says "{raw}", which the script does not name. Add it to the values of that step.'
        )
    answer = {
        "setting": step.setting, "age": sitting.age, "value": value or NOT_TESTED, "evidence": "", "sha256": "",
        "quote": raw[:200],
    }  # fmt: skip
    sitting.answers.append(answer)
    sitting.waiting.append(answer)


def _take_picture(sitting: _Sitting, page: Any, name: str) -> None:
    """A screenshot is evidence for everything read since the last one."""
    data: bytes = page.screenshot(full_page=True)
    file = f"{sitting.age}-{name}.png"
    sitting.files[file] = data
    for answer in sitting.waiting:
        answer["evidence"], answer["sha256"] = file, hashlib.sha256(data).hexdigest()
    sitting.waiting.clear()


def merge_reads(answers: list[dict[str, Any]], orders: Mapping[str, tuple[str, ...]]) -> list[dict[str, Any]]:
    """One answer a setting. Where a script reads one several times the least safe counts: a setting that is safe in
    one place and open in another is open; a read that failed leaves it untested."""
    merged: dict[str, dict[str, Any]] = {}
    for answer in answers:
        setting = answer["setting"]
        order = (*orders[setting], NO_FEATURE, NOT_TESTED)
        kept = merged.setdefault(setting, answer)
        if kept is not answer and order.index(answer["value"]) > order.index(kept["value"]):
            merged[setting] = answer
    return list(merged.values())


def _give_up(sitting: _Sitting, why: str) -> None:
    sitting.problems.append(f"{sitting.script.service}, age {sitting.age}: a step failed and the rest was left: {why}")


def _settle(sitting: _Sitting) -> None:
    """Settings that were not reached are not tested; reads after the last picture keep that one."""
    if sitting.waiting and sitting.files:
        file, data = list(sitting.files.items())[-1]
        for answer in sitting.waiting:
            answer["evidence"], answer["sha256"] = file, hashlib.sha256(data).hexdigest()
    sitting.answers = merge_reads(sitting.answers, sitting.orders)
    seen = {answer["setting"] for answer in sitting.answers}
    for step in sitting.script.steps:
        if step.verb == "read" and step.setting not in seen:
            seen.add(step.setting)
            sitting.answers.append({"setting": step.setting, "age": sitting.age, "value": NOT_TESTED})
