"""Files of areas and places: GeoJSON, GeoPackage, GeoParquet and Shapefile, in any coordinate system.

Pure: no database. What a file says comes back with every problem and repair by row.
"""

from lagesbild.places.reading.areas import ReadAreas, file_digest, read_areas
from lagesbild.places.reading.base_layers import BaseGeometry, read_base_layer
from lagesbild.places.reading.layer import Layer, read_layer
from lagesbild.places.reading.limits import DEFAULT_LIMITS, Limits
from lagesbild.places.reading.remarks import FileProblemsError, Remark, RepairsNotAcceptedError

__all__ = [
    "DEFAULT_LIMITS",
    "BaseGeometry",
    "FileProblemsError",
    "Layer",
    "Limits",
    "ReadAreas",
    "Remark",
    "RepairsNotAcceptedError",
    "file_digest",
    "read_areas",
    "read_base_layer",
    "read_layer",
]
