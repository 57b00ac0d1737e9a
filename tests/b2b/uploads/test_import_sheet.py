"""The review on the command line: its sentences, its exit status, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from b2b.uploads.models import HeadingMemory, Upload
from tests.sample.models import Part

pytestmark = pytest.mark.django_db
SOUND = "Part,Name,Weight\nP-1,Bolt,1.5\nP-2,Nut,0.2\n"
FAULTY = SOUND.replace("0.2", "heavy")
STRANGE = "Nr. intern,Was es ist\nP-1,Bolt\n"


@pytest.fixture
def imported(clerk: object, tmp_path: Path) -> Callable[..., str]:
    """What the command says of a file of that content."""

    def run(content: str, *options: str, name: str = "parts.csv") -> str:
        path, told = tmp_path / name, StringIO()
        path.write_text(content)
        call_command("import_sheet", "parts", str(path), *options, stdout=told)
        return told.getvalue()

    return run


def refused(imported: Callable[..., str], content: str, *options: str, name: str = "parts.csv") -> str:
    with pytest.raises(CommandError) as ended:
        imported(content, *options, name=name)
    assert ended.value.returncode == 1
    return str(ended.value)


def test_a_sound_table_is_applied(imported: Callable[..., str]) -> None:
    told = imported(SOUND)

    assert told.splitlines() == ["parts.csv: Reviewed", "  parts: part=A, name=B, weight=C", "  New: 2", "Applied."]
    assert set(Part.objects.values_list("code", flat=True)) == {"P-1", "P-2"}


def test_a_dry_run_tells_the_same_and_leaves_nothing(imported: Callable[..., str]) -> None:
    told = imported(SOUND, "--dry-run")

    assert told.splitlines()[-1] == "  New: 2"
    assert not Part.objects.exists()
    assert [upload.state for upload in Upload.objects.all()] == ["cancelled"]


def test_faults_are_told_by_cell_and_nothing_is_applied(imported: Callable[..., str]) -> None:
    assert refused(imported, FAULTY, "--dry-run") == "1 row has faults."
    assert refused(imported, FAULTY) == "1 row has faults."

    assert not Part.objects.exists()


def test_rows_without_faults_are_applied_where_that_is_asked(imported: Callable[..., str]) -> None:
    told = imported(FAULTY, "--only-valid")

    assert "  C3 Weight: This is not a number. Write a number such as 1234.5. [heavy]" in told.splitlines()
    assert set(Part.objects.values_list("code", flat=True)) == {"P-1"}


def test_what_is_unsure_is_asked_and_answered_by_letters(imported: Callable[..., str]) -> None:
    asked = refused(imported, STRANGE, "--dry-run")
    told = imported(STRANGE, "--column", "part=A", "--column", "name=B", "--dry-run")

    assert asked.startswith("Which row holds the headings?")
    assert told.splitlines()[-2:] == ["  parts: part=A, name=B", "  New: 1"]
    assert not HeadingMemory.objects.exists()


def test_who_says_that_there_are_no_headings_is_believed(imported: Callable[..., str]) -> None:
    told = imported("P-1,Bolt\nP-2,Nut\n", "--headings", "0", "--column", "part=A", "--column", "name=B")

    assert told.splitlines()[-2:] == ["  New: 2", "Applied."]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--column", "price=C"), "There is no column “price”. Choose one of: part, name, "),
        (("--column", "part=9"), "“part=9” names no column of the file. Write its letter, as in part=C."),
        (("--table", "Sheet7"), "The file has no table “Sheet7”, but “parts”."),
    ],
)
def test_a_wrong_answer_is_one_sentence(imported: Callable[..., str], options: tuple[str, str], sentence: str) -> None:
    assert refused(imported, STRANGE, *options).startswith(sentence)
    assert {upload.state for upload in Upload.objects.all()} <= {"cancelled"}


def test_a_file_that_is_none_or_no_table_is_one_sentence(imported: Callable[..., str], tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_sheet", "parts", str(tmp_path / "nothing.csv"))

    assert refused(imported, "%PDF-1.4", name="parts.pdf") == (
        "This is a PDF document. Send the table itself, as .xlsx or .csv."
    )


def test_it_speaks_chinese(imported: Callable[..., str]) -> None:
    with override("zh-hans"):
        told = imported(SOUND)

    assert told.splitlines()[-1] == "已生效。"
    assert "New" not in told


def test_the_same_file_again_is_no_fault_and_leaves_nothing_to_do(imported: Callable[..., str]) -> None:
    imported(SOUND)

    told = imported(SOUND)

    assert told.splitlines()[-1] == "There is nothing to apply: the file says what is there already."
    assert sorted(Upload.objects.values_list("state", flat=True)) == ["applied", "cancelled"]


def test_no_review_is_left_behind_that_nobody_waits_for(imported: Callable[..., str]) -> None:
    assert refused(imported, FAULTY) == "1 row has faults."
    assert refused(imported, FAULTY.replace("1.5", "light"), "--only-valid").startswith("The document is not ready")

    assert {upload.state for upload in Upload.objects.all()} == {"cancelled"}
    assert not Part.objects.exists()


def test_what_is_said_of_columns_counts_even_where_the_platform_was_sure(imported: Callable[..., str]) -> None:
    told = imported("Part,Name,Weight,Long name\nP-1,Bolt,1,Hexagon bolt\n", "--column", "name=D")

    assert "  parts: part=A, weight=C, name=D" in told.splitlines()
    assert Part.objects.get().name == "Hexagon bolt"


def test_headings_may_be_pointed_at_alone(imported: Callable[..., str]) -> None:
    told = imported("Part,Name\nPart,Name\nP-1,Bolt\n", "--headings", "2", "--dry-run")

    assert told.splitlines()[-1] == "  New: 1"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--target", "PO-1"), "This kind of table goes into no document. Leave it out."),
        (("--currency", "euro"), "“euro” is no currency. Write its code, such as EUR."),
        (("--headings", "-1"), "Rows are counted from 1; 0 says that there are no headings."),
        (("--organisation", "Nobody & Sons"), "Nobody there may bring this kind of table; it is for: buyer."),
        (("--as", "stranger@example.org"), "Nobody there may bring this kind of table; it is for: buyer."),
    ],
)
def test_an_option_that_cannot_be_right_is_refused_before_the_file_is_read(
    imported: Callable[..., str], options: tuple[str, str], sentence: str
) -> None:
    assert refused(imported, SOUND, *options) == sentence
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("environment", "options", "last"),
    [
        ({"LANG": "zh_CN.UTF-8"}, (), "已生效。"),
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "de_DE.UTF-8"}, (), "已生效。"),
        ({"LANG": "C.UTF-8"}, (), "Applied."),
        ({"LANG": "zh_CN.UTF-8"}, ("--language", "en"), "Applied."),
        ({"LANG": ""}, ("--language", "zh-hans"), "已生效。"),
    ],
)
def test_the_environment_or_an_option_says_the_language(
    imported: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    options: tuple[str, ...],
    last: str,
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, environment.get(name, ""))

    assert imported(SOUND, *options).splitlines()[-1] == last


@pytest.mark.usefixtures("clerk")
def test_of_thousands_of_faults_the_first_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    path, told = tmp_path / "parts.csv", StringIO()
    path.write_text("Part,Name,Weight\n" + "".join(f"P-{number},Bolt,heavy\n" for number in range(3_000)))

    with pytest.raises(CommandError, match="3000 rows have faults"):
        call_command("import_sheet", "parts", str(path), stdout=told)

    assert "  C2 Weight: " in told.getvalue()
    assert told.getvalue().splitlines()[-1] == "  … and 2950 more rows."
