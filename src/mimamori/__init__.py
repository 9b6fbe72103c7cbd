"""Mimamori (見守り): a city's child watch-over system."""
