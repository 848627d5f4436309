/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The size classes: a constant table, made when the core is compiled. */
#ifndef ZSM_CORE_SIZE_CLASS_H
#define ZSM_CORE_SIZE_CLASS_H

#include "core/abi.h"
#include "core/zsm/geometry.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct zsm_class_row - the constants of a size class
 * @size: object size in bytes, a multiple of ZSM_GRANULE
 * @inv: more than 2^24 / size in granules, by one at most: turns a division by
 *	@size into a multiplication (exact for every offset in a zspage)
 * @full_mul: 2^16 * ZSM_READY_LEVELS / @nr_objs, rounded down: scales a count
 *	of used objects to a fullness
 * @nr_objs: objects a zspage
 * @nr_pages: pages a zspage
 * @nr_words: 32-bit words that have a bit for each object
 */
struct zsm_class_row {
	uint32_t size;
	uint32_t inv;
	uint32_t full_mul;
	uint16_t nr_objs;
	uint8_t nr_pages;
	uint8_t nr_words;
};

/**
 * struct zsm_class_table - every size class, made when the core is compiled
 * @rows: the classes, by rising size
 * @of_granules: the class of each size, by (size - 1) / ZSM_GRANULE
 * @nr_classes: how many of @rows there are
 */
struct zsm_class_table {
	struct zsm_class_row rows[ZSM_PAGE_GRANULES];
	uint8_t of_granules[ZSM_PAGE_GRANULES];
	uint16_t nr_classes;
};

extern const struct zsm_class_table zsm_classes;

/**
 * zsm_class_of() - the size class that serves a size
 * @size: bytes, 1 to ZSM_PAGE_SIZE
 *
 * Return: the class's index.
 */
static inline uint32_t zsm_class_of(uint32_t size)
{
	return zsm_classes.of_granules[(size - 1) >> ZSM_GRANULE_SHIFT];
}

#ifdef __cplusplus
}
#endif

#endif /* ZSM_CORE_SIZE_CLASS_H */
