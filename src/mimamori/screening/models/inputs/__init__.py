"""What models may read, as data: `inputs.toml`, read by `screening.models.inputs.load`."""

from mimamori.screening.models.inputs.load import load_inputs
from mimamori.screening.models.inputs.schema import Expires, Inputs

__all__ = ["Expires", "Inputs", "load_inputs"]
