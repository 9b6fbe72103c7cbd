"""Boosted trees as plain data, and what each column adds to their sum: exact Shapley values of the paths.

A tree of few leaves asks few questions, so that its answers to all of them are one number below 128, and what the tree
says, and how much of that each column is the reason for, is looked up in a table of so many rows (Lundberg et al. 2018,
arXiv:1802.03888, their path-dependent values, written out for short trees).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from math import factorial
from typing import Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from mimamori.screening.models.columns import Floats
from mimamori.sources.item import Declared

QUESTIONS = 7  # of one tree at most
BLOCK = 8192  # rows looked up at once, so that they stay in the processor's cache


class Tree(Declared):
    """Question k: is the column `names[asks[k]]` at most `cuts[k]`? Yes leads to `yes[k]`, no to `no[k]`: the next
    question, or below zero the leaf ~that. `unknown_yes[k]`: the way of a value that is not known. `met`, `ends`: how
    many rows of the training met each question and each leaf; `values`: what each leaf adds."""

    asks: tuple[int, ...]
    cuts: tuple[float, ...]
    unknown_yes: tuple[bool, ...]
    yes: tuple[int, ...]
    no: tuple[int, ...]
    met: tuple[int, ...]
    ends: tuple[int, ...]
    values: tuple[float, ...]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        asked = len(self.asks)
        if asked > QUESTIONS or len(self.values) != asked + 1 or len(self.ends) != asked + 1:
            raise ValueError(f"a tree asks at most {QUESTIONS} questions and has one leaf more")
        if any(len(each) != asked for each in (self.cuts, self.unknown_yes, self.yes, self.no, self.met)):
            raise ValueError("a tree says the same number of things of each question")
        if any(
            way <= place and way >= 0 for place, pair in enumerate(zip(self.yes, self.no, strict=True)) for way in pair
        ):
            raise ValueError("a tree leads on, never back")
        return self

    @property
    def mean(self) -> float:
        """What it adds to the average row of the training."""
        return float(np.dot(self.values, self.ends) / sum(self.ends))

    def answers(self) -> Floats:
        """What it adds, by the answers to all its questions: bit k set where question k is answered yes."""
        every = np.arange(1 << len(self.asks))
        added = np.zeros(len(every))
        for leaf, path in self._paths():
            there = np.ones(len(every), dtype=np.bool_)
            for question, way in path:
                there &= ((every >> question) & 1) == way
            added[there] = self.values[leaf]
        return added

    def reasons(self) -> tuple[tuple[int, ...], Floats]:
        """The columns it asks of, and how much of `answers` less `mean` is each one's, shape (columns, answers)."""
        used = tuple(sorted(set(self.asks)))
        every = np.arange(1 << len(self.asks))
        added = np.zeros((len(used), len(every)))
        for leaf, path in self._paths():
            holds = {asked: np.ones(len(every)) for asked in sorted({self.asks[question] for question, _ in path})}
            share = dict.fromkeys(holds, 1.0)
            for question, way in path:
                asked = self.asks[question]
                holds[asked] *= ((every >> question) & 1) == way
                share[asked] *= self._rows(self.yes[question] if way else self.no[question]) / self.met[question]
            for asked, held in holds.items():
                others = [other for other in holds if other != asked]
                weight = np.zeros(len(every))
                for size in range(len(others) + 1):
                    part = factorial(size) * factorial(len(others) - size) / factorial(len(others) + 1)
                    for present in combinations(others, size):
                        product = np.full(len(every), part)
                        for other in others:
                            product = product * (holds[other] if other in present else share[other])
                        weight += product
                added[used.index(asked)] += self.values[leaf] * (held - share[asked]) * weight
        return used, added

    def _rows(self, way: int) -> int:
        return self.met[way] if way >= 0 else self.ends[~way]

    def _paths(self) -> list[tuple[int, list[tuple[int, int]]]]:
        """Each leaf with the questions on its way and their answers."""
        if not self.asks:
            return [(0, [])]
        paths: list[tuple[int, list[tuple[int, int]]]] = []
        ahead: list[tuple[int, list[tuple[int, int]]]] = [(0, [])]
        while ahead:
            way, path = ahead.pop()
            if way < 0:
                paths.append((~way, path))
            else:
                ahead += [(self.no[way], [*path, (way, 0)]), (self.yes[way], [*path, (way, 1)])]
        return sorted(paths)


class Trees(Declared):
    """margin = intercept + what each tree adds, on the log-odds scale."""

    kind: Literal["trees"] = "trees"
    names: tuple[str, ...]
    intercept: float
    trees: tuple[Tree, ...]

    def margins(self, columns: Mapping[str, Floats]) -> Floats:
        """One number per row."""
        tables = [tree.answers() for tree in self.trees]
        total = np.full(len(next(iter(columns.values()))), self.intercept)
        for start in range(0, len(total), BLOCK):
            block = slice(start, start + BLOCK)
            for codes, table in zip(self._codes(columns, block), tables, strict=True):
                total[block] += table[codes]
        return total

    def contributions(self, columns: Mapping[str, Floats]) -> tuple[float, Floats]:
        """What stands for the average row of the training, and what each name adds, shape (rows, names)."""
        reasons = [tree.reasons() for tree in self.trees]
        added = np.zeros((len(next(iter(columns.values()))), len(self.names)), order="F")
        for start in range(0, len(added), BLOCK):
            block = slice(start, start + BLOCK)
            for codes, (used, table) in zip(self._codes(columns, block), reasons, strict=True):
                for place, asked in enumerate(used):
                    added[block, asked] += table[place][codes]
        return self.intercept + sum(tree.mean for tree in self.trees), added

    def _codes(self, columns: Mapping[str, Floats], block: slice) -> list[npt.NDArray[np.uint8]]:
        """The answers of each row of the block to each tree's questions."""
        no, yes = {}, {}  # a value that is not known answers no to every comparison; as less than all, yes
        for asked in {asked for tree in self.trees for asked in tree.asks}:
            no[asked] = np.ascontiguousarray(columns[self.names[asked]][block])
            yes[asked] = np.where(np.isnan(no[asked]), -np.inf, no[asked])
        rows = len(next(iter(columns.values()))[block])
        found = []
        for tree in self.trees:
            codes = np.zeros(rows, dtype=np.uint8)
            for question, (asked, cut, unknown) in enumerate(zip(tree.asks, tree.cuts, tree.unknown_yes, strict=True)):
                answered = (yes if unknown else no)[asked] <= cut
                codes |= answered.view(np.uint8) << np.uint8(question)
            found.append(codes)
        return found
