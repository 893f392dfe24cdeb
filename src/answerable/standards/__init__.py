"""Minimum standards for services: dated rules, observed settings, results, scorecards, penalties.

    rules → defaults        what an account of a declared age must start with
    audit → observed → results → scores, agreement, differences → scorecards, releases, case files
    probe, sample, matrix   how settings are read back from a running service

A standard is a question, a service is an authority, a setting observed on a fresh account is an observation. The
trap: the law applies to a provider as a whole, so everything here says what was on by default on which date, on
which test account, and never that a law was broken.
"""

from answerable.standards.defaults import (
    Change,
    Default,
    choose_defaults,
    find_defaults,
    list_changes,
    make_schema,
)
from answerable.standards.penalty import Penalty, PenaltyRule, choose_penalty, compute_penalty, load_penalties
from answerable.standards.rules import Rule, Setting, Standards, find_rules, load_standards, parse_standards

__all__ = [
    "Change",
    "Default",
    "Penalty",
    "PenaltyRule",
    "Rule",
    "Setting",
    "Standards",
    "choose_defaults",
    "choose_penalty",
    "compute_penalty",
    "find_defaults",
    "find_rules",
    "list_changes",
    "load_penalties",
    "load_standards",
    "make_schema",
    "parse_standards",
]
