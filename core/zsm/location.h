/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Locations: how owners name objects. */
#ifndef ZSM_CORE_LOCATION_H
#define ZSM_CORE_LOCATION_H

#include "core/abi.h"
#include "core/zsm/geometry.h"

/*
 * A location names an object by number: the id of its zspage above the index
 * of the object in it. An owner keeps ZSM_LOC_BITS of it. Ids are bounded by
 * the C side's table, which has three levels of one page each.
 */
#define ZSM_ID_BITS \
	(3u * (ZSM_PAGE_SHIFT - 3u) < 29u ? 3u * (ZSM_PAGE_SHIFT - 3u) : 29u)
#define ZSM_LOC_BITS 37u

ZSM_STATIC_ASSERT(ZSM_ID_BITS + ZSM_OBJ_BITS <= ZSM_LOC_BITS);
ZSM_STATIC_ASSERT((1u << ZSM_OBJ_BITS) == ZSM_MAX_OBJS);

/* A location; a type of its own, so that it is not taken for another number. */
struct zsm_loc {
	uint64_t value;
};

static inline struct zsm_loc zsm_loc_pack(uint32_t id, uint32_t obj)
{
	struct zsm_loc loc = { (uint64_t)id << ZSM_OBJ_BITS | obj };

	return loc;
}

static inline uint32_t zsm_loc_id(struct zsm_loc loc)
{
	return (uint32_t)(loc.value >> ZSM_OBJ_BITS);
}

static inline uint32_t zsm_loc_obj(struct zsm_loc loc)
{
	return (uint32_t)loc.value & (ZSM_MAX_OBJS - 1);
}

static inline bool zsm_loc_same(struct zsm_loc a, struct zsm_loc b)
{
	return a.value == b.value;
}

#endif /* ZSM_CORE_LOCATION_H */
