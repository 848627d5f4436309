/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The same-filled test: many pages of programs repeat one value, most often zero, and
 * need no object.
 *
 * C must have the fixed-width integer types before it includes this file.
 */
#ifndef ZSM_SAME_FILLED_H
#define ZSM_SAME_FILLED_H

#ifdef __cplusplus
#include <cstdint>
#elif !defined(__KERNEL__)
#include <stdbool.h>
#endif

#include "core/abi.h"
#include "core/page.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The value that a page repeats; a type of its own, so that it is not taken for a
 * location or a slot.
 */
struct zsm_fill {
	uint64_t value;
};

/**
 * zsm_same_filled() - does a page repeat one 64-bit value?
 * @page: ZSM_PAGE_SIZE bytes, aligned to 8
 * @fill: receives the value if so
 *
 * Context: any.
 * Return: whether it does.
 */
bool zsm_same_filled(const void *page, struct zsm_fill *fill) ZSM_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* ZSM_SAME_FILLED_H */
