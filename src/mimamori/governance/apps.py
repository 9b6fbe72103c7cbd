from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "mimamori.governance"
    label = "governance"
