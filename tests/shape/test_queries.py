"""Every query of cases starts from `visible_to`: no page, command or query reads the table of cases by itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shape.tree import PACKAGE, ROOT, committed_files

# Where the table of cases is read, function by function, and why that is safe.
MAY_READ_CASES = {
    "casework/queries/visible.py:visible_to": "this is where every other query starts",
    "casework/queries/search.py:matches": "gives keys only, which search and the alerts then ask visible_to about",
}
CASE_MODELS = frozenset({"Case"})
MANAGERS = frozenset({"objects", "_default_manager", "_base_manager"})
# Ways to a case round its own table: the related managers by which a unit, a team or an officer leads to theirs.
RELATED_MANAGERS = frozenset({"cases"})


def watched() -> list[Path]:
    """The pages, the API, the commands and the queries."""
    rooms = (PACKAGE / "web", PACKAGE / "cli", PACKAGE / "casework" / "queries")
    return [
        path for path in committed_files() if path.suffix == ".py" and any(path.is_relative_to(room) for room in rooms)
    ]


def reads_of_cases(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Find where a module reads cases by itself: the outermost function, or the module, and the line."""
    names = set(CASE_MODELS)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names.update(one.asname for one in node.names if one.name in CASE_MODELS and one.asname)
    for top in tree.body:
        where = top.name if isinstance(top, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else "the module"
        for node in ast.walk(top):
            if not isinstance(node, ast.expr):
                continue
            if _reads_a_manager(node, names) or _reads_a_relation(node) or _asks_for_one(node, names):
                yield where, node.lineno


def _reads_a_manager(node: ast.expr, names: set[str]) -> bool:
    """Case.objects, models.Case.objects."""
    return isinstance(node, ast.Attribute) and node.attr in MANAGERS and _last_name(node.value) in names


def _reads_a_relation(node: ast.expr) -> bool:
    """unit.cases.filter(…)."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr in RELATED_MANAGERS
        and node.attr in ("all", "filter", "exclude", "get", "values", "values_list", "count", "exists")
    )


def _asks_for_one(node: ast.expr, names: set[str]) -> bool:
    """get_object_or_404(Case, …), get_list_or_404(Case, …), QuerySet(Case)."""
    if not isinstance(node, ast.Call) or not node.args:
        return False
    called = _last_name(node.func)
    return called in ("get_object_or_404", "get_list_or_404", "QuerySet") and _last_name(node.args[0]) in names


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def place(path: Path, where: str) -> str:
    return f"{path.relative_to(PACKAGE).as_posix()}:{where}"


def test_every_query_of_cases_starts_from_what_is_visible() -> None:
    by_themselves = [
        f"{path.relative_to(ROOT)}:{line}, in {where}"
        for path in watched()
        for where, line in reads_of_cases(ast.parse(path.read_text(encoding="utf-8")))
        if place(path, where) not in MAY_READ_CASES
    ]
    assert by_themselves == []


def test_whatever_is_let_by_reads_cases_still() -> None:
    reading = {
        place(path, where)
        for path in watched()
        for where, _ in reads_of_cases(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert set(MAY_READ_CASES) == reading


@pytest.mark.parametrize(
    "code",
    [
        "def page(request): return Case.objects.filter(pk=1)",
        "def page(request): return models.Case._default_manager.all()",
        "def page(request): return get_object_or_404(Case, reference=reference)",
        "def page(request): return request.user.unit.cases.filter(is_open=True)",
        "from tearmann.casework.models import Case as Row\nclass View:\n    rows = Row.objects.all()",
        "field = ModelChoiceField(queryset=Case.objects.all())",
    ],
)
def test_a_page_that_reads_cases_by_itself_would_be_found(code: str) -> None:
    assert list(reads_of_cases(ast.parse(code)))


def test_a_page_that_starts_from_what_is_visible_is_let_by() -> None:
    code = "def page(request): return visible_to(viewer).filter(is_open=True), Officer.objects.all(), page.cases"
    assert not list(reads_of_cases(ast.parse(code)))
