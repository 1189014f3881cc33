"""Device functions, methods and lambdas: kept as functions where the IR can say them, else inlined."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..ir import build
from ..ir.nodes import AxisExtent, AxisIndex, Binary, Call, Cast, Constant, Declare, Expr, If, Literal, Load, Stmt, Unary, Var
from ..ir.types import VOID, Fragment, Scalar, element_of
from .calls import Calls
from .context import Inline, _names_assigned
from .kinds import (
    ArrayType,
    AutoType,
    CType,
    FunctionName,
    Lambda,
    Pointer_,
    PointerType,
    ReferenceType,
    Scope_,
    Stored,
    StructType,
    Structure,
    Unsupported,
    Value,
    Vector,
    VectorType,
)
from .parsing import SNode
from .syntax import callee

DEEPEST_INLINE = 24
MOST_INLINED = 2_000  # calls in one kernel


@dataclass(frozen=True, eq=False)
class FunctionInfo:
    """A function of the file. ``definition`` is the ``function_definition``, ``whole`` includes the template head."""

    name: str
    definition: SNode
    template: tuple[SNode, ...] = ()
    is_template: bool = False
    owner: StructType | None = None
    host_only: bool = False
    scope: Scope_ | None = field(default=None)


def parameters(definition: SNode) -> list[SNode]:
    """The parameter declarations of a function definition, lambda or prototype."""
    declarator: SNode | None = definition.child_by_field_name("declarator")
    while declarator is not None and declarator.child_by_field_name("parameters") is None:
        declarator = declarator.child_by_field_name("declarator") or (declarator.named_children[-1] if declarator.named_children else None)
    if declarator is None:
        return []
    listed = declarator.child_by_field_name("parameters")
    found = [c for c in listed.named_children if c.type != "comment"] if listed is not None else []
    if (
        len(found) == 1
        and found[0].type == "parameter_declaration"
        and found[0].child_by_field_name("declarator") is None
        and found[0].text == b"void"
    ):
        return []
    return found


class Functions(Calls):
    """Calls of functions that the file defines."""

    # ---- choosing

    def user_call(
        self, candidates: list[FunctionInfo], name: str, template: tuple[SNode, ...], listed: list[SNode], node: SNode
    ) -> Value | None:
        values = [self.value(item) for item in listed]
        return self.invoke(candidates, name, template, values, listed, node)

    def invoke(
        self, candidates: list[FunctionInfo], name: str, template: tuple[SNode, ...], values: list[Value], listed: list[SNode], node: SNode
    ) -> Value:
        info, scope = self.choose_function(candidates, template, values, node)
        return self.called(info, scope, values, listed, node)

    def called(self, info: FunctionInfo, scope: Scope_, values: list[Value], listed: list[SNode], node: SNode) -> Value:
        """A call of the function that was chosen, kept where it can be and else inlined."""
        kept = self.kept_call(info, scope, values, listed, node)
        return kept if kept is not None else self.inline_function(info, scope, values, listed, node)

    def choose_function(
        self, candidates: list[FunctionInfo], template: tuple[SNode, ...], values: list[Value], node: SNode
    ) -> tuple[FunctionInfo, Scope_]:
        """The overload a call means, and the scope with its template arguments."""
        best: tuple[int, int, FunctionInfo, Scope_] | None = None
        reason = ""
        for index, info in enumerate(candidates):
            expected = parameters(info.definition)
            needed = sum(1 for p in expected if p.child_by_field_name("default_value") is None)
            if not needed <= len(values) <= len(expected) and not any(p.type == "variadic_parameter_declaration" for p in expected):
                continue
            if template and not self.may_mean(info, template):
                continue
            try:
                scope = self.file.bind_template(info, template, values, self)
                score = self.match_score(expected, values, scope) * 2 + (not info.is_template)
            except Unsupported as problem:
                reason = problem.reason
                continue
            if score >= 0 and (best is None or score > best[0]):
                best = (score, -index, info, scope)
        if best is None:
            raise Unsupported(reason or f"no `{candidates[0].name}` takes {len(values)} arguments like these", node)
        return best[2], best[3]

    def may_mean(self, info: FunctionInfo, template: tuple[SNode, ...]) -> bool:
        """Whether a call with these template arguments may mean ``info``: an explicit specialisation ``f<int>`` has to have them too."""
        declarator: SNode | None = info.definition.child_by_field_name("declarator")
        while declarator is not None and declarator.type not in ("template_function", "parameter_list"):
            declarator = declarator.child_by_field_name("declarator")
        if declarator is None or info.is_template:
            return True
        _, own = callee(declarator)
        return [self.file.template_word(each, self) for each in own] == [self.file.template_word(each, self) for each in template]

    def match_score(self, expected: list[SNode], values: list[Value], scope: Scope_) -> int:
        old, self.scope = self.scope, scope
        score = 0
        try:
            for parameter, value in zip(expected, values):
                if parameter.type not in ("parameter_declaration", "optional_parameter_declaration"):
                    continue
                _, type_, _ = self.parameter(parameter)
                score += self.fit(type_, value)
        finally:
            self.scope = old
        return score

    def fit(self, type_: CType, value: Value) -> int:
        """How well a value fits a parameter: 3 exactly, 1 by conversion; a large negative number where it can't."""
        if isinstance(type_, ReferenceType):
            return self.fit(type_.target, value)
        if isinstance(type_, AutoType):
            return 2
        if isinstance(value, Expr) and isinstance(value.type, Scalar):
            if isinstance(type_, Scalar):
                return 3 if value.type == type_ else 2 if value.type.kind == type_.kind else 1
            return -1000
        if isinstance(type_, Scalar):
            return -1000
        vector = self.vector_type(value)
        if vector is not None or isinstance(type_, VectorType):
            return (
                3
                if vector is not None and isinstance(type_, VectorType) and vector.count == type_.count and vector.element == type_.element
                else -1000
            )
        if isinstance(value, Pointer_) and isinstance(type_, PointerType):
            return 3 if value.place.type == type_.pointee else 0
        return 1

    # ---- kept functions

    def kept_call(self, info: FunctionInfo, scope: Scope_, values: list[Value], listed: list[SNode], node: SNode) -> Value | None:
        """A call of the function as a function of the IR; None where it must be inlined."""
        if info.owner is not None or info.scope is not None or self.file.set_by_host(info.definition):
            return None
        expected = parameters(info.definition)
        if len(values) != len(expected):
            return None
        old, self.scope = self.scope, scope
        try:
            declared = [self.parameter(p) for p in expected if p.type in ("parameter_declaration", "optional_parameter_declaration")]
            returns = self.return_type(info.definition)
        finally:
            self.scope = old
        if len(declared) != len(values) or not isinstance(returns, Scalar):
            return None
        arguments: list[Expr] = []
        for (_, type_, _), value, item in zip(declared, values, [*listed, *([node] * len(values))]):
            if isinstance(type_, Scalar) and isinstance(value, Expr) and isinstance(value.type, Scalar):
                arguments.append(value)
            elif isinstance(type_, PointerType) and isinstance(type_.pointee, Scalar) and isinstance(value, Pointer_ | Stored):
                if isinstance(value, Stored) and not isinstance(value.place.type, ArrayType):
                    return None
                place = self.as_pointer(value, item)
                if (
                    place.flat
                    or place.type != type_.pointee
                    or element_of(place.buffer.type) != type_.pointee
                    or not place.indices
                    or isinstance(place.buffer.type, Scalar)
                ):
                    return None
                arguments.append(self.address(value, item))
            else:
                return None
        key = f"{info.name}<{self.file.instance_key(info, scope)}>"
        if key in self.unit.stack:
            raise Unsupported(f"`{info.name}` calls itself", node)
        name = self.file.lower_function(info, scope, key, self.unit)
        return Call(name, tuple(arguments), returns, span=self.span(node))

    def return_type(self, definition: SNode) -> CType:
        """What a function or lambda returns; ``auto`` where it does not say."""
        declarator: SNode | None = definition.child_by_field_name("declarator")
        type_node = definition.child_by_field_name("type")
        type_: CType = AutoType()
        const = False
        if type_node is not None:
            type_, const = self.declared_type(definition)
        while declarator is not None and declarator.child_by_field_name("parameters") is None:
            if declarator.type == "pointer_declarator":
                type_ = PointerType(type_, const)
            elif declarator.type == "reference_declarator":
                type_ = ReferenceType(type_, const)
            declarator = declarator.child_by_field_name("declarator") or (
                declarator.named_children[-1] if declarator.named_children else None
            )
        if declarator is not None:
            trailing = next((c for c in declarator.named_children if c.type == "trailing_return_type"), None)
            if trailing is not None and trailing.named_children:
                old, self.scope = self.scope, Scope_(self.scope)
                try:
                    return self.descriptor(trailing.named_children[0])
                except Unsupported:  # decltype of parameters: found from the value
                    return AutoType()
                finally:
                    self.scope = old
        return type_

    # ---- inlining

    def inline_function(self, info: FunctionInfo, scope: Scope_, values: list[Value], listed: list[SNode], node: SNode) -> Value:
        if info.name in self.unit.stack:
            raise Unsupported(f"`{info.name}` calls itself", node)
        self.unit.stack.append(info.name)
        try:
            return self.inline(info.definition, scope, values, listed, node, info.name)
        finally:
            self.unit.stack.pop()

    def call_lambda(self, owner: Lambda, listed: list[SNode], node: SNode) -> Value:
        values = [self.value(item) for item in listed]
        return self.inline(owner.node, owner.scope, values, listed, node, "a lambda")

    def call_named(self, function: FunctionName, listed: list[SNode], node: SNode) -> Value:
        """A call of a template parameter that is a function: what its own template arguments mean is known where it was named."""
        candidates = self.file.functions.get(function.name)
        if not candidates:
            return self.library_call(function.name, (), listed, node)
        values = [self.value(item) for item in listed]
        old, self.scope = self.scope, function.scope
        try:
            info, scope = self.choose_function(candidates, function.template, values, node)
        finally:
            self.scope = old
        return self.called(info, scope, values, listed, node)

    def call_method(self, owner: Structure, name: str, template: tuple[SNode, ...], listed: list[SNode], node: SNode) -> Value:
        scope = Scope_(owner.type.scope, dict(owner.fields))  # type: ignore[arg-type]
        return self.member_call(owner.type, scope, name, template, listed, node)

    def call_static(self, owner: StructType, name: str, template: tuple[SNode, ...], listed: list[SNode], node: SNode) -> Value:
        return self.member_call(owner, owner.scope, name, template, listed, node)

    def member_call(
        self, owner: StructType, scope: Scope_, name: str, template: tuple[SNode, ...], listed: list[SNode], node: SNode
    ) -> Value:
        found = [self.file.method(member, owner, scope) for member in owner.methods_named(name)]
        if not found:
            raise Unsupported(f"`{owner.name}` has no function `{name}`", node)
        values = [self.value(item) for item in listed]
        info, bound = self.choose_function(found, template, values, node)
        return self.inline_function(info, bound, values, listed, node)

    def user_operator(self, op: str, left: Value, right: Value, node: SNode) -> Value | None:
        if isinstance(left, Expr) and isinstance(right, Expr):
            return None
        if isinstance(left, Structure) and left.type.methods_named(f"operator{op}"):
            found = [
                self.file.method(m, left.type, Scope_(left.type.scope, dict(left.fields))) for m in left.type.methods_named(f"operator{op}")
            ]  # type: ignore[arg-type]
            return self.invoke(found, f"operator{op}", (), [right], [], node)
        candidates = self.file.functions.get(f"operator{op}")
        if candidates and not isinstance(left, Pointer_):
            try:
                info, scope = self.choose_function(candidates, (), [left, right], node)
            except Unsupported:
                return None
            return self.inline_function(info, scope, [left, right], [], node)
        return None

    def inline(self, definition: SNode, scope: Scope_, values: list[Value], listed: list[SNode], node: SNode, label: str) -> Value:
        """The value of a call, with the body's statements hoisted before the current one."""
        if self.inline_depth >= DEEPEST_INLINE:
            raise Unsupported(f"{label} is nested more than {DEEPEST_INLINE} calls deep", node)
        self.unit.inlined += 1
        if self.unit.inlined > MOST_INLINED:
            raise Unsupported(f"more than {MOST_INLINED} calls are inlined", node)
        body = definition.child_by_field_name("body")
        if body is None:
            raise Unsupported(f"the body of {label} is not in this file", node)
        expected = parameters(definition)
        assigned = _names_assigned(body)
        caller = self.scope
        self.scope = Scope_(scope)
        old_mutated = self.mutated
        self.mutated = old_mutated | frozenset(assigned)
        self.inline_depth += 1
        try:
            returns = self.return_type(definition)
            for index, parameter in enumerate(expected):
                if index < len(values):
                    self.bind_argument(parameter, values[index], assigned, listed[index] if index < len(listed) else node)
                else:
                    default = parameter.child_by_field_name("default_value")
                    if default is None:
                        raise Unsupported(f"{label} takes {len(expected)} arguments", node)
                    self.bind_argument(parameter, self.value(default), assigned, default)
            return self.inline_body(body, returns, node, label)
        finally:
            self.inline_depth -= 1
            self.mutated = old_mutated
            self.scope = caller

    def bind_argument(self, parameter: SNode, value: Value, assigned: set[str], node: SNode) -> None:
        if parameter.type not in ("parameter_declaration", "optional_parameter_declaration"):
            raise Unsupported("a parameter pack", parameter)
        name, type_, _ = self.parameter(parameter)
        if not name:
            return
        if isinstance(type_, ReferenceType):
            target = type_.target
            if (
                isinstance(value, Expr)
                and not isinstance(value, Var | Load)
                or isinstance(target, Scalar)
                and isinstance(value, Expr)
                and element_of(value.type) != target
                and not isinstance(value.type, Fragment)
            ):
                if not type_.const:
                    raise Unsupported(f"a reference to a value: `{self.original(node)[:40]}`", node)
                type_ = target
            else:
                self.bind(name, value)
                return
        if isinstance(value, Structure) and name in assigned and not self.guarded:
            self.declare_value(name, value.type, value, node)
            return
        if isinstance(value, Lambda | Structure) or isinstance(value, Var) and isinstance(value.type, Fragment):
            self.bind(name, value)
            return
        if isinstance(type_, PointerType):
            place = self.as_pointer(value, node)
            if name in assigned:
                self.declare_value(name, type_, Pointer_(place), node)
            else:
                self.bind(name, Pointer_(place))
            return
        if isinstance(type_, Scalar | AutoType) and isinstance(value, Expr):
            target_type = type_ if isinstance(type_, Scalar) else element_of(value.type)
            converted = self.as_scalar(self.convert(value, target_type, node))
            if name not in assigned and (self.stable(value) or self.guarded and self.pure(value)):
                self.bind(name, converted)
                return
            if self.guarded:
                raise Unsupported("a function is inlined inside a part of an expression that is evaluated only sometimes", node)
            variable = self.unique(name)
            if name in assigned or f"{self.key}/{variable}" in self.unit.changed:
                self.mutable.add(variable)
            self.before.append(Declare(variable, target_type, value, span=self.span(node)))
            self.bind(name, Var(variable, target_type))
            return
        if (
            name not in assigned
            and isinstance(value, Vector | Stored)
            and (not isinstance(value, Vector) or all(self.stable(p) for p in value.parts))
        ):
            self.bind(name, value)
            return
        if self.guarded:
            raise Unsupported("a function is inlined inside a part of an expression that is evaluated only sometimes", node)
        self.declare_value(name, type_, value, node)

    def stable(self, expr: Expr) -> bool:
        """Whether an expression may be read again later with the same value, at no cost."""
        if isinstance(expr, Literal | Constant | AxisIndex | AxisExtent):
            return True
        if isinstance(expr, Var):
            return expr.name not in self.mutable
        if isinstance(expr, Cast | Unary):
            return self.stable(expr.operand)
        return False

    def pure(self, expr: Expr) -> bool:
        if isinstance(expr, Binary):
            return self.pure(expr.left) and self.pure(expr.right)
        if isinstance(expr, Cast | Unary):
            return self.pure(expr.operand)
        if isinstance(expr, Load):
            return all(self.pure(i) for i in expr.index)
        if isinstance(expr, Call):
            return not expr.name.startswith(("atomic", "shfl", "_")) and all(self.pure(a) for a in expr.arguments)
        return isinstance(expr, Literal | Constant | AxisIndex | AxisExtent | Var)

    def inline_body(self, body: SNode, returns: CType, node: SNode, label: str) -> Value:
        nodes = [c for c in body.named_children if c.type != "comment"] if body.type == "compound_statement" else [body]
        if len(nodes) == 1 and nodes[0].type == "return_statement":
            inner = next((c for c in nodes[0].named_children if c.type != "comment"), None)
            return self.returned(inner, returns)
        if self.guarded:
            raise Unsupported(f"{label} is inlined inside a part of an expression that is evaluated only sometimes", node)
        outer_before, outer_after = self.before, self.after
        self.before, self.after = [], []
        frame = Inline(returns)
        self.inlines.append(frame)
        try:
            frame.several = (
                self.returns_in(nodes[:-1]) or bool(nodes) and nodes[-1].type != "return_statement" and self.returns_in(nodes[-1:])
            )
            declared: list[Stmt] = []
            if frame.several and returns != VOID:
                declared = self.result_slot(frame, label, node)
            stmts = self.inline_statements(nodes, frame)
        finally:
            self.inlines.pop()
            self.before, self.after = outer_before, outer_after
        self.before += [*declared, *stmts]
        if frame.slot is not None:
            return frame.slot
        return frame.value if frame.value is not None else Literal(0, VOID)

    def result_slot(self, frame: Inline, label: str, node: SNode) -> list[Stmt]:
        type_ = frame.type
        if isinstance(type_, StructType | VectorType):
            name = self.unique("result")
            self.mutated |= {name}
            self.declare_value(name, type_, None, node)
            frame.slot = self.scope.value(name)  # type: ignore[assignment]
            declared, self.before = self.before, []
            return declared
        if not isinstance(type_, Scalar):
            raise Unsupported(f"{label} returns from several places", node)
        variable = self.unique(f"{label.split()[-1].split('(')[0]}_result" if label.split()[-1].isidentifier() else "result")
        frame.slot = Var(variable, type_)
        self.mutable.add(variable)
        return [Declare(variable, type_, None, span=self.span(node))]

    def returns_in(self, nodes: list[SNode]) -> bool:
        stack = list(nodes)
        while stack:
            current = stack.pop()
            if current.type == "return_statement":
                return True
            if current.type != "lambda_expression":
                stack.extend(current.named_children)
        return False

    def always_returns(self, node: SNode) -> bool:
        if node.type == "return_statement":
            return True
        if node.type == "compound_statement":
            inner = [c for c in node.named_children if c.type != "comment"]
            return bool(inner) and self.always_returns(inner[-1])
        if node.type == "if_statement":
            then, other = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
            return then is not None and other is not None and self.always_returns(then) and self.always_returns(other)
        if node.type == "else_clause":
            return bool(node.named_children) and self.always_returns(node.named_children[-1])
        return False

    def inline_statements(self, nodes: list[SNode], frame: Inline) -> list[Stmt]:
        """Statements of an inlined body; what follows an ``if`` that returns moves into its ``else``."""
        result: list[Stmt] = []
        for index, node in enumerate(nodes):
            if node.type == "return_statement":
                inner = next((c for c in node.named_children if c.type != "comment"), None)
                value = self.returned(inner, frame.type)
                before, after = self.settle()
                result += before
                if frame.slot is not None:
                    result += self.assign(frame.slot, value, "", node)
                else:
                    frame.value = value
                return [*result, *after]
            if not self.returns_in([node]):
                result += self.statement(node)
                continue
            if node.type == "compound_statement" and index == len(nodes) - 1:
                return result + self.inline_statements([c for c in node.named_children if c.type != "comment"], frame)
            if node.type != "if_statement":
                raise Unsupported("a function that returns from inside a loop can't be inlined", node)
            condition_node, then = self.fields(node, "condition", "consequence")
            other = node.child_by_field_name("alternative")
            condition = self.condition(condition_node)
            before, _ = self.settle()
            result += before
            rest = nodes[index + 1 :]
            then_nodes = self.branch(then)
            other_nodes = self.branch(other.named_children[-1]) if other is not None and other.named_children else []
            if not self.always_returns(then):
                then_nodes = then_nodes + rest
            if other is None or not self.always_returns(other):
                other_nodes = other_nodes + rest
            if rest and not self.always_returns(then) and (other is None or not self.always_returns(other)):
                raise Unsupported("a function that returns from inside nested branches can't be inlined", node)
            old = self.push()
            then_body = self.inline_statements(then_nodes, frame)
            self.pop(old)
            old = self.push()
            other_body = self.inline_statements(other_nodes, frame)
            self.pop(old)
            return [*result, If(condition, tuple(then_body), tuple(other_body), span=self.span(node))]
        return result

    @staticmethod
    def branch(node: SNode) -> list[SNode]:
        return [c for c in node.named_children if c.type != "comment"] if node.type == "compound_statement" else [node]

    def returned(self, node: SNode | None, returns: CType | None) -> Value:
        if node is None:
            return Literal(0, VOID)
        if node.type == "initializer_list" and returns is not None:
            return self.initialised(returns, node)
        value = self.value(node)
        if isinstance(returns, Scalar) and returns != VOID:
            expr = self.as_scalar(value, node)
            return build.cast(expr, returns) if isinstance(expr, Literal) or element_of(expr.type) != returns else expr
        return value
