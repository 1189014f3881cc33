// As aligned.h, for vectors of half floats: apart, because the build may have renamed the functions they wrap.
#pragma once

#define _mm512_load_ph(...) _mm512_loadu_ph((void const *)vnni_aligned((__VA_ARGS__), 64, "_mm512_load_ph", __LINE__))
#define _mm512_store_ph(p, ...) _mm512_storeu_ph((void *)vnni_aligned(p, 64, "_mm512_store_ph", __LINE__), __VA_ARGS__)
#define _mm256_load_ph(...) _mm256_loadu_ph((void const *)vnni_aligned((__VA_ARGS__), 32, "_mm256_load_ph", __LINE__))
#define _mm256_store_ph(p, ...) _mm256_storeu_ph((void *)vnni_aligned(p, 32, "_mm256_store_ph", __LINE__), __VA_ARGS__)
#define _mm_load_ph(...) _mm_loadu_ph((void const *)vnni_aligned((__VA_ARGS__), 16, "_mm_load_ph", __LINE__))
#define _mm_store_ph(p, ...) _mm_storeu_ph((void *)vnni_aligned(p, 16, "_mm_store_ph", __LINE__), __VA_ARGS__)
