"""Constraints and indexes are created with their tables, and none is lost on the way."""

from __future__ import annotations

from django.db import models
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel

from b2b.management.commands.makemigrations import folded

ONCE = models.UniqueConstraint(fields=["text"], name="once")
FOUND = models.Index(fields=["text"], name="found")


def memo() -> CreateModel:
    return CreateModel("Memo", [("text", models.CharField(max_length=9))], options={"constraints": []})


def test_a_constraint_and_an_index_move_into_the_creation_of_their_model():
    operations = folded([memo(), CreateModel("Line", []), AddConstraint("memo", ONCE), AddIndex("memo", FOUND)])

    assert [type(operation) for operation in operations] == [CreateModel, CreateModel]
    assert operations[0].options == {"constraints": [ONCE], "indexes": [FOUND]}


def test_what_needs_a_column_that_comes_later_stays_where_it_is():
    text = AddField("memo", "title", models.CharField(max_length=9))
    late, elsewhere = AddConstraint("memo", ONCE), AddIndex("letter", FOUND)

    operations = [memo(), text, late, elsewhere]

    assert folded(operations) == operations
