"""Pages for people: thin views over the door and the verbs; no models."""
