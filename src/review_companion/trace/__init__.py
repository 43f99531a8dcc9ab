"""The evaluator and its vocabulary: every module that adds an operator is loaded here."""

from . import derived as derived
from . import directions as directions
