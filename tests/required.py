"""A plugin for runs that may leave nothing out: `python -m pytest -p tests.required`.

Under CI (CI=1) a test or module that skips itself has failed. `--only-with-store` runs only the tests that use the
store: what a second store cannot change is not asked twice.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

# The last is a store too, of a server of its own: see tests/browser/.
STORE_FIXTURES = frozenset({"db", "transactional_db", "django_db_reset_sequences", "live_server", "on_each_store"})


def is_required() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--only-with-store", action="store_true", help="run only the tests that use the store")


def uses_store(item: pytest.Item) -> bool:
    """Tell whether a test asks for the store, by a mark, by a fixture, or by being a Django test case."""
    if item.get_closest_marker("django_db") or STORE_FIXTURES.intersection(getattr(item, "fixturenames", ())):
        return True
    case = getattr(item, "cls", None)
    return case is not None and any(parent.__module__ == "django.test.testcases" for parent in case.__mro__)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("only_with_store"):
        return
    config.hook.pytest_deselected(items=[item for item in items if not uses_store(item)])
    items[:] = [item for item in items if uses_store(item)]


def refuse_to_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a report of a skip into one of a failure, and keep the reason that the test gave."""
    if report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"{report.nodeid} was skipped, and nothing may be left out here: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if is_required():
        refuse_to_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if is_required():
        refuse_to_skip(report)
    return report
