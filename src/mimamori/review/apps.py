from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "mimamori.review"
    label = "review"
