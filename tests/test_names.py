"""A name says what it holds, in the field's word for it; these once held anything at all."""

import ast
from pathlib import Path

import pytest

from .house import PACKAGES

ROOT = Path(__file__).parent.parent
RETIRED = {
    "told": "messages, fields, text, entry",
    "asked": "cleaned_data, params, query, response",
    "here": "path, origin, municipality",
    "found": "matches, results, rows, errors",
    "said": "text, attributes",
    "heard": "messages",
    "given": "fields, kwargs, overrides",
    "wanted": "expected, changes",
    "door": "pattern, path, match",
    "doors": "patterns, paths",
}
FOLDERS = (*PACKAGES, "tests", "benchmarks", "docs")


def sources():
    """Every module of the house but migrations."""
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if "/migrations/" not in name:
            yield name, path


def bound(path):
    """(line, name) of all that a module names itself; what others have named it only uses."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        elif isinstance(node, ast.alias):
            yield node.lineno, node.asname or ""


@pytest.mark.any_database
def test_names_are_nouns_of_what_they_hold():
    """Every room holds to it, and tests, benchmarks and documentation."""
    assert [
        f"{name}:{line}: {word}; say {RETIRED[word.lower()]}"
        for name, path in sources()
        for line, word in bound(path)
        if word.lower() in RETIRED
    ] == []
