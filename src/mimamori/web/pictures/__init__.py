"""Pictures of a karte, drawn as SVG on the server; each comes with the sentence that says what it shows."""

from mimamori.web.pictures.drawing import Picture

__all__ = ["Picture"]
