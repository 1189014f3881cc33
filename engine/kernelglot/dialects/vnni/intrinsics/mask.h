// Operations on masks: __mmask16 has one bit for each of 16 elements, element 0 in bit 0.
#pragma once

/// a & b, 8 bits.
/// @isa avx512dq  @source manuals/vnni/mask.md
static inline __mmask8 _kand_mask8(__mmask8 a, __mmask8 b) { return (__mmask8)(a & b); }

/// a | b, 8 bits.
/// @isa avx512dq  @source manuals/vnni/mask.md
static inline __mmask8 _kor_mask8(__mmask8 a, __mmask8 b) { return (__mmask8)(a | b); }

/// a ^ b, 8 bits.
/// @isa avx512dq  @source manuals/vnni/mask.md
static inline __mmask8 _kxor_mask8(__mmask8 a, __mmask8 b) { return (__mmask8)(a ^ b); }

/// ~a & b, 8 bits.
/// @isa avx512dq  @source manuals/vnni/mask.md
static inline __mmask8 _kandn_mask8(__mmask8 a, __mmask8 b) { return (__mmask8)(~a & b); }

/// ~(a ^ b), 8 bits.
/// @isa avx512dq  @source manuals/vnni/mask.md
static inline __mmask8 _kxnor_mask8(__mmask8 a, __mmask8 b) { return (__mmask8)(~(a ^ b)); }

/// ~a, 8 bits.
/// @isa avx512dq  @source manuals/vnni/mask.md
static inline __mmask8 _knot_mask8(__mmask8 a) { return (__mmask8)~a; }

/// The mask as an integer.
/// @isa avx512dq  @source manuals/vnni/mask.md
static inline unsigned int _cvtmask8_u32(__mmask8 a) { return a; }

/// The integer's low bits as a mask.
/// @isa avx512dq  @source manuals/vnni/mask.md
static inline __mmask8 _cvtu32_mask8(unsigned int a) { return (__mmask8)a; }

/// 1 where a | b is 0.
/// @isa avx512dq  @source manuals/vnni/mask.md
static inline unsigned char _kortestz_mask8_u8(__mmask8 a, __mmask8 b) { return (__mmask8)(a | b) == 0; }

/// 1 where a | b has all bits set.
/// @isa avx512dq  @source manuals/vnni/mask.md
static inline unsigned char _kortestc_mask8_u8(__mmask8 a, __mmask8 b) { return (__mmask8)~(a | b) == 0; }

/// a shifted left.
/// @operand imm u32 immediate  @isa avx512dq  @source manuals/vnni/mask.md
static inline __mmask8 _kshiftli_mask8(__mmask8 a, unsigned int imm) { return imm > 7 ? 0 : (__mmask8)(a << imm); }

/// a shifted right.
/// @operand imm u32 immediate  @isa avx512dq  @source manuals/vnni/mask.md
static inline __mmask8 _kshiftri_mask8(__mmask8 a, unsigned int imm) { return imm > 7 ? 0 : (__mmask8)(a >> imm); }

/// a & b, 16 bits.
/// @isa avx512f  @source manuals/vnni/mask.md
static inline __mmask16 _kand_mask16(__mmask16 a, __mmask16 b) { return (__mmask16)(a & b); }

/// a | b, 16 bits.
/// @isa avx512f  @source manuals/vnni/mask.md
static inline __mmask16 _kor_mask16(__mmask16 a, __mmask16 b) { return (__mmask16)(a | b); }

/// a ^ b, 16 bits.
/// @isa avx512f  @source manuals/vnni/mask.md
static inline __mmask16 _kxor_mask16(__mmask16 a, __mmask16 b) { return (__mmask16)(a ^ b); }

/// ~a & b, 16 bits.
/// @isa avx512f  @source manuals/vnni/mask.md
static inline __mmask16 _kandn_mask16(__mmask16 a, __mmask16 b) { return (__mmask16)(~a & b); }

/// ~(a ^ b), 16 bits.
/// @isa avx512f  @source manuals/vnni/mask.md
static inline __mmask16 _kxnor_mask16(__mmask16 a, __mmask16 b) { return (__mmask16)(~(a ^ b)); }

/// ~a, 16 bits.
/// @isa avx512f  @source manuals/vnni/mask.md
static inline __mmask16 _knot_mask16(__mmask16 a) { return (__mmask16)~a; }

/// The mask as an integer.
/// @isa avx512f  @source manuals/vnni/mask.md
static inline unsigned int _cvtmask16_u32(__mmask16 a) { return a; }

/// The integer's low bits as a mask.
/// @isa avx512f  @source manuals/vnni/mask.md
static inline __mmask16 _cvtu32_mask16(unsigned int a) { return (__mmask16)a; }

/// 1 where a | b is 0.
/// @isa avx512f  @source manuals/vnni/mask.md
static inline unsigned char _kortestz_mask16_u8(__mmask16 a, __mmask16 b) { return (__mmask16)(a | b) == 0; }

/// 1 where a | b has all bits set.
/// @isa avx512f  @source manuals/vnni/mask.md
static inline unsigned char _kortestc_mask16_u8(__mmask16 a, __mmask16 b) { return (__mmask16)~(a | b) == 0; }

/// a shifted left.
/// @operand imm u32 immediate  @isa avx512f  @source manuals/vnni/mask.md
static inline __mmask16 _kshiftli_mask16(__mmask16 a, unsigned int imm) { return imm > 15 ? 0 : (__mmask16)(a << imm); }

/// a shifted right.
/// @operand imm u32 immediate  @isa avx512f  @source manuals/vnni/mask.md
static inline __mmask16 _kshiftri_mask16(__mmask16 a, unsigned int imm) { return imm > 15 ? 0 : (__mmask16)(a >> imm); }

/// a & b, 32 bits.
/// @isa avx512bw  @source manuals/vnni/mask.md
static inline __mmask32 _kand_mask32(__mmask32 a, __mmask32 b) { return (__mmask32)(a & b); }

/// a | b, 32 bits.
/// @isa avx512bw  @source manuals/vnni/mask.md
static inline __mmask32 _kor_mask32(__mmask32 a, __mmask32 b) { return (__mmask32)(a | b); }

/// a ^ b, 32 bits.
/// @isa avx512bw  @source manuals/vnni/mask.md
static inline __mmask32 _kxor_mask32(__mmask32 a, __mmask32 b) { return (__mmask32)(a ^ b); }

/// ~a & b, 32 bits.
/// @isa avx512bw  @source manuals/vnni/mask.md
static inline __mmask32 _kandn_mask32(__mmask32 a, __mmask32 b) { return (__mmask32)(~a & b); }

/// ~(a ^ b), 32 bits.
/// @isa avx512bw  @source manuals/vnni/mask.md
static inline __mmask32 _kxnor_mask32(__mmask32 a, __mmask32 b) { return (__mmask32)(~(a ^ b)); }

/// ~a, 32 bits.
/// @isa avx512bw  @source manuals/vnni/mask.md
static inline __mmask32 _knot_mask32(__mmask32 a) { return (__mmask32)~a; }

/// The mask as an integer.
/// @isa avx512bw  @source manuals/vnni/mask.md
static inline unsigned int _cvtmask32_u32(__mmask32 a) { return a; }

/// The integer's low bits as a mask.
/// @isa avx512bw  @source manuals/vnni/mask.md
static inline __mmask32 _cvtu32_mask32(unsigned int a) { return (__mmask32)a; }

/// 1 where a | b is 0.
/// @isa avx512bw  @source manuals/vnni/mask.md
static inline unsigned char _kortestz_mask32_u8(__mmask32 a, __mmask32 b) { return (__mmask32)(a | b) == 0; }

/// 1 where a | b has all bits set.
/// @isa avx512bw  @source manuals/vnni/mask.md
static inline unsigned char _kortestc_mask32_u8(__mmask32 a, __mmask32 b) { return (__mmask32)~(a | b) == 0; }

/// a shifted left.
/// @operand imm u32 immediate  @isa avx512bw  @source manuals/vnni/mask.md
static inline __mmask32 _kshiftli_mask32(__mmask32 a, unsigned int imm) { return imm > 31 ? 0 : (__mmask32)(a << imm); }

/// a shifted right.
/// @operand imm u32 immediate  @isa avx512bw  @source manuals/vnni/mask.md
static inline __mmask32 _kshiftri_mask32(__mmask32 a, unsigned int imm) { return imm > 31 ? 0 : (__mmask32)(a >> imm); }

/// a & b, 64 bits.
/// @isa avx512bw  @source manuals/vnni/mask.md
static inline __mmask64 _kand_mask64(__mmask64 a, __mmask64 b) { return (__mmask64)(a & b); }

/// a | b, 64 bits.
/// @isa avx512bw  @source manuals/vnni/mask.md
static inline __mmask64 _kor_mask64(__mmask64 a, __mmask64 b) { return (__mmask64)(a | b); }

/// a ^ b, 64 bits.
/// @isa avx512bw  @source manuals/vnni/mask.md
static inline __mmask64 _kxor_mask64(__mmask64 a, __mmask64 b) { return (__mmask64)(a ^ b); }

/// ~a & b, 64 bits.
/// @isa avx512bw  @source manuals/vnni/mask.md
static inline __mmask64 _kandn_mask64(__mmask64 a, __mmask64 b) { return (__mmask64)(~a & b); }

/// ~(a ^ b), 64 bits.
/// @isa avx512bw  @source manuals/vnni/mask.md
static inline __mmask64 _kxnor_mask64(__mmask64 a, __mmask64 b) { return (__mmask64)(~(a ^ b)); }

/// ~a, 64 bits.
/// @isa avx512bw  @source manuals/vnni/mask.md
static inline __mmask64 _knot_mask64(__mmask64 a) { return (__mmask64)~a; }

/// The mask as an integer.
/// @isa avx512bw  @source manuals/vnni/mask.md
static inline unsigned long long _cvtmask64_u64(__mmask64 a) { return a; }

/// The integer's low bits as a mask.
/// @isa avx512bw  @source manuals/vnni/mask.md
static inline __mmask64 _cvtu64_mask64(unsigned long long a) { return (__mmask64)a; }

/// 1 where a | b is 0.
/// @isa avx512bw  @source manuals/vnni/mask.md
static inline unsigned char _kortestz_mask64_u8(__mmask64 a, __mmask64 b) { return (__mmask64)(a | b) == 0; }

/// 1 where a | b has all bits set.
/// @isa avx512bw  @source manuals/vnni/mask.md
static inline unsigned char _kortestc_mask64_u8(__mmask64 a, __mmask64 b) { return (__mmask64)~(a | b) == 0; }

/// a shifted left.
/// @operand imm u32 immediate  @isa avx512bw  @source manuals/vnni/mask.md
static inline __mmask64 _kshiftli_mask64(__mmask64 a, unsigned int imm) { return imm > 63 ? 0 : (__mmask64)(a << imm); }

/// a shifted right.
/// @operand imm u32 immediate  @isa avx512bw  @source manuals/vnni/mask.md
static inline __mmask64 _kshiftri_mask64(__mmask64 a, unsigned int imm) { return imm > 63 ? 0 : (__mmask64)(a >> imm); }

/// a & b, 16 bits.
/// @isa avx512f  @source manuals/vnni/mask.md
static inline __mmask16 _mm512_kand(__mmask16 a, __mmask16 b) { return (__mmask16)(a & b); }

/// a | b, 16 bits.
/// @isa avx512f  @source manuals/vnni/mask.md
static inline __mmask16 _mm512_kor(__mmask16 a, __mmask16 b) { return (__mmask16)(a | b); }

/// a ^ b, 16 bits.
/// @isa avx512f  @source manuals/vnni/mask.md
static inline __mmask16 _mm512_kxor(__mmask16 a, __mmask16 b) { return (__mmask16)(a ^ b); }

/// ~a & b, 16 bits.
/// @isa avx512f  @source manuals/vnni/mask.md
static inline __mmask16 _mm512_kandn(__mmask16 a, __mmask16 b) { return (__mmask16)(~a & b); }

/// ~(a ^ b), 16 bits.
/// @isa avx512f  @source manuals/vnni/mask.md
static inline __mmask16 _mm512_kxnor(__mmask16 a, __mmask16 b) { return (__mmask16)(~(a ^ b)); }

/// ~a, 16 bits.
/// @isa avx512f  @source manuals/vnni/mask.md
static inline __mmask16 _mm512_knot(__mmask16 a) { return (__mmask16)~a; }

/// 1 where a | b is 0.
/// @isa avx512f  @source manuals/vnni/mask.md
static inline int _mm512_kortestz(__mmask16 a, __mmask16 b) { return (__mmask16)(a | b) == 0; }

/// The mask as an integer.
/// @isa avx512f  @source manuals/vnni/mask.md
static inline int _mm512_mask2int(__mmask16 a) { return a; }

/// The integer's low bits as a mask.
/// @isa avx512f  @source manuals/vnni/mask.md
static inline __mmask16 _mm512_int2mask(int a) { return (__mmask16)a; }
