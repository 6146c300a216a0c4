"""What an effect comes to in one plain sentence, as a code with its values; and numbers that may have no value."""

from __future__ import annotations

import math

from lagesbild.stats.notes import Note


def verdict_of(ratio: float | None, low: float | None, high: float | None, *, conf: float) -> Note:
    """Fell, rose, or cannot be told; per cent, rounded to one decimal."""
    if ratio is None or low is None:
        return Note("effect.unknown")
    values: dict[str, int | float | str] = {"change": _pct(ratio), "low": _pct(low), "conf": round(100 * conf, 1)}
    if high is None:
        return Note("effect.rose_open" if low > 1 else "effect.unclear_open", values)
    values["high"] = _pct(high)
    if high < 1:
        return Note("effect.fell", values)
    return Note("effect.rose" if low > 1 else "effect.unclear", values)


def _pct(ratio: float) -> float:
    return round((ratio - 1.0) * 100.0, 1) + 0.0


def number(value: float) -> float | None:
    """None where there is no number, or no limit."""
    return float(value) if math.isfinite(value) else None
