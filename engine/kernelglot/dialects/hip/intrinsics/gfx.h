// Which GPU the text is for: KG_GFX is the number of its gfx id in hexadecimal (0x90a for gfx90a), 0 where the program names none.
// With 0 every instruction is there and nothing is flushed: a text that names no GPU is not blamed for the one it would meet.
// source: manuals/hip/limits.md, manuals/hip/mfma.md
#ifndef KERNELGLOT_HIP_GFX_H
#define KERNELGLOT_HIP_GFX_H
#include "device.h"

#ifndef KG_GFX
#define KG_GFX 0
#endif
#ifndef KG_WARP
#define KG_WARP 64
#endif

namespace kernelglot { namespace gfx {
constexpr bool unknown = KG_GFX == 0;
constexpr bool cdna = KG_GFX == 0x908 || KG_GFX == 0x90a || (KG_GFX >= 0x940 && KG_GFX <= 0x942) || KG_GFX == 0x950;
constexpr bool rdna3 = KG_GFX >= 0x1100 && KG_GFX <= 0x1153;
constexpr bool rdna4 = KG_GFX >= 0x1200 && KG_GFX <= 0x1201;
constexpr bool rdna = KG_GFX >= 0x1010;
constexpr bool ocp = KG_GFX == 0x950 || rdna4;        // 8-bit floats are OCP's there, and "fnuz" on gfx942

// Where an instruction exists.
struct Needs { bool available; const char *where; };
constexpr bool from(unsigned first) { return unknown || (cdna && KG_GFX >= first); }
constexpr Needs gfx908_on{from(0x908), "gfx908, gfx90a, gfx942 and later"};
constexpr Needs gfx90a_on{from(0x90a), "gfx90a, gfx942 and later"};
constexpr Needs gfx942_on{from(0x940), "gfx942 and later"};
constexpr Needs gfx942_only{unknown || (cdna && KG_GFX >= 0x940 && KG_GFX <= 0x942), "gfx942"};
constexpr Needs until_gfx90a{unknown || (cdna && KG_GFX <= 0x90a), "gfx908 and gfx90a"};
constexpr Needs gfx11{KG_WARP == 32 && (unknown || rdna3), "gfx11 (RDNA3, waves of 32 lanes)"};
constexpr Needs gfx12{KG_WARP == 32 && (unknown || rdna4), "gfx12 (RDNA4, waves of 32 lanes)"};
constexpr Needs gfx11_on{unknown || rdna3 || rdna4, "gfx11 and later"};
constexpr Needs before_gfx10{unknown || !rdna, "GPUs before gfx10"};
constexpr Needs gfx10_on{unknown || rdna, "gfx10 and later"};
constexpr Needs gfx90a_or_gfx10{unknown || rdna || from(0x90a), "gfx90a, gfx942 and gfx10 and later"};
constexpr Needs wave64{KG_WARP == 64, "GPUs with waves of 64 lanes"};
constexpr Needs wave32{KG_WARP == 32, "GPUs with waves of 32 lanes"};

inline void require(const Needs &needs, const char *name, int line) {
  if (needs.available) return;
  char text[200];
  if (unknown) snprintf(text, sizeof text, "`%s` exists on %s", name, needs.where);
  else snprintf(text, sizeof text, "`%s` exists on %s, and this program is for gfx%x", name, needs.where, (unsigned)KG_GFX);
  kg_fault("architecture", text, line);
}
} }
#endif
