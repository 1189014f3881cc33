"""How a kernel with structures among its parameters is called with plain numbers and pointers: a second kernel that puts them together."""

from __future__ import annotations

from ..ir.nodes import Kernel
from ..ir.types import Pointer, Scalar, element_of
from .templates import spelled_type

NAME = "kernelglot_with_structures"
MARK = "namespace kernelglot_types {\n"  # what follows it is ours, not the author's
_PARAMETER = MARK + """template <class T> struct Type { using type = T; };
template <unsigned I, class T, class... R> struct Nth : Nth<I - 1, R...> {};
template <class T, class... R> struct Nth<0, T, R...> : Type<T> {};
template <unsigned I, class R, class... P> Nth<I, P...> parameter(R (*)(P...));
template <class T, class G> inline void set(T &symbol, G given) { symbol = given; }
template <class T, unsigned long N, class G> inline void set(T (&symbol)[N], const G *given) {
  for (unsigned long i = 0; i < sizeof(symbol) / sizeof(G); ++i) ((G *)symbol)[i] = given[i];
}
}
"""


def callable_text(text: str, kernel: Kernel) -> tuple[str, str]:
    """``text`` and the symbol to call with the parameters of the IR: the kernel's own where the author's parameters are the same."""
    symbol = kernel.symbol or kernel.name
    if not kernel.source_params:
        return text, symbol
    listed = []
    symbols = {name for source in kernel.source_params if source.symbol for _, name in source.parts}
    for param in kernel.params:
        given = f"{param.name}_given" if param.name in symbols else param.name
        const = "const " if isinstance(param.type, Pointer) and param.type.const else ""
        listed.append(f"{const}{spelled_type(element_of(param.type))} {'' if isinstance(param.type, Scalar) else '*'}{given}")
    body, arguments = [], []
    for position, source in enumerate(kernel.source_params):
        if source.symbol:
            body += [_set_symbol(source.name, member, name) for member, name in source.parts]
            continue
        if not source.structure:
            arguments.append(source.parts[0][1])
            continue
        arguments.append(f"{source.name}_whole")
        storage, type_ = f"{source.name}_bytes", f"{source.name}_type"
        body.append(f"using {type_} = typename decltype(kernelglot_types::parameter<{position}>(&{symbol}))::type;")
        body.append(f"alignas({type_}) unsigned char {storage}[sizeof({type_})] = {{}};")
        body.append(f"{type_} &{source.name}_whole = *reinterpret_cast<{type_} *>({storage});")
        body += [f"{source.name}_whole.{member} = {name};" for member, name in source.parts]
    whole = f"__global__ void {NAME}({', '.join(listed)}) {{ {' '.join(body)} {symbol}({', '.join(arguments)}); }}"
    return f"{text}\n{_PARAMETER}{whole}\n", NAME


def _set_symbol(symbol: str, member: str, name: str) -> str:
    """What the host's ``cudaMemcpyToSymbol`` would do; every thread does it, and all write the same."""
    if member:
        return f"{symbol}.{member} = {name}_given;"
    return f"kernelglot_types::set({symbol}, {name}_given);"
