"""Everything a version says, loaded in a fixed number of queries, and its one canonical form."""

import hashlib
import json
from datetime import date
from decimal import Decimal

from django.db import models

from plans.models import (
    CONTENT_MODELS,
    Action,
    Evidence,
    Goal,
    SchoolCommitment,
    Text,
)

PREFETCH = {
    SchoolCommitment: ["competences"],
    Goal: ["competences"],
    # Its schools are read with their names, which every page shows.
    Action: ["schools__school"],
}
SELECT = {SchoolCommitment: ["school"], Evidence: ["stored"]}
NOT_CONTENT = {"id", "version", "position"}
# Columns younger than the first plans sent: while empty they are left out, so that older digests stay true.
YOUNGER = {"origin", "reason"}


class Content:
    """The content of one version; rows by model, in order, with references between them joined."""

    def __init__(self, version):
        self.version = version
        self.rows = {model: self._load(model) for model in CONTENT_MODELS}
        self.texts = {text.key: text for text in self.rows[Text]}
        self._join()

    def _load(self, model):
        rows = model.objects.filter(version=self.version)
        rows = rows.select_related(*SELECT[model]) if model in SELECT else rows
        return list(rows.prefetch_related(*PREFETCH.get(model, [])))

    def _join(self):
        """Let rows that point to each other share one object, so that walking them asks no queries."""
        for model in CONTENT_MODELS:
            for reference in references(model):
                targets = {row.pk: row for row in self.rows[reference.related_model]}
                for row in self.rows[model]:
                    setattr(row, reference.name, targets.get(getattr(row, reference.attname)))

    def of(self, row_set):
        """Return the rows of one row set of `sections.py`."""
        return [
            row
            for row in self.rows[row_set.model]
            if all(getattr(row, name) == value for name, value in row_set.fixed.items())
        ]

    def canonical(self):
        """Return the content as plain data: uids and no primary keys, a fixed order, decimals as strings.

        What the cover says stands under `plan`. Older digests do not cover it: they are those of the rest.
        """
        return {"plan": self.version.about() | {"scope": self.version.plan.scope}} | {
            model._meta.model_name: [canonical_row(row) for row in self.rows[model]]
            for model in CONTENT_MODELS
        }

    def sha256(self):
        """Return the digest of the canonical form, kept with the event when the version is sent."""
        return digest_of(self.canonical())


def digest_of(canonical):
    text = json.dumps(canonical, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def references(model):
    """Return the foreign keys of a content model that point to other content rows."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model in CONTENT_MODELS
    ]


def canonical_row(row):
    found = {}
    for field in row._meta.concrete_fields:
        if field.name in YOUNGER and not getattr(row, field.name):
            continue
        if field.name not in NOT_CONTENT:
            found[field.name] = canonical_value(getattr(row, field.name))
    for field in row._meta.many_to_many:
        found[field.name] = sorted(canonical_value(target) for target in getattr(row, field.name).all())
    return found


def canonical_value(value):
    if isinstance(value, models.Model):
        # A content row by its uid, a school by its RSPO number, a file by its digest, the rest by name.
        for name in ("uid", "rspo", "sha256"):
            if hasattr(value, name):
                return str(getattr(value, name))
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, int | str) else str(value)
