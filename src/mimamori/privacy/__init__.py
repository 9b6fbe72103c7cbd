"""Pure rules and keys that protect people's data; knows no table and no web."""
