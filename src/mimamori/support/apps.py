from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "mimamori.support"
    label = "support"
