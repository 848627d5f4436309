// SPDX-License-Identifier: GPL-2.0
/* The bytes of objects: copied, or mapped where they are. */
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mmdebug.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/string.h>

#include "zsm/access.h"
#include "zsm/frame.h"

/* Where an object that crosses pages is put together while it is mapped. */
struct gather {
	void *buffer;
	bool busy;
};

static DEFINE_PER_CPU(struct gather, gathers);

/* The bytes of @len that lie in the extent's first page. */
static u32 first_part(const struct zsm_extent *ext, u32 len)
{
	return min_t(u32, len, PAGE_SIZE - ext->offset);
}

static void copy_out(const struct zsm_extent *ext, void *dst, u32 len)
{
	u32 part = first_part(ext, len);

	memcpy(dst, zsm_frame_addr(ext->pfn[0]) + ext->offset, part);
	if (part < len)
		memcpy(dst + part, zsm_frame_addr(ext->pfn[1]), len - part);
}

static void copy_in(const struct zsm_extent *ext, const void *src, u32 len)
{
	u32 part = first_part(ext, len);

	memcpy(zsm_frame_addr(ext->pfn[0]) + ext->offset, src, part);
	if (part < len)
		memcpy(zsm_frame_addr(ext->pfn[1]), src + part, len - part);
}

void zsm_read(struct zsm_pool *pool, struct zsm_loc loc, void *dst, size_t len)
{
	struct zsm_extent ext = zsm_find(pool, loc, len);

	copy_out(&ext, dst, len);
}
EXPORT_SYMBOL_GPL(zsm_read);

void zsm_write(struct zsm_pool *pool, struct zsm_loc loc, const void *src,
	       size_t len)
{
	struct zsm_extent ext = zsm_find(pool, loc, len);

	copy_in(&ext, src, len);
}
EXPORT_SYMBOL_GPL(zsm_write);

void *zsm_map(struct zsm_pool *pool, struct zsm_loc loc, size_t len,
	      enum zsm_map_mode mode, struct zsm_mapping *map)
{
	struct zsm_extent ext = zsm_find(pool, loc, len);
	struct gather *gather;

	preempt_disable();
	gather = this_cpu_ptr(&gathers);
	VM_WARN_ON_ONCE(gather->busy);
	gather->busy = true;

	map->gathered = first_part(&ext, len) < len;
	if (!map->gathered) {
		map->addr = zsm_frame_addr(ext.pfn[0]) + ext.offset;
		return map->addr;
	}
	map->addr = gather->buffer;
	map->pool = pool;
	map->loc = loc;
	map->len = len;
	map->mode = mode;
	if (mode != ZSM_MAP_WRITE)
		copy_out(&ext, gather->buffer, len);
	return map->addr;
}
EXPORT_SYMBOL_GPL(zsm_map);

void zsm_unmap(struct zsm_mapping *map)
{
	if (map->gathered && map->mode != ZSM_MAP_READ)
		zsm_write(map->pool, map->loc, map->addr, map->len);
	this_cpu_write(gathers.busy, false);
	preempt_enable();
}
EXPORT_SYMBOL_GPL(zsm_unmap);

void *zsm_address(struct zsm_pool *pool, struct zsm_loc loc, size_t len)
{
	struct zsm_extent ext = zsm_find(pool, loc, len);

	if (first_part(&ext, len) < len)
		return NULL;
	return zsm_frame_addr(ext.pfn[0]) + ext.offset;
}
EXPORT_SYMBOL_GPL(zsm_address);

/* The byte at @pos of an extent, and how many follow it in the same page. */
static void *extent_at(const struct zsm_extent *ext, u32 pos, u32 *room)
{
	u32 offset = ext->offset + pos;
	u32 part = offset >> PAGE_SHIFT;

	offset &= ~PAGE_MASK;
	*room = PAGE_SIZE - offset;
	return zsm_frame_addr(ext->pfn[part]) + offset;
}

void zsm_copy(const struct zsm_extent *dst,
	      const struct zsm_extent *src, u32 len)
{
	u32 done, part;

	for (done = 0; done < len; done += part) {
		u32 to_room, from_room;
		void *to = extent_at(dst, done, &to_room);
		const void *from = extent_at(src, done, &from_room);

		part = min3(to_room, from_room, len - done);
		memcpy(to, from, part);
	}
}

void zsm_gather_destroy(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		free_page((unsigned long)per_cpu(gathers.buffer, cpu));
}

int __init zsm_gather_create(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		void *buffer = (void *)__get_free_page(GFP_KERNEL);

		per_cpu(gathers.buffer, cpu) = buffer;
		if (!buffer) {
			zsm_gather_destroy();
			return -ENOMEM;
		}
	}
	return 0;
}
