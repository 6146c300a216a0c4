"""The real server, started as a person would, with its worker beside it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

Server = tuple["subprocess.Popen[bytes]", int]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(other_process: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-m", "lagesbild", "serve", "--port", str(port)]
    log = tmp_path / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=other_process, stdout=file, stderr=file)
    try:
        until(lambda: "answers at" in log.read_text() or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        yield process, port
    finally:
        children = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.kill()
        process.wait()
        for child in children:
            if child.is_running():
                child.kill()


def until(condition) -> None:
    for _ in range(3000):  # five minutes: a busy machine must not fail a test
        if condition():
            return
        time.sleep(0.1)
    raise TimeoutError


def get(port: int, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes, dict[str, str]]:
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path, headers=headers or {})
    answer = connection.getresponse()
    return answer.status, answer.read(), dict(answer.getheaders())


def workers(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    return [each for each in psutil.Process(process.pid).children(recursive=True) if "worker" in each.cmdline()]


def test_a_new_user_meets_the_sign_in_page_with_style_and_scripts(server: Server) -> None:
    process, port = server
    status, _, headers = get(port, "/")
    assert (status, headers["location"]) == (302, "/accounts/login/?next=/")
    status, body, headers = get(port, headers["location"])
    assert status == 200
    assert b'<html lang="sv"' in body
    assert "default-src 'self'" in headers["content-security-policy"]
    for file in ("web/style.css", "vendor/htmx.min.js", "vendor/maplibre-gl.js", "vendor/vega.js"):
        assert get(port, f"/static/{file}")[0] == 200, file
    assert get(port, "/static/../lagesbild.sqlite3")[0] in (302, 400, 404)

    first = workers(process)
    assert len(first) == 1
    process.send_signal(signal.SIGTERM)
    assert process.wait(120) == 0
    until(lambda: not first[0].is_running())


def test_the_worker_ends_when_the_server_is_killed(server: Server) -> None:
    process, _ = server
    until(lambda: workers(process))
    everyone = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    until(lambda: not any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in everyone))


def test_a_taken_port_and_a_database_without_tables_are_said_at_once(tmp_path: Path) -> None:
    environment = {"LAGESBILD_DATA_DIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}

    def serve(port: int) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "lagesbild", "serve", "--port", str(port)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = serve(taken.getsockname()[1])
    assert refused.returncode == 2
    assert "Cannot listen on 127.0.0.1" in refused.stderr
    unready = serve(free_port())
    assert unready.returncode == 2
    assert "lagesbild migrate" in unready.stderr


SET_UP_AND_SERVE = """
import sys

import django

django.setup()
from django.test import Client
from lagesbild.operate import serving
from tests.cast import make_cast
from tests.picture.world import planted

cast = make_cast()
planted(cast)
client = Client()
client.force_login(cast.anna.user)
session = client.cookies["sessionid"].value
serving.serve(
    host="127.0.0.1", port=int(sys.argv[1]), processes=1, worker=False, ready=lambda: print(session, flush=True)
)
"""


def test_the_picture_is_shown_by_a_server_that_has_stored_incidents_itself(other_process: dict[str, str]) -> None:
    port = free_port()
    environment = {**other_process, "DJANGO_SETTINGS_MODULE": "lagesbild.settings"}
    command = [sys.executable, "-c", SET_UP_AND_SERVE, str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        session = process.stdout.readline().strip()
        status, page, _ = get(port, "/c/ekby/picture/", {"Cookie": f"sessionid={session}"})
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)
    assert status == 200
    assert "Narkotika" in page.decode() or "narcotics" in page.decode()
