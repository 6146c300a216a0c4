"""The command line as programs and people meet it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lagesbild import __version__
from lagesbild.accounts.models import Collaboration, Membership, User
from lagesbild.cli import main
from tests.cast import Cast


def lagesbild(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=text, prog_name="lagesbild")


def test_help_shows_every_command_without_loading_one() -> None:
    """`lagesbild --help` must answer at once; loading the analysis would take seconds."""
    script = "import sys; from lagesbild.cli import main; main(['--help'], standalone_mode=False); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env={})
    assert "Import incidents from FILE" in done.stdout
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {"polars", "numba", "scipy", "django.apps", "lagesbild.settings"}


def test_the_version_is_that_of_the_package() -> None:
    assert lagesbild("--version").output == f"lagesbild, version {__version__}\n"


def test_an_unknown_command_ends_with_code_2() -> None:
    assert lagesbild("make-coffee").exit_code == 2


def test_errors_are_json_when_json_was_asked_for(db: None) -> None:
    result = lagesbild("collaboration", "list", "--json", "--nonsense")
    assert result.exit_code == 2
    assert json.loads(result.stderr)["error"]["code"] == "usage"


def test_the_way_of_a_new_server_to_its_first_administrator(db: None) -> None:
    steps = [
        ("collaboration", "add", "centrum", "--name", "Trygga centrum"),
        ("organisation", "add", "kommunen", "--collaboration", "centrum", "--name", "Kommunen"),
        ("user", "add", "Anna@Kommunen.se", "--name", "Anna Ek"),
        (
            "membership", "set", "anna@kommunen.se", "--collaboration", "centrum", "--organisation", "kommunen",
            "--function", "Trygghetssamordnare", "--role", "administrator", "--forum", "operational",
        ),
    ]  # fmt: skip
    for step in [*steps, *steps]:  # each may be repeated
        result = lagesbild(*step, text="hemligt-langt-ord\nhemligt-langt-ord\n")
        assert result.exit_code == 0, result.output
    anna = Membership.objects.select_related("user", "function").get()
    assert (anna.user.email, anna.role) == ("anna@kommunen.se", "administrator")
    assert (anna.function.operational, anna.function.steering) == (True, False)
    assert anna.user.check_password("hemligt-langt-ord")


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (("collaboration", "add", "å ä", "--name", "x"), "letters a-z"),
        (("collaboration", "add", "x", "--name", "x", "--working-crs", "4326"), "no metres"),
        (("collaboration", "add", "x", "--name", "x", "--working-crs", "1"), "no metres"),
        (("collaboration", "add", "x", "--name", "x", "--time-zone", "Ekby"), "no time zone"),
        (("organisation", "add", "x", "--collaboration", "nowhere", "--name", "x"), 'no collaboration "nowhere"'),
        (("user", "add", "anna", "--name", "x", "--password", "hemligt-langt-ord"), ""),
        (("user", "add", "a@b.se", "--name", "x", "--password", "kort"), ""),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_stored(db: None, step: tuple[str, ...], said: str) -> None:
    result = lagesbild(*step)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not Collaboration.objects.exists()
    assert not User.objects.exists()


def test_collaborations_are_listed_for_programs(cast: Cast) -> None:
    answer = json.loads(lagesbild("collaboration", "list", "--json").stdout)
    assert answer == [{"slug": "ekby", "name": "Trygga Ekby"}, {"slug": "sjovik", "name": "Sjövik centrum"}]


def test_check_shows_settings_but_no_secret(
    db: None, data_dir: Path, monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    from lagesbild.core.configuration import read

    monkeypatch.setenv("LAGESBILD_SECRET_KEY", "hush-hush")
    settings.LAGESBILD = read({"LAGESBILD_SECRET_KEY": "hush-hush", "LAGESBILD_DATA_DIR": str(data_dir)})
    result = lagesbild("check", "--json")
    assert "hush-hush" not in result.output
    answer = json.loads(result.stdout)
    rows = {row["name"]: row for row in answer["settings"]}
    assert (rows["LAGESBILD_SECRET_KEY"]["value"], rows["LAGESBILD_SECRET_KEY"]["from"]) == ("(hidden)", "environment")
    assert rows["LAGESBILD_PORT"]["value"] == "8000"
    by_name = {finding["what"]: finding["in_order"] for finding in answer["checks"]}
    assert by_name["Database"] is True


def test_check_ends_with_code_1_when_something_is_missing(db: None, data_dir: Path) -> None:
    result = lagesbild("check", "--json")
    assert result.exit_code == 1
    findings = {each["what"]: each for each in json.loads(result.stdout)["checks"]}
    assert findings["Front-end files"] == {
        "what": "Front-end files", "in_order": False, "note": "missing: run `lagesbild collect`"
    }  # fmt: skip


def test_collecting_front_end_files_twice_changes_nothing(data_dir: Path) -> None:
    first = lagesbild("collect")
    assert first.exit_code == 0
    files = {path: path.read_bytes() for path in (data_dir / "static" / "vendor").iterdir()}
    assert {"maplibre-gl.js", "maplibre-gl.css", "htmx.min.js", "vega.js"} <= {path.name for path in files}
    assert lagesbild("collect").exit_code == 0
    assert {path: path.read_bytes() for path in (data_dir / "static" / "vendor").iterdir()} == files
