"""Compile every template, so that a misspelt tag fails here and not on somebody's page."""

from __future__ import annotations

import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "lagesbild"


def problems() -> list[str]:
    """One line for each template that does not compile."""
    import django
    from django.template import TemplateSyntaxError
    from django.template.loader import get_template

    django.setup()
    lines = []
    for path in sorted(PACKAGE.glob("*/templates/**/*")):
        if not path.is_file():
            continue
        name = path.relative_to(PACKAGE / path.relative_to(PACKAGE).parts[0] / "templates")
        try:
            get_template(str(name))
        except TemplateSyntaxError as error:
            lines.append(f"{path.relative_to(PACKAGE)}: {error}")
    return lines


if __name__ == "__main__":
    found = problems()
    print("\n".join(found))
    sys.exit(1 if found else 0)
