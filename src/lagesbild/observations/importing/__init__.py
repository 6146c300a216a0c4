"""Reading and checking files of incidents: from bytes someone uploads to a checked frame and a list of problems.

Pure: no database, no models, nothing stored. What becomes of a checked frame is the store's business.
"""

from lagesbild.observations.importing.checking import FRAME_SCHEMA, Checked, check
from lagesbild.observations.importing.guessing import guess_mapping
from lagesbild.observations.importing.known import KNOWN_MAPPINGS, POLISEN
from lagesbild.observations.importing.limits import DEFAULT_LIMITS, Limits
from lagesbild.observations.importing.mapping import Mapping
from lagesbild.observations.importing.problems import Note, problem_message, problems_csv, with_messages
from lagesbild.observations.importing.raw import RawTable
from lagesbild.observations.importing.reading import read_table

__all__ = [
    "DEFAULT_LIMITS",
    "FRAME_SCHEMA",
    "KNOWN_MAPPINGS",
    "POLISEN",
    "Checked",
    "Limits",
    "Mapping",
    "Note",
    "RawTable",
    "check",
    "guess_mapping",
    "problem_message",
    "problems_csv",
    "read_table",
    "with_messages",
]
