"""Conversion of python-hcl2's parse trees into the model."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from lark import Token, Tree

from provider_shim.cli.check.model import (
    MAX_LEVELS,
    Choice,
    Entry,
    Expression,
    Mapping,
    Place,
    Repeated,
    Scalar,
    Sequence,
    UnreadableConfiguration,
    Value,
)

_COMBINING = {
    *("coalesce", "concat", "distinct", "merge", "nonsensitive", "sensitive", "setunion"),
    *("tolist", "tomap", "toset", "try"),
}
"""Functions whose result consists of parts of their arguments."""

_WITHOUT_KEYS = {
    *("heredoc_template", "heredoc_template_trim", "template_string", "int_lit", "float_lit"),
    *("literal_value", "binary_op", "unary_op"),
}
_REFERENCE = re.compile(r"[^\W\d][\w.\-]*")


class Converter:
    """Converts the tree of one text. `start` is the text's line in the file, or that of all its values."""

    def __init__(self, text: str, file: Path, line: int | None = None) -> None:
        self._text = text
        self._file = file
        self._line = line

    def body(self, tree: Tree[Token], level: int = 0) -> Mapping:
        """Convert the body of a file or block."""
        entries = [
            self._attribute(each, level) if each.data == "attribute" else self._block(each, level)
            for each in _trees(tree)
        ]
        return Mapping(self._place(tree), tuple(entries))

    def value(self, tree: Tree[Token], level: int = 0) -> Value:
        """Convert an expression."""
        tree = _inner(tree)
        place = self._place(tree)
        if level > MAX_LEVELS:
            raise UnreadableConfiguration(place, f"The value has more than {MAX_LEVELS} levels.")
        parts, deeper = _trees(tree), level + 1
        match tree.data:
            case "object":
                return Mapping(place, tuple(self._element(each, deeper) for each in parts))
            case "tuple":
                return Sequence(place, tuple(self.value(each, deeper) for each in parts))
            case "conditional":
                return Choice(place, tuple(self.value(each, deeper) for each in parts[1:]))
            case "for_tuple_expr" | "for_object_expr" if self._hides_references(parts[0]):
                return Expression(place, self._summary(tree))
            case "for_tuple_expr":
                return Repeated(place, self.value(parts[1], deeper))
            case "for_object_expr" if "..." not in tree.children:
                return Repeated(place, self.value(parts[2], deeper))
            case "function_call":
                return self._call(tree, deeper)
            case "string" if (inside := _interpolation(tree)) is not None:
                return self.value(inside, deeper)
            case "string":
                return Scalar(place, self._literal(tree) or "")
            case kind if kind in _WITHOUT_KEYS:
                return Scalar(place)
        return Expression(place, self._summary(tree))

    def _attribute(self, tree: Tree[Token], level: int) -> Entry:
        name, expression = _trees(tree)
        return Entry(self._place(name), self._source(name), self.value(expression, level + 1))

    def _block(self, tree: Tree[Token], level: int) -> Entry:
        *names, body = _trees(tree)
        place = self._place(names[0])
        if level > MAX_LEVELS:
            raise UnreadableConfiguration(place, f"The block has more than {MAX_LEVELS} levels.")
        value: Value = self.body(body, level + 1)
        for label in reversed(names[1:]):
            text = self._literal(label) if label.data == "string" else self._source(label)
            value = Mapping(place, (Entry(place, text, value),))
        return Entry(place, self._source(names[0]), value)

    def _element(self, tree: Tree[Token], level: int) -> Entry:
        key, expression = _trees(tree)
        return Entry(self._place(key), self._key(key), self.value(expression, level))

    def _key(self, tree: Tree[Token]) -> str | None:
        """Return the text of an object's key, or None if it is computed: `(var.key)`, `"${var.key}"`."""
        [name] = _trees(tree)
        while name.data == "expr_term" and len(name.children) == 1 and isinstance(name.children[0], Tree):
            name = name.children[0]
        match name.data:
            case "string":
                text = self._literal(name)
                # Escapes are not read.
                return None if text is None or re.search(r"\\|\$\$|%%", text) else text
            case "identifier" | "keyword" | "literal_value" | "int_lit" | "float_lit":
                return self._source(name)
        return None

    def _call(self, tree: Tree[Token], level: int) -> Value:
        place, parts = self._place(tree), _trees(tree)
        given = parts[-1] if parts[-1].data == "arguments" else None
        arguments = tuple(self.value(each, level) for each in _trees(given)) if given is not None else ()
        if given is None or self._source(parts[0]) not in _COMBINING or "..." in given.children:
            return Expression(place, self._summary(tree), arguments)
        return Choice(place, arguments)

    def _hides_references(self, intro: Tree[Token]) -> bool:
        """Return whether a `for` expression gives `local` or `var` another meaning."""
        return any(self._source(each) in ("local", "var") for each in _trees(intro))

    def _literal(self, tree: Tree[Token]) -> str | None:
        """Return the text of a quoted string, or None if it has an interpolation. Escapes stay."""
        if any(isinstance(each, Tree) for part in _trees(tree) for each in part.children):
            return None
        return self._source(tree)[1:-1]

    def _summary(self, tree: Tree[Token]) -> str:
        """Return a reference or the name of a function. Literals are left out: they may be secret."""
        if tree.data.startswith("for_"):
            return "a for expression"
        source = self._source(tree)
        name = _REFERENCE.match(source)
        if name is None:
            return "an expression"
        if tree.data == "function_call":
            return f"{name[0]}(...)"
        return name[0] if name.end() == len(source) else f"{name[0]}..."

    def _source(self, tree: Tree[Token]) -> str:
        return self._text[tree.meta.start_pos : tree.meta.end_pos].strip()

    def _place(self, tree: Tree[Token]) -> Place:
        line: Any = getattr(tree.meta, "line", 1)  # an empty body has no line
        return Place(self._file, self._line or line)


def _trees(tree: Tree[Token]) -> list[Tree[Token]]:
    """Return the children that are neither punctuation nor comments."""
    return [each for each in tree.children if isinstance(each, Tree) and each.data != "new_line_or_comment"]


def _inner(tree: Tree[Token]) -> Tree[Token]:
    """Return an expression without its parentheses."""
    while tree.data == "expr_term":
        [tree] = _trees(tree)
    return tree


def _interpolation(tree: Tree[Token]) -> Any:
    """Return the expression of a string that is nothing but `"${...}"`, else None."""
    parts = _trees(tree)
    if len(parts) != 1 or not isinstance(parts[0].children[0], Tree):
        return None
    inside = parts[0].children[0]
    return _trees(inside)[0] if inside.data == "interpolation" else None
