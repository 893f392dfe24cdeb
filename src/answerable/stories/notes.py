"""Notes to editors: what was asked, of whom, under which law, how it was counted, and where it can be checked.

They close every Story. The trap: documents made again from published figures must say so, with the published
source, wherever their numbers go.
"""

from dataclasses import dataclass

from answerable.model import Reply, Sentence
from answerable.stories.answers import tell_answer, tell_answers
from answerable.stories.ground import Ground, find_authority, list_comparisons
from answerable.stories.references import list_references
from answerable.stories.wording import count_noun, name_source, write_date, write_iso_date, write_list

LAWS = {
    "FOIA": "Freedom of Information Act 2000",
    "FOISA": "Freedom of Information (Scotland) Act 2002",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address with the words that stand for it."""

    text: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note to editors: a heading, its sentences and the addresses it rests on."""

    title: str
    sentences: tuple[Sentence, ...]
    links: tuple[Link, ...] = ()


def write_notes(ground: Ground, where: str | None) -> tuple[Note, ...]:
    """Every note that applies to this place, in a fixed order."""
    reply = ground.replies.get(where) if where else None
    notes = [
        _note_question(ground),
        _note_request(ground, where, reply),
        _note_method(ground),
        _note_second(ground),
        _note_references(ground, where),
        _note_recreated(ground, where, reply),
        _note_simulated(ground),
        _note_right_of_reply(ground, where),
        _note_contact(ground),
    ]
    return tuple(note for note in notes if note and (note.sentences or note.links))


def _say(*texts: str) -> tuple[Sentence, ...]:
    return tuple(Sentence(kind="note", text=text) for text in texts if text)


def _note_question(ground: Ground) -> Note:
    question = ground.headline
    return Note(title="The question", sentences=_say(f"Question {question.number}: {question.text}"))


def _note_request(ground: Ground, where: str | None, reply: Reply | None) -> Note:
    survey = ground.survey
    spans = [f"{item.id} ({write_date(item.start)} to {write_date(item.end)})" for item in survey.periods]
    authorities = survey.authorities
    if where and not where.startswith("region:"):
        authorities = (find_authority(survey, where),)
    laws = [LAWS[law] for law in sorted({item.law for item in authorities})]
    asked = f"The request was made under the {write_list(laws)} to {count_noun(survey, len(survey.authorities))}."
    texts = [asked, f"{'Periods' if len(spans) > 1 else 'Period'}: {write_list(spans)}."]
    if reply and reply.received and not reply.recreated_from:
        reference = f" (reference {reply.reference})" if reply.reference else ""
        texts.append(f"The reply was received on {write_date(reply.received)}{reference}.")
    return Note(title="The request", sentences=_say(*texts))


def _note_method(ground: Ground) -> Note:
    survey = ground.survey
    texts = [survey.method_note, survey.source_note]
    if list_comparisons(survey):
        texts.append(
            f"A change is computed only over {survey.authority_noun[1]} with comparable figures for both periods. "
            "The test is the exact conditional test of two counts, each over the days of its period. "
            f"No percentage is given from a base under {survey.small_base}."
        )
    texts.append(
        f"The counts are of {ground.headline.unit} recorded by {survey.recorded_by or 'the authority'}; "
        "they say nothing about what was never reported or never recorded."
    )
    return Note(title="How it was counted", sentences=_say(*texts))


def _note_second(ground: Ground) -> Note | None:
    """What two people who read a sample again made of it, with the error rate and its interval."""
    found = {kind: ground.kinds.get(kind, ()) for kind in ("reading_agreement", "reading_kappa", "reading_error")}
    agreement, kappa, error = (items[0] if items else None for items in found.values())
    if agreement is None:
        return None
    share = f"That is {_write_share(agreement.value)}"
    share += f" (Cohen's kappa {kappa.value:.2f})." if kappa and isinstance(kappa.value, float) else "."
    texts = [f"Two people who did not see the first reading read a sample again. {agreement.note} {share}"]
    if error is not None:
        texts.append(
            f"{error.note} That is an error rate of {_write_share(error.value)}, "
            f"95% interval {_write_share(error.low)} to {_write_share(error.high)}."
        )
    named = tuple(figure.id for figure in (agreement, kappa, error) if figure is not None)
    sentences = tuple(Sentence(kind="note", text=text, figures=named) for text in texts)
    return Note(title="How the reading was checked", sentences=sentences)


def _write_share(value: float | int | str | None) -> str:
    return f"{value:.1f}%" if isinstance(value, int | float) else ""


def _note_references(ground: Ground, where: str | None) -> Note | None:
    items = [*list_references(ground), *(list_references(ground, where) if where else ())]
    addresses = {item.source: item for item in items if item.source}
    links = tuple(
        Link(text=f"{name_source(address)}, {write_iso_date(item.published)}", address=address)
        for address, item in addresses.items()
    )
    text = "Published totals are given as published, with their own number of authorities; they are not ours."
    return Note(title="Published figures quoted", sentences=_say(text), links=links) if links else None


def _note_recreated(ground: Ground, where: str | None, reply: Reply | None) -> Note | None:
    if where is None or where.startswith("region:"):
        n = sum(1 for item in ground.replies.values() if item.recreated_from)
        text = (
            f"The documents of {count_noun(ground.survey, n)} were re-created from published figures. "
            "They are not the originals; each page that shows one says so and names the source."
        )
        return Note(title="Re-created documents", sentences=_say(text)) if n else None
    if reply is None or not reply.recreated_from:
        return None
    text = "The document behind this figure was re-created from the published figures below. It is not the original."
    links = tuple(Link(text=name_source(item), address=item) for item in reply.recreated_from)
    return Note(title="Re-created document", sentences=_say(text), links=links)


def _note_simulated(ground: Ground) -> Note | None:
    text = "This survey is simulated: its replies were made up to show the method. No number here is real."
    return Note(title="Simulated", sentences=_say(text)) if ground.survey.simulated else None


def _note_right_of_reply(ground: Ground, where: str | None) -> Note:
    noun = ground.survey.authority_noun[0]
    whom = f"The {noun}" if where and not where.startswith("region:") else f"Each {noun}"
    text = f"{whom} can confirm or correct its figures at any time; a correction is published as an erratum."
    return Note(title="Right of reply", sentences=(*_tell_own(ground, where), *_say(text)))


def _tell_own(ground: Ground, where: str | None) -> tuple[Sentence, ...]:
    authorities = ground.survey.authorities
    if where is None:
        return tell_answers(ground, authorities)
    if where.startswith("region:"):
        return tell_answers(ground, (item for item in authorities if item.region == where.removeprefix("region:")))
    return tell_answer(ground, find_authority(ground.survey, where), with_words=False)


def _note_contact(ground: Ground) -> Note | None:
    contact = ground.survey.contact
    if contact is None:
        return None
    parts = [contact.name, contact.email, contact.telephone]
    return Note(title="Contact", sentences=_say(", ".join(part for part in parts if part)))
