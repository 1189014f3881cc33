"""Calls: casts, math under its canonical name, warp collectives, atomics, wmma, intrinsics. Device functions are in ``inline.py``."""

from __future__ import annotations

from ..ir import build
from ..ir.nodes import Assign, Barrier, Binary, Call, Cast, Constant, Declare, Evaluate, Expr, Literal, Load, Stmt, Unary, Var
from ..ir.types import BF16, BOOL, F16, F32, F64, I32, U32, U64, VOID, Fragment, Scalar, element_of
from . import names
from .groups import Groups
from .kinds import (
    CType,
    FunctionName,
    Group,
    Lambda,
    Null,
    Pointer_,
    Stored,
    StructType,
    Structure,
    TemplateName,
    Text,
    Unsupported,
    Value,
    Vector,
    VectorType,
)
from .parsing import SNode
from .syntax import callee

_CASTS = ("static_cast", "reinterpret_cast", "const_cast", "bit_cast", "__builtin_bit_cast")
_LIMITS = {"max": "MAX", "lowest": "LOWEST", "min": "MIN", "epsilon": "EPSILON", "infinity": "INFINITY", "quiet_NaN": "NAN"}
_EXTREMES = {
    "f32": (3.4028234663852886e38, 1.1754943508222875e-38, 1.1920928955078125e-07),
    "f64": (1.7976931348623157e308, 2.2250738585072014e-308, 2.220446049250313e-16),
    "f16": (65504.0, 6.103515625e-05, 0.0009765625),
}


class Calls(Groups):
    """Values of calls."""

    def call(self, node: SNode) -> Value:
        (function,), arguments = self.fields(node, "function"), node.child_by_field_name("arguments")
        if any(child.type == "kernel_call_syntax" for child in node.children):
            raise Unsupported("a kernel launched from a kernel", node)
        if arguments is not None and arguments.type == "initializer_list":
            return self.initialised(self.specifier(function), arguments)
        listed = [c for c in arguments.named_children if c.type != "comment"] if arguments is not None else []
        if function.type in ("primitive_type", "sized_type_specifier", "template_type"):
            return self.functional_cast(self.specifier(function), listed, node)
        if function.type == "field_expression":
            return self.method_call(function, listed, node)
        inner = function.named_children[0] if function.type == "parenthesized_expression" and len(function.named_children) == 1 else None
        if inner is not None and inner.type == "identifier" and len(listed) == 1 and self.scope.value(self.text(inner)) is None:
            if not self.file.functions.get(self.text(inner)):  # `(half)(x)`: the grammar cannot know that it is a cast
                return self.explicit(self.value(listed[0]), self.named_type(self.text(inner), inner), node)
        if function.type not in ("identifier", "qualified_identifier", "template_function"):
            owner = self.value(function)
            return self.call_value(owner, listed, node)
        name_node, template = callee(function)
        if name_node is None:
            raise Unsupported(f"`{self.original(node)[:60]}` is outside the subset", node)
        name = self.text(name_node)
        if name in _CASTS and len(template) == 1 and len(listed) == 1:
            return self.named_cast(name, template[0], listed[0], node)
        if function.type == "qualified_identifier":
            found = self.static_call(function, name, template, listed, node)
            if found is not None:
                return found
        bound = self.scope.value(name)
        if isinstance(bound, Lambda | Structure):
            return self.call_value(bound, listed, node)
        if isinstance(bound, FunctionName):
            return self.call_named(bound, listed, node)
        declared = self.scope.type(name) or (None if self.file.functions.get(name) else self.file.named_type(name, self))
        if declared is not None:
            return self.functional_cast(declared, listed, node)
        if function.type == "template_function" and (isinstance(bound, TemplateName) or name in self.file.template_structs):
            struct = self.file.template_struct(name, list(template), self)
            if struct is not None:
                return self.functional_cast(struct, listed, node)
        candidates = self.file.functions.get(name)
        if candidates:
            own = self.user_call(candidates, name, template, listed, node)
            if own is not None:
                return own
        return self.library_call(name, template, listed, node, standard=function.type == "qualified_identifier")

    # ---- casts

    def named_cast(self, name: str, type_node: SNode, argument: SNode, node: SNode) -> Value:
        type_ = self.descriptor(type_node)
        value = self.value(argument)
        if name in ("bit_cast", "__builtin_bit_cast") and isinstance(type_, Scalar):
            return self.reinterpret(self.as_scalar(value, node), type_, node)
        if name == "const_cast" and isinstance(value, Pointer_):
            return value
        return self.explicit(value, type_, node)

    def functional_cast(self, type_: CType, listed: list[SNode], node: SNode) -> Value:
        if isinstance(type_, Scalar):
            if not listed:
                return Literal(0.0 if type_.is_float else 0, type_)
            if len(listed) == 1:
                return self.convert(self.value(listed[0]), type_, node)
        arguments = node.child_by_field_name("arguments")
        if arguments is not None:
            return self.initialised(type_, arguments)
        raise Unsupported(f"`{self.original(node)[:60]}` is outside the subset", node)

    # ---- methods

    def method_call(self, function: SNode, listed: list[SNode], node: SNode) -> Value:
        owner_node, name_node = self.fields(function, "argument", "field")
        template: tuple[SNode, ...] = ()
        if name_node.type in ("template_method", "template_function", "dependent_name"):
            if name_node.type == "dependent_name":
                name_node = name_node.named_children[-1]
            arguments = name_node.child_by_field_name("arguments")
            template = tuple(arguments.named_children) if arguments is not None else ()
            name_node = name_node.child_by_field_name("name") or name_node
        name = self.text(name_node)
        owner = self.value(owner_node)
        if isinstance(owner, Group):
            return self.group_call(owner.type, name, listed, node)
        if isinstance(owner, Pointer_):
            owner = self.load(owner.place, node)
        if isinstance(owner, Structure):
            return self.call_method(owner, name, template, listed, node)
        raise Unsupported(f"`{self.original(node)[:60]}`: the object is not known here", node)

    def call_value(self, owner: Value, listed: list[SNode], node: SNode) -> Value:
        if isinstance(owner, Lambda):
            return self.call_lambda(owner, listed, node)
        if isinstance(owner, Structure):
            return self.call_method(owner, "operator()", (), listed, node)
        raise Unsupported(f"`{self.original(node)[:60]}` calls something that is not known", node)

    def call_lambda(self, owner: Lambda, listed: list[SNode], node: SNode) -> Value:
        raise NotImplementedError

    def call_named(self, function: FunctionName, listed: list[SNode], node: SNode) -> Value:
        raise NotImplementedError

    def call_method(self, owner: Structure, name: str, template: tuple[SNode, ...], listed: list[SNode], node: SNode) -> Value:
        raise NotImplementedError

    def user_call(self, candidates: list, name: str, template: tuple[SNode, ...], listed: list[SNode], node: SNode) -> Value | None:
        raise NotImplementedError

    def call_static(self, owner: StructType, name: str, template: tuple[SNode, ...], listed: list[SNode], node: SNode) -> Value:
        raise NotImplementedError

    def static_call(self, function: SNode, name: str, template: tuple[SNode, ...], listed: list[SNode], node: SNode) -> Value | None:
        """``Type::function(...)``, ``std::numeric_limits<T>::max()``."""
        current: SNode | None = function
        while current is not None and current.type == "qualified_identifier":
            scope = current.child_by_field_name("scope")
            if scope is not None and scope.type == "template_type":
                label = scope.child_by_field_name("name")
                if label is not None and self.text(label) == "numeric_limits":
                    return self.limit(name, scope, node)
                owner: CType | None = self.template_type(scope)
            else:
                text = self.text(scope) if scope is not None else ""
                owner = self.scope.type(text) or self.file.named_type(text, self)
            if isinstance(owner, StructType):
                return self.call_static(owner, name, template, listed, node)
            current = current.child_by_field_name("name")
        return None

    def limit(self, name: str, scope: SNode, node: SNode) -> Value:
        arguments = scope.child_by_field_name("arguments")
        type_ = self.descriptor(arguments.named_children[0]) if arguments is not None else F32
        if not isinstance(type_, Scalar) or name not in _LIMITS:
            raise Unsupported(f"`{self.original(node)}` is not known", node)
        if type_.is_float:
            if name == "infinity":
                return Constant("INFINITY", float("inf"), F32) if type_ == F32 else Literal(float("inf"), type_)
            if name == "quiet_NaN":
                return Constant("NAN", float("nan"), F32) if type_ == F32 else Literal(float("nan"), type_)
            top, least, epsilon = _EXTREMES.get(type_.name, _EXTREMES["f32"])
            prefix = {"f32": "FLT", "f64": "DBL"}.get(type_.name)
            value = {"max": top, "lowest": -top, "min": least, "epsilon": epsilon}[name]
            if prefix is None:
                return Literal(value, type_)
            if name == "lowest":
                return Unary("-", Constant(f"{prefix}_MAX", top, type_), type_)
            return Constant(f"{prefix}_{_LIMITS[name]}", value, type_)
        top = 2 ** (type_.bits - (type_.kind == "int")) - 1
        return Literal(top if name == "max" else (-top - 1 if type_.kind == "int" else 0), type_)

    # ---- what the platform provides

    def library_call(self, name: str, template: tuple[SNode, ...], listed: list[SNode], node: SNode, standard: bool = False) -> Value:
        """A call of something that no function of the file defines."""
        group = self.group(name, template, listed)
        if group is not None:
            return group
        if name in self.spelling.functions:
            name = self.spelling.functions[name]
        if name.startswith("make_") and name[5:] in names.VECTOR_TYPES:
            return self.make_vector(name[5:], listed)
        if name in names.CACHED_LOADS:
            return self.load(self.place(listed[0]), node)
        if name in (
            "__shfl_sync",
            "__shfl_up_sync",
            "__shfl_down_sync",
            "__shfl_xor_sync",
            "__shfl",
            "__shfl_up",
            "__shfl_down",
            "__shfl_xor",
        ):
            return self.shuffle(name, listed, node)
        if name in names.VOTES or name == "__activemask":
            return self.vote(name, listed)
        base = name.removesuffix("_block").removesuffix("_system")
        if base in names.ATOMICS:
            return self.atomic(base, listed, node)
        if name in ("fill_fragment", "load_matrix_sync", "store_matrix_sync", "mma_sync"):
            return self.wmma(name, listed, node)
        if name == "reduce" and len(listed) == 3:
            return self.group_reduce(listed, node)
        if name in ("__builtin_assume_aligned", "__builtin_expect") and listed:
            return self.value(listed[0])
        if self.spelling.is_intrinsic(name):
            return self.intrinsic(name, listed, node)
        if name == "__saturatef":
            return Call("fminf", (Call("fmaxf", (self.scalar(listed[0]), Literal(0.0, F32)), F32), Literal(1.0, F32)), F32)
        if name in names.CONVERSIONS and listed:
            return self.conversion(name, listed[0], node)
        if name in ("move", "forward", "launder", "as_const") and standard and len(listed) == 1:
            return self.value(listed[0])
        packed = self.packed_half(name, listed, node)
        if packed is not None:
            return packed
        arguments = [self.scalar(item) for item in listed if not isinstance(self.peek_text(item), Text)]
        found = self.math(name, arguments, node, standard)
        if found is not None:
            return found
        raise Unsupported(f"`{name}` is not defined in this file and not known to the dialect", node)

    def peek_text(self, node: SNode) -> object:
        return Text() if node.type in ("string_literal", "concatenated_string") else None

    def math(self, name: str, arguments: list[Expr], node: SNode, standard: bool = False) -> Value | None:
        """A math function under its canonical name; None where the name is none."""
        types = [element_of(a.type) for a in arguments]
        name = names.FAST_MATH.get(name, name)
        overloaded = self.spelling.overloads or standard or self.file.is_cpp
        averages = name == "__hadd" and all(t.is_integer for t in types)  # on integers `__hadd` is half the sum
        if name in names.AS_OPERATOR and len(arguments) == 2 and not averages:
            op, type_ = names.AS_OPERATOR[name]
            if type_ == F16 and BF16 in types:
                type_ = BF16
            if type_ == BOOL:
                return self.arithmetic(op, arguments[0], arguments[1], node)
            return Binary(op, *(self.to_type(a, type_) for a in arguments), type_)  # type: ignore[misc]
        if name == "__hneg" and len(arguments) == 1:
            return Unary("-", arguments[0], types[0])
        if name in ("__frcp_rn", "__drcp_rn") and len(arguments) == 1:
            return Binary("/", Literal(1.0, types[0] if types[0].is_float else F32), arguments[0], types[0])
        if name in names.HALF_MATH:
            return Cast(Call(names.HALF_MATH[name], tuple(Cast(a, F32) for a in arguments), F32), types[0])
        if name in names.HALF_TESTS:
            return Call(names.HALF_TESTS[name], tuple(Cast(a, F32) for a in arguments), BOOL)
        if name in ("max", "min", "umax", "umin", "llmax", "llmin") and len(arguments) == 2:
            return self.extreme(name[-3:], arguments)
        if name in ("abs", "labs", "llabs") and len(arguments) == 1:
            if types[0].is_float and overloaded:
                return self.float_call("fabs", arguments, types)
            return Call("abs", tuple(arguments), types[0] if types[0].bits >= 32 else I32)
        if name == "clamp" and len(arguments) == 3:
            return self.extreme("min", [self.as_scalar(self.extreme("max", arguments[:2])), arguments[2]])
        if name == "swap":
            raise Unsupported("`swap` of two variables: write the three assignments", node)
        counts = {**dict.fromkeys(names.UNARY_MATH, 1), **dict.fromkeys(names.BINARY_MATH, 2), **dict.fromkeys(names.TERNARY_MATH, 3)}
        if name in counts and len(arguments) == counts[name]:
            if overloaded:
                return self.float_call(name, arguments, types)
            return Call(name, tuple(arguments), F64)
        if name.endswith("f") and name[:-1] in counts and len(arguments) == counts[name[:-1]]:
            return Call(name, tuple(arguments), F32)
        if name in names.OTHER_CALLS:
            type_ = names.OTHER_CALLS[name]
            return Call(name.removesuffix("f") if name in ("isnanf", "isinff", "isfinitef") else name, tuple(arguments), type_)
        if name in ("__ballot", "__trap", "__brkpt"):
            raise Unsupported(f"`{name}` has no counterpart", node)
        return None

    def float_call(self, name: str, arguments: list[Expr], types: list[Scalar]) -> Expr:
        """The C++ overload of a math function: ``f32`` (and halves, through ``f32``) stays, anything else is ``f64``."""
        widest = F64 if any(t.is_integer or t == F64 for t in types) else F32
        if all(t.is_float and t.bits == 16 for t in types):
            return Call(f"{name}f", tuple(Cast(a, F32) for a in arguments), F32)
        return Call(name if widest == F64 else f"{name}f", tuple(arguments), widest)

    def to_type(self, expr: Expr, type_: Scalar) -> Expr:
        return build.cast(expr, type_) if element_of(expr.type).is_float != type_.is_float or type_.bits == 16 else expr

    def conversion(self, name: str, argument: SNode, node: SNode) -> Expr:
        rounding, type_ = names.CONVERSIONS[name]
        value = self.value(argument)
        if name == "__low2float":
            value = self.components(value, node)[0]
        expr = self.as_scalar(value, node)
        if rounding:
            expr = Call(rounding, (expr if element_of(expr.type).bits >= 32 else Cast(expr, F32),), F32 if rounding.endswith("f") else F64)
        return Cast(expr, type_, span=self.span(node))

    # ---- vectors

    def make_vector(self, name: str, listed: list[SNode]) -> Vector:
        element, count = names.VECTOR_TYPES[name]
        if len(listed) != count:
            raise Unsupported(f"`make_{name}` takes {count} values")
        return Vector(
            VectorType(name, element, count), tuple(self.as_scalar(self.convert(self.value(item), element, item)) for item in listed)
        )

    def packed_half(self, name: str, listed: list[SNode], node: SNode) -> Value | None:
        """``half2`` arithmetic and conversions, component by component."""
        half2, float2 = VectorType("half2", F16, 2), VectorType("float2", F32, 2)
        if name in names.PACKED_OPERATOR:
            return self.operate(names.PACKED_OPERATOR[name], self.value(listed[0]), self.value(listed[1]), node)
        if name in ("__hfma2", "__hfma2_rn"):
            parts = [self.components(self.value(item), item) for item in listed]
            fused = [Call("fmaf", tuple(Cast(operand, F32) for operand in operands), F32) for operands in zip(*parts)]
            return Vector(half2, tuple(Cast(part, F16) for part in fused))
        if name in ("__half2half2", "__float2half2_rn"):
            part = self.convert(self.value(listed[0]), F16, node)
            return Vector(half2, (part, part))  # type: ignore[arg-type]
        if name in ("__halves2half2", "__floats2half2_rn", "make_half2", "__floats2bfloat162_rn"):
            target = BF16 if "bfloat" in name else F16
            return Vector(
                VectorType("half2", target, 2), tuple(self.as_scalar(self.convert(self.value(item), target, item)) for item in listed)
            )
        if name in ("__half22float2", "__bfloat1622float2"):
            return Vector(float2, tuple(Cast(part, F32) for part in self.components(self.value(listed[0]), node)))
        if name == "__float22half2_rn":
            return Vector(half2, tuple(Cast(part, F16) for part in self.components(self.value(listed[0]), node)))
        if name in ("__low2half", "__high2half", "__high2float", "__low2bfloat16", "__high2bfloat16"):
            part = self.components(self.value(listed[0]), node)["high" in name]
            return Cast(part, F32) if name.endswith("float") else part
        if name in ("h2exp", "h2log", "h2sqrt", "h2rsqrt", "__habs2", "__hneg2"):
            function = names.HALF_MATH.get({"__habs2": "__habs"}.get(name, "h" + name[2:]))
            parts = self.components(self.value(listed[0]), node)
            if name == "__hneg2":
                return Vector(half2, tuple(Unary("-", part, F16) for part in parts))
            return Vector(half2, tuple(Cast(Call(function or "", (Cast(part, F32),), F32), F16) for part in parts))
        return None

    # ---- warps, atomics, wmma, intrinsics

    def shuffle(self, name: str, listed: list[SNode], node: SNode) -> Value:
        given = listed[1:] if name.endswith("_sync") else listed
        if not 2 <= len(given) <= 3:
            raise Unsupported(f"`{name}` with {len(listed)} arguments", node)
        value = self.value(given[0])
        lane = self.scalar(given[1])
        width = self.scalar(given[2]) if len(given) > 2 else build.integer(self.spelling.warp_size or 32)
        vector = self.vector_type(value)
        if vector is not None:
            return Vector(
                vector, tuple(Call(names.SHUFFLES[name], (part, lane, width), vector.element) for part in self.components(value, node))
            )
        expr = self.as_scalar(value, given[0])
        return Call(names.SHUFFLES[name], (expr, lane, width), element_of(expr.type))

    def vote(self, name: str, listed: list[SNode]) -> Value:
        mask = U64 if self.spelling.warp_size == 64 else U32
        if name == "__activemask":
            return Call("activemask", (), mask)
        canonical = names.VOTES[name]
        given = listed[1:] if name.endswith("_sync") else listed
        arguments = tuple(self.scalar(item) for item in given)
        if canonical.startswith("reduce"):
            return Call(canonical, arguments, element_of(arguments[0].type))
        return Call(canonical, arguments, mask if canonical in ("ballot", "match_any") else I32)

    def atomic(self, name: str, listed: list[SNode], node: SNode) -> Value:
        target = self.value(listed[0])
        address = self.address(target, listed[0])
        place = self.as_pointer(target, listed[0])
        type_ = place.type if isinstance(place.type, Scalar) else None
        if type_ is None:
            raise Unsupported(f"`{name}` on a vector", node)
        if isinstance(address.type, Scalar) and not address.index:  # type: ignore[attr-defined]
            raise Unsupported(f"`{name}` on a local variable", node)
        return Call(name, (address, *(self.scalar(item) for item in listed[1:3])), type_)

    def wmma(self, name: str, listed: list[SNode], node: SNode) -> Value:
        arguments: list[Expr] = []
        for item in listed[:5]:
            value = self.value(item)
            if isinstance(value, Var) and isinstance(value.type, Fragment):
                arguments.append(value)
            elif isinstance(value, Pointer_ | Stored):
                arguments.append(self.address(value, item))
            else:
                arguments.append(self.as_scalar(value, item))
        return Call(f"wmma::{name}", tuple(arguments), VOID, span=self.span(node))

    def intrinsic(self, name: str, listed: list[SNode], node: SNode) -> Value:
        arguments: list[Expr] = []
        for item in listed:
            value = self.value(item)
            if isinstance(value, Pointer_ | Stored) or isinstance(value, Var) and isinstance(value.type, Fragment):
                vector = self.vector_type(value)
                if vector is not None:
                    raise Unsupported(f"`{name}` takes a vector of {vector.count} elements: intrinsics on vectors are not read", node)
                arguments.append(self.address(value, item))
            elif isinstance(value, Vector):
                raise Unsupported(f"`{name}` takes a vector of {value.type.count} elements: intrinsics on vectors are not read", node)
            elif isinstance(value, Null):
                arguments.append(Literal(0, I32))
            else:
                arguments.append(self.as_scalar(value, item))
        result = names.intrinsic_result(name)
        if name.startswith("__load_") and isinstance(arguments[0], Expr):
            result = element_of(arguments[0].type)
        return Call(name, tuple(arguments), result, span=self.span(node))

    # ---- calls that are statements

    def sine_and_cosine(self, name: str, listed: list[SNode], node: SNode) -> list[Stmt]:
        """``sincosf(x, &s, &c)`` as two assignments; the angle is computed once."""
        angle = self.scalar(listed[0])
        if not isinstance(angle, Var | Literal):
            variable = self.unique("angle")
            self.before.append(Declare(variable, element_of(angle.type), angle, const=True, span=self.span(node)))
            angle = Var(variable, element_of(angle.type))
        single = name.endswith("f") or element_of(angle.type) == F32
        result: list[Stmt] = []
        for function, target in zip(names.SINE_AND_COSINE[name], listed[1:]):
            function = f"{function}f" if single and not function.endswith("f") else function
            value = Call(function, (angle,), F32 if single else F64)
            result += self.assign(self.load(self.place(target), node), value, "", node)
        return result

    def call_statement(self, node: SNode) -> list[Stmt] | None:
        """Barriers, stores and dropped calls; None for any other call."""
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None or function.type not in ("identifier", "qualified_identifier", "template_function"):
            return None
        name_node, _ = callee(function)
        name = self.text(name_node) if name_node is not None else ""
        listed = [c for c in arguments.named_children if c.type != "comment"] if arguments is not None else []
        if name in self.file.functions:
            return None
        if name in self.spelling.barriers:
            return [Barrier(self.spelling.barriers[name], span=self.span(node))]
        if name in names.DROPPED:
            return []
        if name == "sync" and len(listed) == 1 and listed[0].type == "identifier":
            group = self.scope.value(self.text(listed[0]))
            if isinstance(group, Group):
                return [Barrier("warp" if group.type.lanes else "block", span=self.span(node))]
        if name in names.SINE_AND_COSINE and len(listed) == 3:
            return self.sine_and_cosine(name, listed, node)
        if name in names.CACHED_STORES and len(listed) == 2:
            place = self.place(listed[0])
            return self.assign(self.load(place, node), self.value(listed[1]), "", node)
        if name == "swap" and len(listed) == 2:
            return self.swap(self.value(listed[0]), self.value(listed[1]), node)
        return None

    def swap(self, left: Value, right: Value, node: SNode) -> list[Stmt]:
        if not isinstance(left, Var | Load) or not isinstance(right, Var | Load):
            raise Unsupported("`swap` of values that are no numbers", node)
        name = self.unique("swapped")
        type_ = element_of(left.type)
        span = self.span(node)
        return [Declare(name, type_, left, span=span), Assign(left, right, span=span), Assign(right, Var(name, type_), span=span)]

    def evaluate_statement(self, value: Value, node: SNode) -> list[Stmt]:
        if isinstance(value, Call):
            return [Evaluate(value, span=self.span(node))]
        return []
