"""Packages on removable media, where no line joins the schools' network (校務系) to the city's (業務系).

Two ends: `pack` runs at the school with little installed (no Django, no DuckDB), `receive` at the city. This room
imports nothing here, so that the school's end never loads the city's.
"""
