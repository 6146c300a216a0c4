"""The table of settings: every value read and checked, unknown names refused, secrets from files."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lagesbild.core.configuration import PREFIX, SETTINGS, ConfigurationError, read, secret_key

pytestmark = pytest.mark.one_database


def test_without_any_variable_every_setting_has_its_default() -> None:
    values = read({})
    assert values["port"] == 8000
    assert values["language"] == "sv"
    assert values["https"] is False
    assert values["allowed_hosts"] == ("127.0.0.1", "localhost", "[::1]")


def test_names_are_unique_and_each_setting_has_a_reason_in_words() -> None:
    names = [setting.name for setting in SETTINGS]
    assert len(names) == len(set(names))
    assert all(setting.help.endswith(".") for setting in SETTINGS)


def test_an_unknown_name_is_refused_and_the_known_ones_are_told() -> None:
    with pytest.raises(ConfigurationError, match=r"LAGESBILD_PROT is not a setting.*LAGESBILD_PORT"):
        read({"LAGESBILD_PROT": "8000"})


def test_variables_of_others_are_left_alone() -> None:
    assert read({"LAGES": "1", "PORT": "x"})["port"] == 8000


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("PORT", "-1", "a whole number"),
        ("PORT", "8.5", "a whole number"),
        ("HTTPS", "ja", "true, yes"),
        ("LANGUAGE", "fi", "sv or en"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_with_what_is_allowed(name: str, value: str, wanted: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{PREFIX}{name} must be .*{wanted}.*Got '{value}'"):
        read({PREFIX + name: value})


def test_a_secret_may_come_from_a_file_and_wins_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql://a:b@c/d\n")
    assert read({"LAGESBILD_DATABASE_URL_FILE": str(file)})["database_url"] == "postgresql://a:b@c/d"
    with pytest.raises(ConfigurationError, match="LAGESBILD_PORT_FILE is not a setting"):
        read({"LAGESBILD_PORT_FILE": str(file)})


def test_a_secret_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"LAGESBILD_SECRET_KEY_FILE: cannot read .*nowhere"):
        read({"LAGESBILD_SECRET_KEY_FILE": str(tmp_path / "nowhere")})


def test_the_signing_key_is_made_once_and_only_the_owner_reads_it(tmp_path: Path) -> None:
    values = read({"LAGESBILD_DATA_DIR": str(tmp_path / "new")})
    key = secret_key(values)
    assert len(key) > 60
    assert secret_key(values) == key
    files = list((tmp_path / "new").iterdir())
    assert [file.name for file in files] == ["secret_key"]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600


def test_wrong_settings_stop_the_command_line_with_code_2_and_no_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lagesbild", "migrate"],
        env={"LAGESBILD_PORT": "many", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "LAGESBILD_PORT must be a whole number" in done.stderr
    assert "Traceback" not in done.stderr
