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

static inline uint64_t zsm_loc_pack(uint32_t id, uint32_t obj)
{
	return (uint64_t)id << ZSM_OBJ_BITS | obj;
}

static inline uint32_t zsm_loc_id(uint64_t loc)
{
	return (uint32_t)(loc >> ZSM_OBJ_BITS);
}

static inline uint32_t zsm_loc_obj(uint64_t loc)
{
	return (uint32_t)loc & (ZSM_MAX_OBJS - 1);
}

#endif /* ZSM_CORE_LOCATION_H */
