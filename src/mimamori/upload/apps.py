from django.apps import AppConfig


class UploadConfig(AppConfig):
    name = "mimamori.upload"
    label = "upload"
