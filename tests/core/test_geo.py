"""Projection between SWEREF 99 TM and WGS 84, against published values."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.core.geo import SWEREF_99_TM, WGS_84, project, project_geometry, to_geojson

pytestmark = pytest.mark.one_database


def gauss_kruger(lat_deg: float, lon_deg: float) -> tuple[float, float]:
    """SWEREF 99 TM by Lantmäteriet's formula ("Gauss Conformal Projection (Transverse Mercator)", Krüger's
    series; GRS 80, central meridian 15°, scale 0.9996, false easting 500 000), written out here without pyproj."""
    axis, flattening = 6378137.0, 1 / 298.257222101
    e2 = flattening * (2 - flattening)
    n = flattening / (2 - flattening)
    roof = axis / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    lat, lon = np.radians(lat_deg), np.radians(lon_deg - 15.0)
    a, b = e2, (5 * e2**2 - e2**3) / 6
    c, d = (104 * e2**3 - 45 * e2**4) / 120, 1237 * e2**4 / 1260
    s = np.sin(lat)
    conformal = lat - s * np.cos(lat) * (a + b * s**2 + c * s**4 + d * s**6)
    xi, eta = np.arctan2(np.tan(conformal), np.cos(lon)), np.arctanh(np.cos(conformal) * np.sin(lon))
    beta = (
        n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16 + 41 * n**4 / 180,
        13 * n**2 / 48 - 3 * n**3 / 5 + 557 * n**4 / 1440,
        61 * n**3 / 240 - 103 * n**4 / 140,
        49561 * n**4 / 161280,
    )
    north = xi + sum(f * np.sin(2 * k * xi) * np.cosh(2 * k * eta) for k, f in enumerate(beta, 1))
    east = eta + sum(f * np.cos(2 * k * xi) * np.sinh(2 * k * eta) for k, f in enumerate(beta, 1))
    return 0.9996 * roof * east + 500_000, 0.9996 * roof * north


def test_the_origin_is_where_the_definition_puts_it() -> None:
    x, y = project([15.0], [0.0], from_crs=WGS_84, to_crs=SWEREF_99_TM)
    assert (round(x[0], 3), round(y[0], 3)) == (500_000.0, 0.0)


@given(st.floats(55, 69.5), st.floats(10.5, 24.2))
def test_the_projection_is_lantmateriets_to_the_millimetre(lat: float, lon: float) -> None:
    x, y = project([lon], [lat], from_crs=WGS_84, to_crs=SWEREF_99_TM)
    assert (x[0], y[0]) == pytest.approx(gauss_kruger(lat, lon), abs=0.001)


def test_x_is_east_and_y_is_north_whatever_the_authority_says() -> None:
    """EPSG has north first in both systems; Sergels torg lies at about 59.33 N, 18.06 E."""
    x, y = project([18.0645], [59.3326], from_crs=WGS_84, to_crs=SWEREF_99_TM)
    assert 674_000 < x[0] < 675_000
    assert 6_581_000 < y[0] < 6_582_000


@given(st.floats(200_000, 900_000), st.floats(6_100_000, 7_700_000))
def test_there_and_back_is_the_same_point(x: float, y: float) -> None:
    lon, lat = project([x], [y], from_crs=SWEREF_99_TM, to_crs=WGS_84)
    back_x, back_y = project(lon, lat, from_crs=WGS_84, to_crs=SWEREF_99_TM)
    assert (back_x[0], back_y[0]) == pytest.approx((x, y), abs=1e-4)


def test_points_outside_the_projection_become_infinite_and_the_others_stay_right() -> None:
    x, _ = project([18.0645, 18.0], [59.3326, 400.0], from_crs=WGS_84, to_crs=SWEREF_99_TM)
    assert np.isfinite(x[0])
    assert not np.isfinite(x[1])


def test_a_shape_is_moved_vertex_by_vertex_and_drops_its_heights() -> None:
    square = shapely.Polygon([(18, 59, 5), (18.01, 59, 5), (18.01, 59.01, 5)])
    moved = project_geometry(square, from_crs=WGS_84, to_crs=SWEREF_99_TM)
    assert not moved.has_z
    assert moved.area == pytest.approx(square.area * 57_500 * 111_400, rel=0.01)


def test_geojson_is_in_degrees_and_rounded_to_a_tenth_of_a_metre() -> None:
    shape = to_geojson(shapely.Point(674_000.123456, 6_580_000.98765), crs=SWEREF_99_TM)
    lon, lat = shape["coordinates"]
    assert 18 < lon < 18.1
    assert 59.3 < lat < 59.4
    assert (round(lon, 6), round(lat, 6)) == (lon, lat)
