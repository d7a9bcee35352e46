"""The house stands: keys and imports point downward, stated conventions hold in every model."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

FLOORS = [
    "mailing",
    "partners",
    "surveys",
    "legislation",
    "research",
    "trainings",
    "meetings",
    "campaigns",
    "portal",
]
OURS = [model for model in apps.get_models() if model._meta.app_label in FLOORS]
ROOT = Path(settings.BASE_DIR)


def own_files() -> list[Path]:
    return [path for app in FLOORS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_foreign_keys_never_run_upward(model):
    floor = FLOORS.index(model._meta.app_label)
    for field in model._meta.get_fields():
        target = getattr(field, "related_model", None)
        if field.concrete and target and target._meta.app_label in FLOORS:
            assert FLOORS.index(target._meta.app_label) <= floor, f"{field} points to a higher floor"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_by_has_its_at(model):
    names = {field.name for field in model._meta.get_fields() if field.concrete}
    for name in names:
        if name.endswith("_by") and name != "quote_by":
            assert name.removesuffix("_by") + "_at" in names, f"{model.__name__}.{name} has no time"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_constraints_are_named_by_us_and_states_are_choices(model):
    for field in model._meta.get_fields():
        if field.concrete and field.name in {"state", "status"}:
            assert field.choices, f"{model.__name__}.{field.name} takes any word"
    for constraint in model._meta.constraints:
        assert not constraint.name.endswith("_uniq")


def test_no_signals_between_our_own_apps():
    for path in own_files():
        assert "@receiver(" not in path.read_text(), path


def test_writing_services_are_keyword_only():
    """`publish_alert(alert=…, by=…)`: a call says what it hands over. Writing ones are those in a transaction."""
    for app in FLOORS[:-1]:
        for path in (ROOT / app / "services").glob("*.py"):
            for node in ast.parse(path.read_text()).body:
                if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                    continue
                if "atomic" not in "".join(ast.dump(decorator) for decorator in node.decorator_list):
                    continue
                assert not node.args.args, f"{path}:{node.lineno} {node.name} takes positional arguments"


def test_rich_text_is_stored_sanitised():
    from partners.html import RichTextField

    rich = [(m, f) for m in OURS for f in m._meta.get_fields() if f.concrete and f.name in {"body", "why"}]
    assert rich
    for model, field in rich:
        if not model.__name__.startswith("Historical"):
            assert isinstance(field, RichTextField), f"{model.__name__}.{field.name} is not sanitised"


def test_money_time_and_choice_fields_have_no_hidden_nulls():
    for model in OURS:
        for field in model._meta.get_fields():
            kept_by_history = field.name.startswith("history_")
            if isinstance(field, models.CharField) and not field.unique and not kept_by_history:
                assert not field.null, f"{model.__name__}.{field.name} knows two kinds of empty"
