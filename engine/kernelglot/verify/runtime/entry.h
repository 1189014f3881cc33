// From the job's slots to the kernel's own parameter types. It comes before the kernel's text: that may define macros called N or T.
#ifndef KERNELGLOT_ENTRY_H
#define KERNELGLOT_ENTRY_H
#include "runtime.h"

namespace kernelglot {
template <class P> struct Given {
  static P from(const kg_slot &slot) {
    if constexpr (__is_class(P)) {
      if constexpr (__is_constructible(P, float)) return slot.is_real ? P((float)slot.value.real) : P((float)slot.value.integer);
      else return P{};                                  // a functor without state
    } else {
      return slot.is_real ? (P)slot.value.real : (P)slot.value.integer;
    }
  }
};
template <class T> struct Given<T *> { static T *from(const kg_slot &slot) { return (T *)slot.value.address; } };
template <class T> struct Given<T &> { static T &from(const kg_slot &slot) { return *(T *)slot.value.address; } };
template <class P> struct Given<const P> : Given<P> {};

template <unsigned... I> struct Indices {};
template <unsigned N, unsigned... I> struct Count : Count<N - 1, N - 1, I...> {};
template <unsigned... I> struct Count<0, I...> { using type = Indices<I...>; };
template <class R, class... P, unsigned... I> inline void spread(R (*kernel)(P...), const kg_slot *slots, Indices<I...>) {
  kernel(Given<P>::from(slots[I])...);
}
template <class R, class... P> inline void kg_call(R (*kernel)(P...), const kg_slot *slots) {
  spread(kernel, slots, typename Count<sizeof...(P)>::type{});
}
template <class R, class... P> constexpr unsigned kg_arity(R (*)(P...)) { return sizeof...(P); }
}
#endif
