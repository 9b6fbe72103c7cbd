from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "mimamori.audit"
    label = "audit"
