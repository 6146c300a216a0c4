"""The texts that scripts show. They are translated here and handed over with the page, so scripts know no language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def script_texts() -> dict[str, str]:
    """Texts by the name that the scripts use."""
    return {
        "failed": _("It could not be fetched. Check the connection and try again."),
        "signedOut": _("You have been signed out. Sign in again to go on."),
        "map": _("Map"),
        "mapHelp": _("Arrow keys move the map, plus and minus zoom. The same facts stand in the table."),
        "mapMissing": _("The map cannot be shown in this browser. The same facts stand in the table."),
        "mapFailed": _("The map data could not be fetched. The same facts stand in the table."),
        "close": _("Close"),
        "twoFingers": _("Use two fingers to move the map"),
        "zoomIn": _("Zoom in"),
        "zoomOut": _("Zoom out"),
        "legend": _("Legend"),
        "sources": _("Sources of the map"),
        "noData": _("No data"),
        "orMore": _("or more"),
        "new": _("New"),
        "persistent": _("Persistent"),
        "fading": _("Fading"),
        "drawPolygon": _("Click on the map to set corners. Click the first corner or press Enter to close."),
        "drawCircle": _("Click on the map to set the centre, then click again to set the radius."),
        "drawPoint": _("Click on the map to set the point."),
        "drawUndo": _("Undo"),
        "drawClear": _("Start again"),
        "drawAdjust": _("Drag a corner to change the shape."),
        "drawHandle": _("Corner: drag it, or move it with the arrow keys"),
        "drawFinish": _("Close the shape"),
        "chartFailed": _("The chart could not be drawn. The same facts stand in the table."),
    }
