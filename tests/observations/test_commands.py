"""``lagesbild import``, as a program and as a person meet it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lagesbild.accounts.actions import ensure_collaboration
from lagesbild.cli import main
from lagesbild.observations import uploads
from lagesbild.observations.models import BatchState, ImportBatch, Source
from lagesbild.observations.store import IncidentStore
from tests.cast import Cast
from tests.observations import csvfiles, world


def run(path: Path, *more: str, source: str = "Vakternas rapporter", collaboration: str = "ekby") -> Result:
    arguments = ["import", str(path), "--collaboration", collaboration, "--source", source, *more]
    return CliRunner().invoke(main, arguments)


def answer(result: Result) -> dict:
    return json.loads(result.stdout)


def test_a_good_file_is_stored_and_the_answer_is_json(cast: Cast, tmp_path: Path) -> None:
    result = run(csvfiles.good(tmp_path / "a.csv"), "--yes", "--json")
    assert result.exit_code == 0, result.output
    counts = {"added": 10, "updated": 0, "unchanged": 0, "refused": 0}
    assert answer(result).items() >= {**counts, "source": "vakternas-rapporter", "state": "applied"}.items()
    assert answer(result)["version"] == IncidentStore("ekby").version()
    assert IncidentStore("ekby").count() == 10


def test_the_same_file_again_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    path = csvfiles.good(tmp_path / "a.csv")
    first = answer(run(path, "--yes", "--json"))
    again = answer(run(path, "--yes", "--json"))
    assert (again["added"], again["updated"], again["unchanged"]) == (0, 0, 10)
    assert again["version"] == first["version"]
    assert Source.objects.count() == 1


def test_a_corrected_row_replaces_and_a_further_row_is_added(cast: Cast, tmp_path: Path) -> None:
    run(csvfiles.good(tmp_path / "a.csv"), "--yes", "--json")
    lines = [csvfiles.line(k, note="rättad" if k == 3 else "") for k in range(1, 12)]
    result = answer(run(csvfiles.write(tmp_path / "b.csv", *lines), "--yes", "--json"))
    assert (result["added"], result["updated"], result["unchanged"]) == (1, 1, 9)


def test_three_bad_rows_and_nothing_is_stored(cast: Cast, tmp_path: Path) -> None:
    result = run(csvfiles.with_three_bad_rows(tmp_path / "a.csv"), "--yes", "--json")
    assert result.exit_code == 2
    told = answer(result)
    assert (told["added"], told["updated"], told["unchanged"], told["refused"]) == (0, 0, 0, 3)
    problems = Path(told["problems_file"]).read_text(encoding="utf-8-sig").splitlines()
    assert len(problems) == 1 + told["problems"]
    assert [line.split(";")[0].strip('"') for line in problems[1:]] == ["3", "4", "6"]
    assert IncidentStore("ekby").version() is None
    assert ImportBatch.objects.get().state == BatchState.CHECKED


def test_a_refused_file_is_not_kept_and_personal_numbers_are_never_shown(cast: Cast, tmp_path: Path) -> None:
    result = run(csvfiles.with_three_bad_rows(tmp_path / "a.csv"), "--yes", "--json")
    kept = [path for path in (tmp_path / "uploads").rglob("*") if path.is_file()]
    assert {path.name for path in kept} == {"problems.arrow", "problems.csv"}
    assert not any(b"811218" in path.read_bytes() for path in kept)
    assert "811218" not in result.output


def test_problems_are_listed_for_people_with_row_and_column(cast: Cast, tmp_path: Path) -> None:
    result = run(csvfiles.with_three_bad_rows(tmp_path / "a.csv"), "--yes")
    assert result.exit_code == 2
    assert '"2025-02-30"' in result.stderr
    assert '"Datum"' in result.stderr
    assert result.stdout == ""


def test_without_yes_and_without_anybody_to_ask_nothing_happens(cast: Cast, tmp_path: Path) -> None:
    result = run(csvfiles.good(tmp_path / "a.csv"))
    assert result.exit_code == 2
    assert not Source.objects.exists()
    assert IncidentStore("ekby").version() is None


@pytest.fixture
def somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input is a terminal."""
    monkeypatch.setattr("lagesbild.observations.commands.someone_watches", lambda: True)


def ask(path: Path, answers: str) -> Result:
    arguments = ["import", str(path), "--collaboration", "ekby", "--source", "vakter"]
    return CliRunner().invoke(main, arguments, input=answers)


@pytest.mark.django_db(transaction=True)  # files are deleted once the change is committed
def test_a_person_is_asked_before_a_source_is_made_and_before_anything_is_stored(
    cast: Cast, tmp_path: Path, somebody: None
) -> None:
    path = csvfiles.good(tmp_path / "a.csv")
    assert ask(path, "n\n").exit_code == 1
    assert not Source.objects.exists()
    assert ask(path, "y\nn\n").exit_code == 1
    assert IncidentStore("ekby").version() is None
    assert ImportBatch.objects.get().state == BatchState.CANCELLED
    assert uploads.batch_folders() == []
    assert ask(path, "y\n").exit_code == 0
    assert IncidentStore("ekby").count() == 10


def test_an_unknown_collaboration_and_mapping_are_errors_of_input(cast: Cast, tmp_path: Path) -> None:
    path = csvfiles.good(tmp_path / "a.csv")
    assert run(path, "--yes", collaboration="finns-inte").exit_code == 2
    result = run(path, "--yes", "--json", "--mapping", "finns-inte")
    assert result.exit_code == 2
    assert "polisen" in json.loads(result.stderr)["error"]["message"]


def test_a_mapping_that_does_not_fit_is_an_error_of_input(cast: Cast, tmp_path: Path) -> None:
    result = run(csvfiles.good(tmp_path / "a.csv"), "--yes", "--json", "--mapping", "polisen")
    assert result.exit_code == 2
    assert json.loads(result.stderr)["error"]["code"] == "import.column_missing"


def test_the_mapping_of_another_source_can_be_named(cast: Cast, tmp_path: Path) -> None:
    run(csvfiles.good(tmp_path / "a.csv"), "--yes", "--json", source="Dag")
    result = run(csvfiles.good(tmp_path / "b.csv"), "--yes", "--json", "--mapping", "dag", source="Natt")
    assert answer(result)["added"] == 10


@pytest.mark.django_db(transaction=True)  # files are deleted once the change is committed
def test_a_file_that_is_no_table_is_an_error_of_input_and_leaves_nothing(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"%PDF-1.7 something")
    result = run(path, "--yes", "--json")
    assert result.exit_code == 2
    assert ImportBatch.objects.get().state == BatchState.FAILED
    assert uploads.batch_folders() == []


def test_an_exercise_source_says_so(cast: Cast, tmp_path: Path) -> None:
    run(csvfiles.good(tmp_path / "a.csv"), "--yes", "--json", "--exercise")
    assert Source.objects.get().is_exercise


def test_the_owner_of_a_new_source_can_be_named(cast: Cast, tmp_path: Path) -> None:
    run(csvfiles.good(tmp_path / "a.csv"), "--yes", "--json", "--owner", "ekbyhem")
    assert Source.objects.get().owner == cast.housing


def test_an_existing_source_is_found_by_name_or_short_name(cast: Cast, tmp_path: Path) -> None:
    world.source(cast.police, "polisen")
    run(csvfiles.good(tmp_path / "a.csv"), "--yes", "--json", source="Polisen")
    run(csvfiles.good(tmp_path / "a.csv"), "--yes", "--json", source="polisen")
    assert Source.objects.count() == 1


def test_a_collaboration_without_organisations_can_begin_with_an_import(cast: Cast, tmp_path: Path) -> None:
    ensure_collaboration("nystad", name="Nystad", actor=None)
    result = run(csvfiles.good(tmp_path / "a.csv"), "--yes", "--json", collaboration="nystad")
    assert answer(result)["added"] == 10
    assert Source.objects.get().owner.name == "Nystad"


def test_a_named_owner_that_does_not_exist_is_refused(cast: Cast, tmp_path: Path) -> None:
    result = run(csvfiles.good(tmp_path / "a.csv"), "--yes", "--json", "--owner", "finns-inte")
    assert result.exit_code == 2
    assert not Source.objects.exists()


def test_all_rows_can_be_said_to_be_of_one_type(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id;datum\n1;2025-01-01\n2;2025-01-02\n")
    assert run(path, "--yes", "--json").exit_code == 2
    assert answer(run(path, "--yes", "--json", "--type", "Bilstöld"))["added"] == 2
    assert IncidentStore("ekby").scan().collect()["source_type"].unique().to_list() == ["Bilstöld"]
