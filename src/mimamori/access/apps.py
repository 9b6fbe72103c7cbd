from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "mimamori.access"
    label = "access"

    def ready(self) -> None:
        from mimamori.access import signing  # noqa: F401, PLC0415 - connects the signals
