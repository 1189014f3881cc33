"""Statements of host code, for the evaluator: branches, switches and loops.

A loop that only fills memory is run once, over the range of its variable; one that computes sizes is run step by step. Where a condition
is unknown every branch runs from the same state, and the states are joined.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ..ir import build
from ..ir.nodes import Expr, Literal
from ..ir.types import I32
from .host_scan import declarator_name, misread_declarations, taken_children, text_of
from .host_values import (
    UNKNOWN,
    Break,
    Cell,
    Continue,
    Element,
    Exit,
    Memory,
    Number,
    Pointer,
    Reference,
    Return,
    Sequence,
    Signal,
    join,
    literal,
    roots_of,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from .host_evaluate import Evaluator

ITERATIONS = 4096           # of one loop that computes sizes
LAUNCHES = 8                # iterations of one loop that launches kernels


def run_node(ev: Evaluator, node: Node | None) -> None:
    if node is None:
        return
    ev.tick()
    match node.type:
        case "compound_statement" | "else_clause" | "try_statement" | "labeled_statement":
            ev.scopes.append({})
            try:
                for child in node.named_children:
                    ev.run(child)
            finally:
                ev.scopes.pop()
        case "expression_statement" if declarations := misread_declarations(node):
            for declaration in declarations:
                ev.declaration(declaration)
        case "expression_statement" | "init_statement" | "ERROR":
            for child in node.named_children:
                ev.run(child) if child.type.endswith(("statement", "declaration")) else ev.value(child)
        case "declaration":
            ev.declaration(node)
        case "if_statement":
            ev.scopes.append({})
            try:
                _if(ev, node)
            finally:
                ev.scopes.pop()
        case "for_statement" | "while_statement" | "do_statement" | "for_range_loop":
            ev.scopes.append({})
            try:
                _range_loop(ev, node) if node.type == "for_range_loop" else _loop(ev, node)
            finally:
                ev.scopes.pop()
        case "switch_statement":
            _switch(ev, node)
        case "return_statement":
            raise Return(ev.value(node.named_children[0]) if node.named_children else UNKNOWN)
        case "break_statement":
            raise Break
        case "continue_statement":
            raise Continue
        case "preproc_if" | "preproc_ifdef" | "preproc_else" | "preproc_elif":
            for child in taken_children(node, ev.program):
                ev.run(child)
        case "comment" | "type_definition" | "alias_declaration" | "using_declaration" | "catch_clause" | "goto_statement":
            pass
        case kind if kind.endswith("expression") or kind in ("identifier",):
            ev.value(node)


def _if(ev: Evaluator, node: Node) -> None:
    clause = node.child_by_field_name("condition")
    initializer = clause.child_by_field_name("initializer")
    if initializer is not None:
        ev.run(initializer)
    test = clause.child_by_field_name("value") or (clause.named_children[-1] if clause.named_children else None)
    condition = ev.declaration(test) if test is not None and test.type == "declaration" else ev.number(test)
    then, otherwise = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
    if condition.value is None:
        _either(ev, [(lambda: ev.run(then), (condition.term, True)), (lambda: ev.run(otherwise), (condition.term, False))])
        return
    try:
        ev.run(then if condition.value else otherwise)
    finally:
        if roots_of(condition.term):
            _forget_terms(ev, node)


def _forget_terms(ev: Evaluator, node: Node) -> None:
    """Which way a condition went decided what these variables hold now: their values stay, their formulas don't."""
    for name in assigned_names(node):
        cell = ev.lookup(name)
        if cell is not None and isinstance(cell.value, Number):
            cell.value = replace(cell.value, term=None)


def _either(ev: Evaluator, branches: list[tuple[Callable, tuple[Expr | None, bool]]]) -> None:
    """Run each branch from the same state and join the states of those that fall through."""
    outcomes: list[tuple[Signal | None, dict[int, tuple[Cell, object]]]] = []
    for branch, (term, holds) in branches:
        mark, signal = len(ev.journal), None
        if term is not None:
            ev.conditions.append((term, holds))
        try:
            branch()
        except Signal as leaving:
            signal = leaving
        if term is not None:
            ev.conditions.pop()
        changed = {id(cell): (cell, cell.value) for cell, _ in ev.journal[mark:]}
        for cell, old in reversed(ev.journal[mark:]):
            cell.value = old
        del ev.journal[mark:]
        outcomes.append((signal, changed))
    live = [changed for signal, changed in outcomes if signal is None]
    if not live:
        raise outcomes[0][0] or Exit()
    for identity, (cell, _) in {key: item for changed in live for key, item in changed.items()}.items():
        results = [changed[identity][1] if identity in changed else cell.value for changed in live]
        merged = results[0]
        for result in results[1:]:
            both = isinstance(merged, Number) and isinstance(result, Number)
            merged = join(merged, result) if both else merged if merged == result else (merged if result is UNKNOWN else result)
        ev.journal.append((cell, cell.value))
        cell.value = merged


def _switch(ev: Evaluator, node: Node) -> None:
    clause = node.child_by_field_name("condition")
    subject = ev.number(clause.child_by_field_name("value") or clause.named_children[-1])
    cases = [child for child in node.child_by_field_name("body").named_children if child.type == "case_statement"]

    def run_from(index: int) -> None:
        ev.scopes.append({})
        try:
            for case in cases[index:]:
                label = case.child_by_field_name("value")
                for child in case.named_children:
                    if child != label:
                        ev.run(child)
        except Break:
            pass
        finally:
            ev.scopes.pop()

    labels = [case.child_by_field_name("value") for case in cases]
    numbers = [ev.number(label) if label is not None else None for label in labels]
    if subject.value is None:
        def test(number: Number | None) -> tuple[Expr | None, bool]:
            known = subject.term is not None and number is not None and number.value is not None
            return (build.binary("==", subject.term, Literal(number.value, I32)) if known else None), True

        _either(ev, [(lambda i=i: run_from(i), test(number)) for i, number in enumerate(numbers)] + [(lambda: None, (None, True))])
        return
    index = next((i for i, number in enumerate(numbers) if number is not None and number.value == subject.value), None)
    if index is None:
        index = next((i for i, label in enumerate(labels) if label is None), None)
    if index is not None:
        run_from(index)


def _loop(ev: Evaluator, node: Node) -> None:
    body = node.child_by_field_name("body")
    if node.type == "for_statement":
        initializer = node.child_by_field_name("initializer")
        if initializer is not None:
            ev.run(initializer) if initializer.type == "declaration" else ev.value(initializer)
    assigned = assigned_names(node)
    own = set(ev.scopes[-1])
    computes = bool((assigned - own) & ev.relevant.get(ev.function, frozenset())) or _launches(ev, body)
    if computes and _step_by_step(ev, node, body):
        _forget_terms(ev, node)
        return
    _once(ev, node, body, assigned)


def _step_by_step(ev: Evaluator, node: Node, body: Node) -> bool:
    """Run the loop; False where a condition became unknown or it takes too long (variables then hold a partial result)."""
    condition, update = node.child_by_field_name("condition"), node.child_by_field_name("update")
    limit = LAUNCHES if _launches(ev, body) else ITERATIONS
    first = node.type == "do_statement"
    ev.loops += 1
    try:
        for _ in range(limit):
            if not first and condition is not None:
                test = ev.number(condition)
                if test.value is None:
                    return False
                if not test.value:
                    return True
            first = False
            try:
                ev.run(body)
            except Continue:
                pass
            except Break:
                return True
            if update is not None:
                ev.value(update)
        return _launches(ev, body)
    finally:
        ev.loops -= 1


def _once(ev: Evaluator, node: Node, body: Node, assigned: set[str]) -> None:
    """Run the body once for all iterations: the loop variable is a range, everything else the loop assigns is unknown."""
    condition = node.child_by_field_name("condition")
    ranges = _loop_range(ev, condition)
    for name in assigned:
        cell = ev.lookup(name)
        if cell is not None and isinstance(cell.value, Number):
            low, high = ranges.get(name, (None, None))
            if low is not None and high is not None and high < low:
                return
            ev.journal.append((cell, cell.value))
            cell.value = Number(None, None, low, high, cell.value.type)
    ev.loops += 1
    try:
        ev.run(body)
    except (Break, Continue):
        pass
    finally:
        ev.loops -= 1
    for name in assigned:
        cell = ev.lookup(name)
        if cell is not None and isinstance(cell.value, Number):
            cell.value = Number(type=cell.value.type)


def _loop_range(ev: Evaluator, condition: Node | None) -> dict[str, tuple]:
    while condition is not None and condition.type in ("parenthesized_expression", "condition_clause"):
        condition = condition.named_children[0]
    if condition is None or condition.type != "binary_expression":
        return {}
    left, right = condition.child_by_field_name("left"), condition.child_by_field_name("right")
    op = text_of(condition.child_by_field_name("operator"))
    cell = ev.lookup(text_of(left)) if left.type == "identifier" else None
    if cell is None or not isinstance(cell.value, Number):
        return {}
    start, bound = cell.value.range, ev.number(right).range
    if op in ("<", "<=", "!="):
        return {cell.name: (start[0], None if bound[1] is None else bound[1] - (op != "<="))}
    if op in (">", ">="):
        return {cell.name: (None if bound[0] is None else bound[0] + (op == ">"), start[1])}
    return {}


def _range_loop(ev: Evaluator, node: Node) -> None:
    subject = ev.value(node.child_by_field_name("right"))
    declarator, body = node.child_by_field_name("declarator"), node.child_by_field_name("body")
    name = text_of(declarator_name(declarator))
    memory = subject.memory if isinstance(subject, Pointer) else subject
    cell = Cell(name)
    ev.scopes[-1][name] = cell
    assigned = assigned_names(node) - {name}

    def item(index: Number) -> object:
        return Reference(Element(memory, index)) if "&" in text_of(declarator) else ev.element(memory, index)

    computes = bool(assigned & ev.relevant.get(ev.function, frozenset())) or _launches(ev, body)
    if isinstance(memory, Memory) and memory.items is not None and computes:
        _each(ev, cell, [item(literal(index)) for index in range(len(memory.items))], body)
    elif isinstance(subject, Sequence) and computes:
        _each(ev, cell, [value for _, value, _ in subject.items], body)
    else:
        if isinstance(memory, Memory):
            cell.value = item(Number())
        _once(ev, node, body, assigned)


def _each(ev: Evaluator, cell: Cell, values: list, body: Node) -> None:
    """Run ``body`` once for each of a few known values."""
    ev.loops += 1
    try:
        for value in values[: LAUNCHES if _launches(ev, body) else ITERATIONS]:
            cell.value = value
            try:
                ev.run(body)
            except Continue:
                pass
            except Break:
                break
    finally:
        ev.loops -= 1


def _launches(ev: Evaluator, node: Node | None) -> bool:
    text = text_of(node)
    return "<<<" in text or any(re.search(rf"\b{re.escape(name)}\s*[(<]", text) for name in ev.launching)


def assigned_names(node: Node) -> set[str]:
    """Plain variables that are assigned, incremented or passed by address below ``node``."""
    names: set[str] = set()
    stack = [node]
    while stack:
        current = stack.pop()
        target = None
        if current.type == "assignment_expression":
            target = current.child_by_field_name("left")
        elif current.type == "update_expression":
            target = current.child_by_field_name("argument")
        while target is not None and target.type in ("parenthesized_expression", "field_expression"):
            target = target.child_by_field_name("argument") or (target.named_children[0] if target.named_children else None)
        if target is not None and target.type == "identifier":
            names.add(text_of(target))
        stack.extend(current.named_children)
    return names
