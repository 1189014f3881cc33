"""Library calls in host code: CUDA, HIP and CNRT memory management, the C and C++ library as far as sizes and index data need it."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from ..ir.types import F32, F64, I32, I64, U64, Scalar
from .host_scan import text_of, type_name
from .host_values import (
    UNKNOWN,
    Cell,
    Closure,
    Draw,
    Exit,
    External,
    Memory,
    Number,
    Pointer,
    Reference,
    Sequence,
    Struct,
    TypeName,
    arithmetic,
    convert,
    extreme,
    literal,
    per_element,
    rounded,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from .host_evaluate import Evaluator

CONSTANTS = {
    "true": 1, "false": 0, "NULL": 0, "nullptr": 0, "RAND_MAX": 2147483647, "INT_MAX": 2147483647, "INT_MIN": -2147483648,
    "EXIT_SUCCESS": 0, "EXIT_FAILURE": 1, "cudaSuccess": 0, "hipSuccess": 0, "cnrtSuccess": 0, "CNRT_RET_SUCCESS": 0, "warpSize": 32,
    "CNRT_FUNC_TYPE_BLOCK": 1, "CNRT_FUNC_TYPE_UNION1": 4, "CNRT_FUNC_TYPE_UNION2": 8, "CNRT_FUNC_TYPE_UNION4": 16,
    "CNRT_FUNC_TYPE_UNION8": 32,
    "cnrtFuncTypeBlock": 1, "cnrtFuncTypeUnion1": 4, "cnrtFuncTypeUnion2": 8, "cnrtFuncTypeUnion4": 16, "cnrtFuncTypeUnion8": 32,
}
ALLOCATIONS = frozenset(("cudaMalloc", "cudaMallocPitch", "cudaMallocManaged", "cudaMallocAsync", "cudaMallocHost", "cudaHostAlloc",
                         "hipMalloc", "hipMallocPitch", "hipMallocManaged", "hipMallocAsync", "hipHostMalloc", "cnrtMalloc",
                         "cnrtMallocHost"))
_HOST = frozenset(("cudaMallocHost", "cudaHostAlloc", "hipHostMalloc", "cnrtMallocHost"))
_MANAGED = frozenset(("cudaMallocManaged", "hipMallocManaged"))
_PITCHED = frozenset(("cudaMallocPitch", "hipMallocPitch"))
_PITCH = 512                # bytes: rows of a pitched allocation begin at multiples of it
_PARSERS = {"atoi": I32, "atol": I64, "atoll": I64, "strtol": I64, "strtoul": U64, "strtoll": I64, "strtoull": U64, "stoi": I32,
            "stol": I64, "stoll": I64, "stoul": U64, "stoull": U64, "atof": F64, "strtof": F32, "strtod": F64, "stof": F32, "stod": F64}
_READERS = frozenset(("scanf", "fscanf", "sscanf"))
_CEIL_DIV = re.compile(r"(?i)c(?:eil)?_?div(?:ide)?|div_?(?:and_?)?(?:round_?)?(?:up|ceil)|i?div_?up|updiv")
_RANDOM = {"rand": (0, 2147483647), "random": (0, 2147483647), "drand48": (0.0, 1.0), "lrand48": (0, 2147483647)}
_UNIT = frozenset(("sin", "cos", "sinf", "cosf", "tanh", "tanhf", "erf"))
_MATH = {"sqrt": math.sqrt, "sqrtf": math.sqrt, "exp": math.exp, "expf": math.exp, "log": math.log, "logf": math.log, "log2": math.log2,
         "log2f": math.log2, "sin": math.sin, "cos": math.cos, "sinf": math.sin, "cosf": math.cos, "tanh": math.tanh, "round": round,
         "fabs": abs, "fabsf": abs}


def call_of_name(ev: Evaluator, node: Node, name: str, spelled: tuple[str, ...], nodes: list[Node]) -> object:
    """The result of a library function; what it does to memory happens as a side effect."""
    if name in ("hipLaunchKernelGGL", "cudaLaunchKernel", "hipLaunchKernel", "cudaLaunchCooperativeKernel"):
        return _launch_call(ev, node, name, nodes)
    values = [ev.value(child) for child in nodes]
    if name in _PITCHED and len(values) == 4:
        return _allocate_rows(ev, values)
    if name in ALLOCATIONS:
        return _allocate(ev, name, values, spelled)
    if name.startswith(("cudaMemcpy", "hipMemcpy", "cnrtMemcpy")):
        return _copy(ev, name, values, nodes)
    if name.startswith(("cudaMemset", "hipMemset", "cnrtMemset")):
        if values and isinstance(values[0], Pointer):
            values[0].memory.cleared = True
        return literal(0)
    if name in ("malloc", "calloc", "aligned_alloc", "alloca", "_mm_malloc"):
        numbers = [value if isinstance(value, Number) else Number() for value in values] or [Number()]
        size = numbers[1] if name == "aligned_alloc" and len(numbers) > 1 else numbers[0]
        if name == "calloc" and len(numbers) > 1:
            size = arithmetic("*", numbers[0], numbers[1])
        return Pointer(Memory("", convert(size, U64), default=literal(0) if name == "calloc" else None), literal(0))
    if name in ("make_unique", "make_shared") and spelled:
        inner = type_name(spelled[0].replace("[]", ""), ev.program.aliases, ev.bound)
        width = ev.bytes_of(inner)
        count = values[0] if values and isinstance(values[0], Number) else Number()
        size = arithmetic("*", convert(count, U64), literal(width, U64)) if width else Number()
        return Pointer(Memory("", size, inner.scalar, default=literal(0)), literal(0), inner.scalar)
    if name in ("raw_pointer_cast", "move", "forward", "get", "assumeAligned"):
        return values[0] if values else UNKNOWN
    if name in _RANDOM:
        low, high = _RANDOM[name]
        return Number(None, None, low, high, F64 if isinstance(high, float) else I32)
    if name in ("exit", "abort", "_Exit", "quick_exit"):
        raise Exit
    if name in _PARSERS:
        return ev.root(_destination(node), "outside", Number(type=_PARSERS[name]), given=True)
    if name in ("fill", "fill_n", "iota", "generate", "generate_n", "memset", "fread"):
        return _fill(ev, name, values)
    for index, value in enumerate(values):
        if isinstance(value, Closure):          # AT_DISPATCH and its like run what they are handed
            ev.apply(value)
        elif isinstance(value, Reference) and (nodes[index].type == "pointer_expression" or name in _READERS):
            received(ev, value.cell, name)
    if name not in ev.program.functions and len(values) == 2 and _CEIL_DIV.fullmatch(name):
        return _ceil_div(ev, name, values)
    return _mathematics(name, values)


def _destination(node: Node) -> str:
    """The variable that the result of a call goes to, else the call as written."""
    parent = node.parent
    while parent is not None and parent.type in ("cast_expression", "parenthesized_expression", "conditional_expression"):
        parent = parent.parent
    field = {"init_declarator": "declarator", "assignment_expression": "left"}.get(parent.type, "") if parent is not None else ""
    target = parent.child_by_field_name(field) if parent is not None and field else None
    return text_of(target) if target is not None and target.type == "identifier" else text_of(node)


def received(ev: Evaluator, cell: object, name: str) -> None:
    """A function that the file does not show stores something into a number that it is handed by address."""
    type_ = getattr(cell, "type", None)
    scalar = type_.scalar if isinstance(type_, TypeName) and not type_.pointers else None
    if isinstance(cell, Cell) and scalar is not None:
        ev.store(cell, ev.root(cell.name, name, Number(type=scalar), given=True))


def _ceil_div(ev: Evaluator, name: str, values: list) -> object:
    """A helper from a header that is called what everybody calls a division that rounds up."""
    numbers = [ev.as_number(value) for value in values]
    if not all(number.type.is_integer for number in numbers):
        return Number()
    ev.notes.append(f"`{name}` is not in this file; its name says that it divides and rounds up.")
    above = arithmetic("-", arithmetic("+", *numbers), literal(1))
    return arithmetic("/", above, numbers[1])


def _mathematics(name: str, values: list) -> object:
    numbers = [value for value in values if isinstance(value, Number)]
    if len(numbers) != len(values):
        return Number()
    if name in ("min", "max", "fmin", "fmax", "fminf", "fmaxf") and len(numbers) == 2:
        return extreme(name[-3:] if not name.endswith("f") else name[1:4], *numbers)
    if name in ("ceil", "ceilf", "floor", "floorf") and len(numbers) == 1:
        return rounded(name[:5].rstrip("f") if name.startswith("ceil") else "floor", numbers[0])
    if name in ("abs", "labs", "llabs") and len(numbers) == 1:
        low, high = numbers[0].range
        known = low is not None and high is not None
        value = None if numbers[0].value is None else abs(numbers[0].value)
        return Number(value, None, 0 if known else None, max(abs(low), abs(high)) if known else None, numbers[0].type)
    if name in ("pow", "powf") and len(numbers) == 2 and None not in (numbers[0].value, numbers[1].value):
        try:
            return Number(float(numbers[0].value ** numbers[1].value), type=F64)
        except (OverflowError, ZeroDivisionError):
            return Number(type=F64)
    if name in _MATH and len(numbers) == 1 and numbers[0].value is not None:
        try:
            return Number(float(_MATH[name](numbers[0].value)), type=F32 if name.endswith("f") else F64)
        except (ValueError, OverflowError):
            return Number(type=F64)
    if name in _UNIT:
        return Number(None, None, -1.0, 1.0, F64)
    if name.startswith(("__float2", "__half2float", "__double2", "__int2")) and numbers:
        return numbers[0]
    if name.startswith(("cuda", "hip", "cnrt", "cnSt", "cublas", "cudnn")):
        return literal(0)       # a status; everything went well
    return Number()


def _allocate(ev: Evaluator, name: str, values: list, spelled: tuple[str, ...]) -> object:
    if len(values) < 2:
        return literal(0)
    target, size = values[0], values[1] if isinstance(values[1], Number) else Number()
    if isinstance(target, Reference):
        cell = target.cell
        type_ = getattr(cell, "type", None)
        element = type_.scalar if isinstance(type_, TypeName) and type_.pointers == 1 else None
        memory = Memory(getattr(cell, "name", ""), convert(size, U64), element, name not in _HOST)
        if name in _MANAGED:
            memory.copied_in = False
        ev.store(cell, Pointer(memory, literal(0), memory.element))
    return literal(0)


def _allocate_rows(ev: Evaluator, values: list) -> object:
    """``cudaMallocPitch(&p, &pitch, width, height)``."""
    target, pitch = values[:2]
    width, height = (convert(ev.as_number(value), U64) for value in values[2:])
    above = arithmetic("+", width, literal(_PITCH - 1, U64))
    row = arithmetic("*", arithmetic("/", above, literal(_PITCH, U64)), literal(_PITCH, U64))
    if isinstance(pitch, Reference):
        ev.store(pitch.cell, row)
    return _allocate(ev, "cudaMalloc", [target, arithmetic("*", row, height)], ())


def _copy(ev: Evaluator, name: str, values: list, nodes: list[Node]) -> object:
    if len(values) < 2:
        return literal(0)
    target, source = (Pointer(value, literal(0), value.element) if isinstance(value, Memory) else value for value in values[:2])
    if "ToSymbol" in name:
        name = text_of(nodes[0]).strip("&").rsplit("::", 1)[-1]
        cell = ev.lookup(name)
        if isinstance(source, Pointer):
            ev.symbols[name] = source.memory
        elif isinstance(source, Reference) and cell is not None:
            ev.store(cell, ev.read(source.cell))
        elif isinstance(source, Struct) and cell is not None:
            cell.value = source
        return literal(0)
    kind = " ".join(text_of(child) for child in nodes[3:])
    to_device = "HostToDevice" in kind or "HOST2DEV" in kind or "HtoD" in name
    to_host = "DeviceToHost" in kind or "DEV2HOST" in kind or "DtoH" in name
    if not to_device and not to_host and isinstance(target, Pointer) and isinstance(source, Pointer):
        to_device, to_host = target.memory.device, source.memory.device and not target.memory.device
    if isinstance(target, Pointer) and to_device:
        target.memory.copied_in = True
        if isinstance(source, Pointer):
            low, high = source.memory.content()
            if source.memory.external or low is None:
                target.memory.unclear = True
            else:
                target.memory.store(Number(None, None, low, high, source.memory.element or I32))
    if isinstance(source, Pointer) and to_host:
        source.memory.copied_out = True
        if isinstance(target, Pointer):
            target.memory.unclear = True
    return literal(0)


def _fill(ev: Evaluator, name: str, values: list) -> object:
    first = values[0] if values else UNKNOWN
    memory = first.memory if isinstance(first, Pointer) else first
    if not isinstance(memory, Memory):
        return Number()
    last: object = values[-1]
    if name == "iota" and isinstance(last, Number) and last.value is not None:
        width = (memory.element or I32).bytes
        count = per_element(memory.size, width).value
        last = Number(None, None, last.value, last.value + count - 1, memory.element or I32) if count else Number()
    elif name.startswith("generate"):
        last = ev.apply(last) if isinstance(last, (Closure, Draw)) else Number()
    elif name == "memset":
        fill = values[1] if len(values) > 1 else Number()
        last = literal(0) if isinstance(fill, Number) and fill.value == 0 else Number()
    memory.store(last)
    return values[0]


def _launch_call(ev: Evaluator, node: Node, name: str, nodes: list[Node]) -> object:
    from .host_scan import fragment
    if name == "hipLaunchKernelGGL" and len(nodes) >= 5:
        kernel = nodes[0]
        if kernel.type == "call_expression":        # HIP_KERNEL_NAME(k<float>)
            inner = kernel.child_by_field_name("arguments")
            kernel = inner.named_children[0] if inner is not None and inner.named_children else kernel
        if kernel.type == "binary_expression":
            kernel = next(iter(fragment(text_of(kernel) + "()")), kernel)
        ev.on_launch(ev, node, kernel, nodes[1:5], nodes[5:])
    elif len(nodes) >= 4:
        kernel = nodes[0]
        while kernel.type in ("cast_expression", "pointer_expression", "parenthesized_expression"):
            kernel = kernel.child_by_field_name("value") or kernel.child_by_field_name("argument") or kernel.named_children[-1]
        packed = ev.value(nodes[3])
        listed = [item for _, item, _ in packed.items] if isinstance(packed, Sequence) else []
        items = packed.items if isinstance(packed, Memory) else listed
        values = [ev.read(item.cell) if isinstance(item, Reference) else item for item in items or []]
        ev.on_launch(ev, node, kernel, nodes[1:3] + nodes[4:5], [], values)
    return literal(0)


def method(ev: Evaluator, spelled: str, subject: object, name: str, values: list, element: Scalar | None, text: str) -> object:
    """``subject.name(values)`` for containers, smart pointers and objects from outside."""
    if isinstance(subject, Pointer) and name == "get":
        return subject
    if isinstance(subject, Pointer):
        subject = subject.memory
    if isinstance(subject, Memory):
        return _container(subject, name, values)
    if isinstance(subject, External):
        if name in ("size", "numel", "dim", "stride", "sizes", "length", "shape", "nbytes", "rows", "cols"):
            return ev.root(text, "outside", Number(type=I64), given=True)
        if name in ("data_ptr", "data", "mutable_data_ptr", "const_data_ptr", "ptr"):
            return Pointer(ev.outside(spelled, element), literal(0), element)
    return Number()


def _container(memory: Memory, name: str, values: list) -> object:
    element = memory.element
    width = element.bytes if element is not None else None
    count = per_element(memory.size, width) if width else Number(type=U64)
    number = values[0] if values and isinstance(values[0], Number) else Number()
    match name:
        case "size" | "length":
            return convert(count, U64)
        case "data" | "begin" | "cbegin" | "get":
            return Pointer(memory, literal(0), element)
        case "end" | "cend":
            return Pointer(memory, convert(memory.size, I64), element)
        case "resize" | "assign":
            memory.size = arithmetic("*", convert(number, U64), literal(width, U64)) if width else Number()
            if len(values) > 1:
                memory.store(values[1])
        case "push_back" | "emplace_back":
            memory.size = arithmetic("+", memory.size, literal(width, U64)) if width else Number()
            items = memory.items if memory.items is not None else [] if not memory.written else None
            memory.store(number)
            memory.items = None if items is None else [*items, number]
        case "fill":
            memory.store(number)
        case "front" | "back" | "at":
            low, high = memory.content()
            return Number(None, None, low, high, element or I32)
        case "empty":
            return Number(None if count.value is None else int(count.value == 0))
    return UNKNOWN

