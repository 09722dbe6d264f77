"""A section goes out as a document and comes back: exactly, after a look, never over somebody's words."""

import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from lxml import html

from plans.models import PlanUpload, SectionState, Text
from plans.transfer.documents import read_document, section_document, written
from tests.plans.pages import address, form_of
from tests.plans.transfer_files import zipped
from tests.situations import started_plan

pytestmark = pytest.mark.django_db
KEY = "wizja"


@pytest.fixture
def draft(cast):
    version = started_plan(cast).latest()
    Text.objects.filter(version=version, key=KEY).update(body="Pierwszy akapit.\n\n- jeden\n- dwa")
    return version


def download(client, version, key=KEY):
    return docx.Document(io.BytesIO(client.get(f"/plany/{version.plan_id}/sekcje/{key}/sekcja.docx").content))


def content_of(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def upload(client, version, content, key=KEY, name="wizja.docx"):
    return client.post(address(version, key) + "dokument/", {"file": SimpleUploadedFile(name, content)})


def said(response):
    return " ".join(html.fromstring(response.content).xpath("//main")[0].text_content().split())


def revision_in(response):
    return html.fromstring(response.content).xpath("//main//input[@name='revision']")[0].get("value")


NASTY = {
    "nothing": "",
    "one line": "Jedna linia.",
    "blank lines": "Pierwszy.\n\nDrugi.\n\n\n\nTrzeci.",
    "lists": "Cele:\n- pierwszy\n- drugi\n\n1. raz\n2. dwa\n3. trzy\n\nKoniec.",
    "numbers that are no list": "3. maja\n1990. rok\n7. dzień",
    "other bullets": "– pauza\n• kropka\n-bez spacji\n- \n-",
    "spaces": "a  b\n   wcięcie\n\tz tabulatorem\ta\n   \nkoniec",
    "odd spaces": "twarda\xa0spacja\u202fwąska\u2003szeroka\u200bzerowa",
    "marks of the language": "„Cytat” – myślnik… <b>&amp;</b> ]]> {{ x }} %s \\n _x000B_",
    "other alphabets": "Żółć 😀 عربى \u202e odwrotnie \u2028 linia",
    "our own mark": "portal-jst:1/1/wizja/9",
    "long": "słowo " * 3000 + "koniec",
}


@pytest.mark.parametrize("kind", NASTY)
def test_a_text_comes_back_as_it_left(cast, draft, tmp_path, kind):
    section = next(one for one in draft.plan.template.sections.all() if one.key == KEY)
    path = tmp_path / "x.docx"
    path.write_bytes(section_document(draft, section, body=NASTY[kind], revision=4))

    brought = read_document(path)

    assert brought.body == NASTY[kind]
    assert (brought.plan, brought.section, brought.revision) == (draft.plan_id, KEY, 4)
    assert brought.notes == []


def test_what_no_document_can_hold_is_left_out_and_is_no_difference():
    assert written("a\x0bb\x00c\ufffe\r\nd") == "abc\nd"


def test_an_edited_document_is_shown_first_and_saved_by_the_button(cast, browse, draft):
    client = browse(cast.author)
    document = download(client, draft)
    document.add_paragraph("Nowy akapit.")
    where = upload(client, draft, content_of(document)).url

    seen = client.get(where)
    before = Text.objects.get(version=draft, key=KEY).body
    client.post(where, {"revision": revision_in(seen)})

    assert "Nowy akapit." in said(seen)
    assert before == "Pierwszy akapit.\n\n- jeden\n- dwa"
    assert Text.objects.get(version=draft, key=KEY).body == before + "\nNowy akapit."
    assert PlanUpload.objects.get().applied_at


def test_an_untouched_document_changes_nothing(cast, browse, draft):
    client = browse(cast.author)

    where = upload(client, draft, content_of(download(client, draft))).url

    assert "there is nothing to change" in said(client.get(where))


def test_lists_made_by_the_program_come_back_as_lists(cast, browse, draft):
    client = browse(cast.author)
    document = download(client, draft)
    for words, style in [("a", "List Bullet"), ("b", "List Number"), ("c", "List Number"), ("d", None)]:
        document.add_paragraph(words, style=style)

    seen = client.get(upload(client, draft, content_of(document)).url)

    assert "- a 1. b 2. c d" in said(seen)


def test_tracked_changes_count_as_made_and_what_has_no_place_is_said(cast, browse, draft):
    client = browse(cast.author)
    document = download(client, draft)
    paragraph = document.add_paragraph("Będzie ")
    run = "<w:r><w:t>{}</w:t></w:r>"
    for tag, words in (("ins", "nowe"), ("del", "stare")):
        text = run.format(words).replace("w:t>", "w:delText>") if tag == "del" else run.format(words)
        paragraph._p.append(parse_xml(f"<w:{tag} {nsdecls('w')}>{text}</w:{tag}>"))
    document.add_table(1, 1).cell(0, 0).text = "w tabeli"

    seen = said(client.get(upload(client, draft, content_of(document)).url))

    assert "Będzie nowe" in seen
    assert "stare" not in seen.split("Differences")[1]
    assert "Tables became lines of text." in seen
    assert "Tracked changes are taken as accepted." in seen


def test_words_saved_meanwhile_are_shown_and_lost_by_no_accident(cast, browse, draft):
    client, other = browse(cast.author), browse(cast.lead)
    document = download(client, draft)
    document.add_paragraph("Z dokumentu.")
    other.post(address(draft, KEY), form_of(other.get(address(draft, KEY))) | {"body": "Z formularza."})
    where = upload(client, draft, content_of(document)).url

    seen = client.get(where)
    client.post(where, {"revision": "0"})

    assert "changed after this document was downloaded" in said(seen)
    assert "Z formularza." in said(seen)
    assert Text.objects.get(version=draft, key=KEY).body == "Z formularza."
    both = said(client.get(address(draft, KEY) + "?moje"))
    assert "Z formularza." in both
    assert "Z dokumentu." in both


def test_the_document_may_replace_what_was_saved_meanwhile_if_that_was_seen(cast, browse, draft):
    client = browse(cast.author)
    document = download(client, draft)
    document.add_paragraph("Z dokumentu.")
    client.post(address(draft, KEY), form_of(client.get(address(draft, KEY))) | {"body": "Z formularza."})
    where = upload(client, draft, content_of(document)).url

    client.post(where, {"revision": revision_in(client.get(where))})

    assert Text.objects.get(version=draft, key=KEY).body.endswith("Z dokumentu.")
    assert SectionState.objects.get(version=draft, key=KEY).revision == 2


def test_properties_dropped_by_a_program_are_found_in_the_document_itself(cast, browse, draft):
    client = browse(cast.author)
    document = download(client, draft)
    document.core_properties.keywords = document.core_properties.identifier = ""

    assert upload(client, draft, content_of(document)).status_code == 302


def no_mark():
    return content_of(docx.Document())


WRONG = {
    "a document from elsewhere": (no_mark, "does not say from which section"),
    "not a document": (lambda: b"%PDF-1.4", "not what its name says"),
    "broken": (lambda: b"PK\x03\x04xxxx", "damaged"),
    "a bomb": (lambda: zipped(a__xml=b" " * (70 * 1024 * 1024)), "larger than"),
    "entities": (
        lambda: zipped(**{"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}),
        "document type or entities",
    ),
    "another archive": (lambda: zipped(**{"a.txt": b"x"}), "damaged"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_no_document_of_the_section_gets_a_sentence_and_is_not_kept(cast, browse, draft, kind):
    make, sentence = WRONG[kind]

    answer = upload(browse(cast.author), draft, make())

    assert answer.status_code == 422
    assert sentence in said(answer)
    assert not PlanUpload.objects.exists()


def test_a_document_of_another_section_is_refused(cast, browse, draft):
    client = browse(cast.author)
    other = next(s.key for s in draft.plan.template.sections.all() if s.is_narrative and s.key != KEY)

    answer = upload(client, draft, content_of(download(client, draft)), key=other)

    assert "another section" in said(answer)
