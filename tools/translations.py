"""Translations: find the texts, compile the catalogues, and check that they are complete and consistent.

Source strings are English. Each subject's Swedish stands in its ``locale/sv/LC_MESSAGES/django.po``; texts
of the package root (settings, command line) belong to ``core``. Needs neither Django's settings nor GNU gettext.

    python -m tools.translations compile     make the .mo files that are older than their .po
    python -m tools.translations missing     print what each subject still has to translate, ready to paste
    python -m tools.translations check       fail on anything missing, fuzzy, unused, contradictory or misformed
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "lagesbild"
LANGUAGES = ("sv",)
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
FIELD = re.compile(r"%\((\w+)\)|(?<!{){(\w*)[^{}]*}(?!})")


@dataclass(frozen=True)
class Text:
    """One source string: where it first stands, its context and its plural."""

    subject: str
    place: str
    msgid: str | tuple[str, ...]
    context: str | None

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.msgid if isinstance(self.msgid, str) else self.msgid[0]


def catalogue_path(subject: str, language: str, package: Path = PACKAGE) -> Path:
    return package / subject / "locale" / language / "LC_MESSAGES" / "django.po"


def compile_all(package: Path = PACKAGE) -> list[Path]:
    """Make each .mo that is missing or older than its .po. Safe when several processes do it at once."""
    made = []
    for path in sorted(package.glob("*/locale/*/LC_MESSAGES/django.po")):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        draft = target.with_suffix(f".{os.getpid()}")
        with draft.open("wb") as file:
            write_mo(file, _read(path))
        draft.replace(target)
        made.append(target)
    return made


def texts(package: Path = PACKAGE) -> Iterator[Text]:
    """Every text of the code and the templates that is marked for translation."""
    for path in sorted(package.rglob("*")):
        relative = path.relative_to(package)
        if path.suffix not in (".py", ".html", ".txt") or "migrations" in relative.parts or "locale" in relative.parts:
            continue
        subject = relative.parts[0] if len(relative.parts) > 1 else "core"
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            if "templates" not in relative.parts:
                continue
            source = _template_as_python(source)
        for line, msgid, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
            if msgid:
                yield Text(subject, f"{relative}:{line}", msgid, context)


def _template_as_python(source: str) -> str:
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    # what is no text comes back as filler words; without indentation Python's tokenizer takes them
    return "\n".join(line.strip() for line in templatize(source).splitlines())


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _catalogues(language: str, package: Path) -> dict[str, Catalog]:
    folders = [path.name for path in package.iterdir() if path.is_dir()]
    paths = {subject: catalogue_path(subject, language, package) for subject in sorted(folders)}
    return {subject: _read(path) for subject, path in paths.items() if path.exists()}


def missing(language: str, package: Path = PACKAGE) -> dict[str, list[Text]]:
    """By subject: the texts that no catalogue translates (a text shared with another subject may stand there)."""
    translated = {
        (message.context, _msgid(message))
        for catalogue in _catalogues(language, package).values()
        for message in catalogue
        if message.id and _is_whole(message)
    }
    found: dict[str, list[Text]] = defaultdict(list)
    seen = set()
    for text in texts(package):
        if text.key not in translated and text.key not in seen:
            seen.add(text.key)
            found[text.subject].append(text)
    return found


def problems(language: str, package: Path = PACKAGE) -> list[str]:
    """Everything that is wrong with the translations, one line each."""
    lines = [
        f"{text.place}: no translation to {language} of {text.key[1]!r}"
        for each in missing(language, package).values()
        for text in each
    ]
    used = {text.key for text in texts(package)}
    answers: dict[tuple[str | None, str], tuple[str, object]] = {}
    for subject, catalogue in _catalogues(language, package).items():
        for message in catalogue:
            if not message.id:
                continue
            key = (message.context, _msgid(message))
            if key not in used:
                lines.append(f"{subject}: {key[1]!r} is not in the code any more")
            if message.fuzzy:
                lines.append(f"{subject}: {key[1]!r} is marked fuzzy")
            lines += [f"{subject}: {key[1]!r}: {error}" for error in _misformed(message)]
            earlier = answers.setdefault(key, (subject, message.string))
            if earlier[1] != message.string:
                lines.append(f"{subject}: {key[1]!r} is translated otherwise in {earlier[0]}")
    return lines


def _msgid(message: Message) -> str:
    return message.id if isinstance(message.id, str) else str(message.id[0])


def _is_whole(message: Message) -> bool:
    strings = [message.string] if isinstance(message.string, str) else list(message.string)
    return not message.fuzzy and all(strings)


def _misformed(message: Message) -> Iterator[str]:
    """The fields to fill in must be the same ones."""
    wanted = {field for each in _strings(message.id) for field in FIELD.findall(each)}
    for string in _strings(message.string):
        if string and set(FIELD.findall(string)) - wanted:
            yield f"{string!r} has other fields to fill in"
    filled = [string for string in _strings(message.string) if string]
    if wanted and filled and not any(set(FIELD.findall(string)) == wanted for string in filled):
        yield "the translation lacks a field to fill in"


def _strings(value: object) -> list[str]:
    return [value] if isinstance(value, str) else [str(each) for each in value]  # type: ignore[attr-defined]


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else "check"
    if command == "compile":
        compile_all()
        return
    if command == "missing":
        for subject, each in missing("sv").items():
            for text in each:
                print(f"{subject}\t{text.place}\t{text.msgid!r}\t{text.context or ''}")
        return
    lines = [line for language in LANGUAGES for line in problems(language)]
    print("\n".join(lines) or "Every text is translated.")
    sys.exit(1 if lines else 0)


if __name__ == "__main__":
    main()
