/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What a header needs that both C and C++ include.
 *
 * C must have the fixed-width integer types before it includes such a header.
 */
#ifndef ZSM_CORE_ABI_H
#define ZSM_CORE_ABI_H

#ifdef __cplusplus
#include <cstddef>
#include <cstdint>
#define ZSM_NOEXCEPT noexcept
#define ZSM_CONSTEXPR constexpr
#define ZSM_STATIC_ASSERT(cond) static_assert(cond)
#else
#ifndef __KERNEL__
#include <stdbool.h>
#endif
#define ZSM_NOEXCEPT
#define ZSM_CONSTEXPR static inline
#define ZSM_STATIC_ASSERT(cond) _Static_assert(cond, #cond)
#endif

#endif /* ZSM_CORE_ABI_H */
