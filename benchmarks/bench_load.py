"""Many people at once on a large forum: the real server on SQLite and on PostgreSQL, response times and errors.

Run: python benchmarks/bench_load.py [--users 50] [--seconds 30] [--pause 3] [--only sqlite|postgresql]

One collaboration has 500 open matters and 5,000 actions, and a meeting under way. So many people, all signed in and
each with an own connection, ask for a page, look at it for a moment (a random pause whose mean is ``--pause`` seconds;
0 for none at all) and ask for the next: the desk, a matter, the forum, the meeting, the plan as list and board, an
action; one request in ten raises a matter or changes an action. The server is the one that `lagesbild serve` starts,
with its worker beside it (what making so many records left in its queue is done first); server, database and the
people share the machine. Signing in is not measured. Needs no network and leaves nothing behind. Goal: 95 of 100
answers within 500 ms, no errors.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

BASE = "/c/ekby/"
TOKEN = "a" * 32  # what a browser would have been given; the check is that cookie and header agree
PAGES = {  # how often each is asked for
    "matters, the desk": 16,
    "a matter": 16,
    "the forum": 8,
    "the meeting": 10,
    "action plan, list": 14,
    "action plan, board": 10,
    "an action": 14,
    "raise a matter": 5,
    "change an action": 5,
}
GOAL_MS = 500


@dataclass
class Told:
    """What happened, by page."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)

    def add(self, page: str, seconds: float, error: str = "") -> None:
        self.seconds.setdefault(page, []).append(seconds)
        if error:
            self.errors.setdefault(page, []).append(error)


class Form(HTMLParser):
    """What the form of a page would send if nothing were changed; without its long texts."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, str] = {}
        self.name = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag in ("select", "textarea"):
            self.name = has.get("name") or ""
        elif tag == "option" and "selected" in has:
            self.said[self.name] = has.get("value") or ""
        elif tag == "input" and has.get("name") and (has.get("type") not in ("checkbox", "radio") or "checked" in has):
            self.said[str(has["name"])] = has.get("value") or ""


class Person:
    """One who is signed in, with a connection of their own."""

    def __init__(self, port: int, session: str, world: dict[str, Any], *, seed: int) -> None:
        self.port, self.world = port, world
        self.random = random.Random(seed)
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, page: str, told: Told) -> None:
        """Ask for one page; to change an action, its form first."""
        number = self.random.randrange(1, self.world["actions"])
        if page == "change an action":
            form = Form()
            form.feed(self._request("the form of an action", "GET", f"actions/{number}/edit/", told))
            said = form.said | {"title": f"Åtgärd {number} {self.random.random():.3f}", "due_on": "2027-01-15"}
            self._request(page, "POST", f"actions/{number}/edit/", told, said)
        elif page == "raise a matter":
            said = {"object_kind": "lamp", "location": f"stolpe {self.random.randrange(10**9)}", "sharing": "partners"}
            self._request(page, "POST", "matters/raise/", told, {**said, "confirmed": "1"})
        else:
            self._request(page, "GET", self._address(page, number), told)

    def _address(self, page: str, number: int) -> str:
        return {
            "matters, the desk": f"matters/?page={1 + number % 10}",
            "a matter": f"matters/{1 + number % self.world['matters']}/",
            "the forum": f"forums/{self.world['forum']}/",
            "the meeting": f"meetings/{self.world['meeting']}/",
            "action plan, list": f"actions/?page={1 + number % 40}",
            "action plan, board": "actions/?view=board",
            "an action": f"actions/{number}/",
        }[page]

    def _request(self, page: str, method: str, path: str, told: Told, said: dict[str, str] | None = None) -> str:
        body = urlencode(said).encode() if said else None
        headers = {**self.headers, "Content-Type": "application/x-www-form-urlencoded"} if body else self.headers
        began, error, text = time.perf_counter(), "", ""
        try:
            self.connection.request(method, BASE + path, body=body, headers=headers)
            answer = self.connection.getresponse()
            text = answer.read().decode()
            wanted = (302, 409) if method == "POST" else (200,)  # 409: another changed the same action
            if answer.status not in wanted:
                error = f"{method} {path}: {answer.status}"
        except (OSError, http.client.HTTPException) as trouble:
            error = f"{method} {path}: {trouble!r}"
            self.connection.close()
        told.add(page, time.perf_counter() - began, error)
        return text


def load(port: int, world: dict[str, Any], *, seconds: float, pause_s: float, processes: int) -> Told:
    """Everybody at once for so long."""
    told = Told()
    people = [Person(port, session, world, seed=number) for number, session in enumerate(world["sessions"])]
    for person in people[: 4 * processes]:
        for page in PAGES:  # the first of each kind in a process loads code, which is done once and not counted
            person.ask(page, Told())
    until = time.monotonic() + seconds

    def work(person: Person) -> None:
        while time.monotonic() < until:
            if pause_s:
                time.sleep(person.random.expovariate(1 / pause_s))
            person.ask(person.random.choices(list(PAGES), weights=list(PAGES.values()))[0], told)

    threads = [threading.Thread(target=work, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def show(name: str, told: Told, *, seconds: float) -> bool:
    """The table; whether the goal is met."""
    everything = [each for page in told.seconds.values() for each in page]
    n_errors = sum(map(len, told.errors.values()))
    print(f"\n{name}: {len(everything)} requests, {len(everything) / seconds:.0f} a second")
    print(f"{'page':24} {'n':>6} {'p50 ms':>8} {'p95 ms':>8} {'errors':>7}")
    for page in [*PAGES, "the form of an action"]:
        times = told.seconds.get(page, [])
        if times:
            n_wrong = len(told.errors.get(page, []))
            print(f"{page:24} {len(times):6} {_ms(times, 50):8.0f} {_ms(times, 95):8.0f} {n_wrong:7}")
    print(f"{'all':24} {len(everything):6} {_ms(everything, 50):8.0f} {_ms(everything, 95):8.0f} {n_errors:7}")
    for errors in told.errors.values():
        print(f"  {errors[0]}")
    return n_errors == 0 and _ms(everything, 95) < GOAL_MS


def _ms(times: list[float], pct: int) -> float:
    ordered = sorted(times)
    return 1000 * ordered[min(len(ordered) - 1, len(ordered) * pct // 100)]


def run(name: str, arguments: argparse.Namespace, *, database: str = "") -> bool:
    """Fill a new database, start the server on it, and let everybody in."""
    with tempfile.TemporaryDirectory(prefix="lb-load-") as folder:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("LAGESBILD_")}
        environment |= {"LAGESBILD_DATA_DIR": folder, **({"LAGESBILD_DATABASE_URL": database} if database else {})}
        environment["DJANGO_SETTINGS_MODULE"] = "lagesbild.settings"
        subprocess.run([sys.executable, "-m", "lagesbild", "migrate"], env=environment, check=True, capture_output=True)
        sizes = [str(each) for each in (arguments.users, arguments.matters, arguments.actions)]
        fill = [sys.executable, __file__, "--fill", *sizes]
        filled = subprocess.run(fill, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        world = json.loads(filled.stdout.splitlines()[-1])
        # five thousand actions made at once are told of at once; that is no part of an ordinary day
        subprocess.run(
            [sys.executable, "-m", "lagesbild", "worker", "--once"], env=environment, check=True, capture_output=True
        )
        with _server(environment, arguments.processes) as port:
            told = load(port, world, seconds=arguments.seconds, pause_s=arguments.pause, processes=arguments.processes)
    return show(name, told, seconds=arguments.seconds)


@contextmanager
def _server(environment: dict[str, str], processes: int) -> Iterator[int]:
    """A server as `lagesbild serve` starts it, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "lagesbild", "serve", "--port", str(port), "--processes", str(processes)]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            for _ in range(300):
                if process.poll() is not None or _answers(port):
                    break
                time.sleep(0.2)
            if process.poll() is not None:
                log.seek(0)
                raise SystemExit(log.read().decode())
            yield port
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/accounts/login/")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def fill_database(n_users: int, n_matters: int, n_actions: int) -> dict[str, Any]:
    """The world that the people work in, and a session for each of them. Runs in a process of its own."""
    import django

    django.setup()
    from lagesbild.accounts import actions as accounts
    from lagesbild.accounts.models import Role
    from lagesbild.cooperation.actions import holding, meetings
    from lagesbild.core import clock
    from tests.cast import make_cast
    from tests.cooperation.matters.world import make_world
    from tests.cooperation.plan.builders import fill

    world = make_world(make_cast())
    fill(world, matters=n_matters, actions=n_actions)
    anna = world.cast.anna
    meeting = meetings.call_meeting(anna, world.monthly, starts_at=clock.now(), duration_minutes=60, room="Lokalen")
    holding.open_meeting(anna, meeting)
    sessions = []
    for number in range(n_users):
        user = accounts.ensure_user(f"person{number}@example.org", name=f"Person {number}", password=None, actor=None)
        function = world.greta.function if number % 2 else anna.function
        accounts.set_membership(user, function, role=Role.COORDINATOR, actor=None)
        sessions.append(_session(user))
    return {
        "sessions": sessions, "matters": n_matters, "actions": n_actions, "forum": world.monthly.slug,
        "meeting": meeting.pk,
    }  # fmt: skip


def _make_database(url: str) -> None:
    """The server comes without one."""
    import psycopg

    server, name = url.rsplit("/", 1)
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')


def _session(user: Any) -> str:
    """What signing in gives."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return str(store.session_key)


def main() -> int:
    if "--fill" in sys.argv:
        print(json.dumps(fill_database(*map(int, sys.argv[sys.argv.index("--fill") + 1 :]))))
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--pause", type=float, default=3.0)
    parser.add_argument("--matters", type=int, default=500)
    parser.add_argument("--actions", type=int, default=5_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped on the way out
    print(f"{arguments.users} people, pause {arguments.pause:g} s, {arguments.processes} server processes, "
          f"{os.cpu_count()} cores")  # fmt: skip
    met = []
    if arguments.only != "postgresql":
        met.append(run("SQLite", arguments))
    if arguments.only != "sqlite":
        from tests import postgres

        with postgres.running() as url:
            _make_database(url)
            met.append(run("PostgreSQL", arguments, database=url))
    print(f"\nGoal (p95 under {GOAL_MS} ms, no errors): {'met' if all(met) else 'not met'}")
    return 0 if all(met) else 1


if __name__ == "__main__":
    raise SystemExit(main())
