"""Reads Terraform's expressions, in texts of its JSON: templates, with `${...}` and `%{...}` in them.

The language is that of HashiCorp's "HCL Native Syntax Specification" (2024 text, "Expressions" and
"Templates").
"""

from __future__ import annotations

import re

from constructs_lib.expressions.cursor import Cursor, ExpressionError
from constructs_lib.expressions.nodes import (
    Call,
    Conditional,
    Expression,
    For,
    Items,
    Keyword,
    Literal,
    Members,
    Operation,
    Reference,
    Selection,
    Step,
    Template,
)

_OPERATORS = (("||",), ("&&",), ("==", "!="), ("<=", ">=", "<", ">"), ("+", "-"), ("*", "/", "%"))
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_FUNCTION = re.compile(r"[A-Za-z_][\w-]*(?:::[A-Za-z_][\w-]*)*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_INDEX = re.compile(r"\d+")
_FOR = re.compile(r"for\s")
_HEREDOC = re.compile(r"<<-?([A-Za-z_][\w-]*)[ \t]*\r?\n(.*?)^[ \t]*\1\b", re.DOTALL | re.MULTILINE)
_TEXT = re.compile(r"(?:\$\$\{|%%\{|\$(?!\{)|%(?!\{)|[^$%])+")
_QUOTED = re.compile(r'(?:\$\$\{|%%\{|\\.|\$(?!\{)|%(?!\{)|[^"\\$%])+', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|([$%])\4\{", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}
_KEYWORDS = ("true", "false", "null")
_DEEPEST = 40
"""The deepest nesting: an expression that people or CDKTF write has a few levels."""


def parse(text: str) -> Expression:
    """Return the expression in a text of Terraform's JSON.

    Raises:
        ExpressionError: Terraform could not read it either.
    """
    parts = Reader(Cursor(text)).template()
    if not parts:
        return Literal("")
    return parts[0] if len(parts) == 1 else Template(tuple(parts))


class Reader:
    """Reads expressions at a cursor."""

    def __init__(self, cursor: Cursor, depth: int = 0) -> None:
        self._cursor = cursor
        self._depth = depth

    def template(self) -> list[Expression]:
        """Read the rest of the text as a template: its literals, interpolations and comments, in any order.

        Raises:
            ExpressionError: Terraform could not read it either.
        """
        parts: list[Expression] = []
        while not self._cursor.ended:
            if plain := self._cursor.match(_TEXT):
                parts.append(Literal(plain[0].replace("$${", "${").replace("%%{", "%{")))
            else:
                parts += self._sequence()
        return parts + [Literal(comment) for comment in self._cursor.comments]

    def _sequence(self) -> list[Expression]:
        """Read `${...}` or `%{...}`: the expressions in it whose values can be in the result."""
        cursor = self._cursor
        directive = cursor.takes("${~", "${", "%{~", "%{") in ("%{~", "%{")
        parts = self._directive() if directive else [self.expression()]
        if cursor.takes("~}", "}") is None:
            raise ExpressionError(f"the end of an interpolation is missing at character {cursor.at}")
        return parts

    def _directive(self) -> list[Expression]:
        cursor = self._cursor
        cursor.skip()
        word = cursor.match(_NAME)
        match word[0] if word else None:
            case "if":
                self.expression()
                return []
            case "for":
                return [self._loop_head()[2]]
            case "else" | "endif" | "endfor":
                return []
        raise ExpressionError(f"an unknown directive at character {cursor.at}")

    def expression(self) -> Expression:
        """Read an expression.

        Raises:
            ExpressionError: The text has none here, or one that is not understood.
        """
        self._deeper()
        found = self._operation(0)
        if self._cursor.takes("?"):
            yes = self.expression()
            self._cursor.expect(":")
            found = Conditional((yes, self.expression()))
        self._depth -= 1
        return found

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ExpressionError("the expression is nested too deeply")

    def _operation(self, level: int) -> Expression:
        """An operation of this level of precedence, the loosest first."""
        if level == len(_OPERATORS):
            return self._unary()
        operands = [self._operation(level + 1)]
        operators = []
        while operator := self._operator(level):
            operators.append(operator)
            operands.append(self._operation(level + 1))
        return Operation(operators[0], tuple(operands)) if operators else operands[0]

    def _operator(self, level: int) -> str | None:
        self._cursor.skip()
        # `=>` follows the key of an object, and `=` a name in it
        if self._cursor.sees("=>"):
            return None
        return self._cursor.takes(*_OPERATORS[level])

    def _unary(self) -> Expression:
        if operator := self._cursor.takes("!", "-"):
            self._deeper()
            found = Operation(operator, (self._unary(),))
            self._depth -= 1
            return found
        return self._with_steps(self._term())

    def _with_steps(self, base: Expression) -> Expression:
        steps: list[Step] = []
        while True:
            self._cursor.skip()
            if self._cursor.sees("...") or not self._cursor.takes(".", "["):
                break
            steps.append(self._step(self._cursor.text[self._cursor.at - 1]))
        if not steps:
            return base
        if isinstance(base, Reference):
            return Reference(base.root, (*base.steps, *steps))
        return Selection(base, tuple(steps))

    def _step(self, opening: str) -> Step:
        cursor = self._cursor
        if cursor.takes("*"):
            if opening == "[":
                cursor.expect("]")
            return None
        if opening == ".":
            if index := cursor.match(_INDEX):
                return int(index[0][:9])
            if name := cursor.match(_NAME):
                return name[0]
            raise ExpressionError(f"an attribute's name is missing at character {cursor.at}")
        inside = self.expression()
        cursor.expect("]")
        if not isinstance(inside, Literal):
            return None
        return int(inside.text[:9]) if inside.text.isdecimal() and inside.text.isascii() else inside.text

    def _term(self) -> Expression:
        cursor = self._cursor
        cursor.skip()
        if number := cursor.match(_NUMBER):
            return Literal(number[0])
        if heredoc := cursor.match(_HEREDOC):
            return Template(tuple(Reader(Cursor(heredoc[2]), self._depth).template()))
        if function := cursor.match(_FUNCTION):
            return self._named(function[0])
        match cursor.takes('"', "(", "[", "{"):
            case '"':
                return self._quoted()
            case "(":
                inside = self.expression()
                cursor.expect(")")
                return inside
            case "[":
                cursor.skip()
                return self._for("]") if cursor.match(_FOR) else Items(tuple(self._list("]")))
            case "{":
                cursor.skip()
                return self._for("}") if cursor.match(_FOR) else self._members()
        raise ExpressionError(f"an expression is missing at character {cursor.at}")

    def _named(self, name: str) -> Expression:
        if self._cursor.takes("("):
            return Call(name, tuple(self._list(")")))
        return Keyword(name) if name in _KEYWORDS else Reference(name)

    def _list(self, end: str) -> list[Expression]:
        found: list[Expression] = []
        while not self._cursor.takes(end):
            found.append(self.expression())
            self._cursor.takes("...")
            if not self._cursor.takes(","):
                self._cursor.expect(end)
                break
        return found

    def _members(self) -> Expression:
        found: list[tuple[Expression, Expression]] = []
        while not self._cursor.takes("}"):
            key = self.expression()
            if isinstance(key, Reference) and not key.steps:
                key = Literal(key.root)
            if not self._cursor.takes("=", ":"):
                raise ExpressionError(f"a value is missing at character {self._cursor.at}")
            found.append((key, self.expression()))
            self._cursor.takes(",")
        return Members(tuple(found))

    def _loop_head(self) -> tuple[str | None, str, Expression]:
        """The names and the collection of a `for`: `key, value in collection`."""
        names: list[str] = []
        while not names or self._cursor.takes(","):
            self._cursor.skip()
            if not (name := self._cursor.match(_NAME)):
                raise ExpressionError(f"a name is missing at character {self._cursor.at}")
            names.append(name[0])
        self._cursor.expect("in")
        return names[0] if len(names) > 1 else None, names[-1], self.expression()

    def _for(self, end: str) -> Expression:
        cursor = self._cursor
        key, value, collection = self._loop_head()
        cursor.expect(":")
        results = [self.expression()]
        if cursor.takes("=>"):
            results.append(self.expression())
        cursor.takes("...")
        if cursor.takes("if"):
            self.expression()
        cursor.expect(end)
        return For(key, value, collection, tuple(results))

    def _quoted(self) -> Expression:
        cursor = self._cursor
        parts: list[Expression] = []
        while not cursor.sees('"'):
            if plain := cursor.match(_QUOTED):
                parts.append(Literal(_ESCAPE.sub(_unescaped, plain[0])))
            elif cursor.ended:
                raise ExpressionError("the end of a text is missing")
            else:
                parts += self._sequence()
        cursor.at += 1
        if not parts:
            return Literal("")
        return parts[0] if len(parts) == 1 else Template(tuple(parts))


def _unescaped(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    if code:
        return chr(min(int(code, 16), 0x10FFFF))
    if escape[4]:
        return f"{escape[4]}{{"
    return _ESCAPED.get(escape[3], escape[3])
