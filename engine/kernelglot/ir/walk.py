"""Reading and rewriting trees. Rewriters return the same object where nothing changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from functools import cache

from .nodes import Address, Assign, Declare, Expr, For, Kernel, Load, Node, Stmt, Var


@cache
def _child_fields(kind: type) -> tuple[str, ...]:
    skipped = {"span", "origin", "comment", "type", "text", "value_text", "pragma", "names"}
    return tuple(f.name for f in fields(kind) if f.name not in skipped)


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below ``node``, in source order."""
    for name in _child_fields(type(node)):
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            for item in value:
                if isinstance(item, Node):
                    yield item


def walk(node: Node | Iterable[Node]) -> Iterator[Node]:
    """``node`` and everything below it, parents first; iterative, so that deep trees are safe."""
    stack = [node] if isinstance(node, Node) else list(node)[::-1]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(list(children(current))))


def map_children(node: Node, fn: Callable[[Node], Node | tuple[Node, ...]]) -> Node:
    """``node`` with ``fn`` applied to each child; inside a tuple of statements ``fn`` may return several nodes or none."""
    changes = {}
    for name in _child_fields(type(node)):
        value = getattr(node, name)
        if isinstance(value, Node):
            new = fn(value)
            if new is not value:
                changes[name] = new
        elif isinstance(value, tuple) and value:
            items: list = []
            changed = False
            for item in value:
                if not isinstance(item, Node):
                    items.append(item)
                    continue
                new = fn(item)
                changed |= new is not item
                if isinstance(new, tuple):
                    items.extend(new)
                else:
                    items.append(new)
            if changed:
                changes[name] = tuple(items)
    return replace(node, **changes) if changes else node


def rewrite(node: Node, fn: Callable[[Node], Node | tuple[Node, ...]]) -> Node | tuple[Node, ...]:
    """Bottom-up: children first, then ``fn`` on the node itself."""
    return fn(map_children(node, lambda child: rewrite(child, fn)))


def rewrite_body(body: tuple[Stmt, ...], fn: Callable[[Node], Node | tuple[Node, ...]]) -> tuple[Stmt, ...]:
    result: list[Stmt] = []
    changed = False
    for stmt in body:
        new = rewrite(stmt, fn)
        changed |= new is not stmt
        if isinstance(new, tuple):
            result.extend(new)  # type: ignore[arg-type]
        else:
            result.append(new)  # type: ignore[arg-type]
    return tuple(result) if changed else body


def substitute(node, mapping: dict[str, Expr]):
    """``node`` (or a tuple of statements) with variables replaced by expressions; a loop that binds a name hides it."""
    if isinstance(node, tuple):
        new = tuple(substitute(item, mapping) for item in node)
        return node if all(a is b for a, b in zip(new, node, strict=True)) else new
    if not mapping:
        return node
    if isinstance(node, Var):
        return mapping.get(node.name, node)
    if isinstance(node, For) and node.var in mapping:
        inner = {name: value for name, value in mapping.items() if name != node.var}
        return replace(
            node,
            lower=substitute(node.lower, mapping),
            upper=substitute(node.upper, mapping),
            step=substitute(node.step, mapping),
            body=substitute(node.body, inner),
        )
    return map_children(node, lambda child: substitute(child, mapping))


def rename(node, names: dict[str, str]):
    """``node`` with variables, declarations and loop variables renamed."""
    if isinstance(node, tuple):
        return tuple(rename(item, names) for item in node)

    def visit(current: Node) -> Node:
        if isinstance(current, Var) and current.name in names:
            return replace(current, name=names[current.name])
        if isinstance(current, Declare) and current.name in names:
            return replace(current, name=names[current.name])
        if isinstance(current, For) and current.var in names:
            return replace(current, var=names[current.var])
        return current

    return rewrite(node, visit)


def variables(node) -> set[str]:
    """Names of all variables read or written below ``node``."""
    nodes = node if isinstance(node, tuple) else (node,)
    return {item.name for item in walk(nodes) if isinstance(item, Var)}


def declared(body) -> set[str]:
    """Names declared below ``body``, loop variables included."""
    nodes = body if isinstance(body, tuple) else (body,)
    names = set()
    for item in walk(nodes):
        if isinstance(item, Declare):
            names.add(item.name)
        elif isinstance(item, For):
            names.add(item.var)
    return names


def names_in(kernel: Kernel) -> set[str]:
    """Every name that ``kernel`` and its helpers declare: what a new helper must not be called."""
    inside = {name for body in (kernel.body, *(f.body for f in kernel.functions)) for name in declared(body)}
    outside = {p.name for p in kernel.params} | {c.name for c in kernel.constants} | {f.name for f in kernel.functions}
    return inside | outside | {kernel.name} | {p.name for f in kernel.functions for p in f.params}


def assigned(body) -> set[str]:
    """Names of scalars assigned and buffers stored to below ``body`` (declarations with a value count)."""
    nodes = body if isinstance(body, tuple) else (body,)
    names = set()
    for item in walk(nodes):
        if isinstance(item, Assign):
            target = item.target
            names.add(target.buffer.name if isinstance(target, Load) else target.name)  # type: ignore[attr-defined]
        elif isinstance(item, Declare) and item.value is not None:
            names.add(item.name)
        elif isinstance(item, Address):
            names.add(item.buffer.name)
    return names
