// SPDX-License-Identifier: GPL-2.0
/*
 * Claims: a page is copied, the copy is worked on without any lock, and the
 * result takes the page's place, unless a task has stored or dropped the page
 * meanwhile. What tells is a flag that every new value of the slot comes without.
 * The slot's location would not do: the pool moves objects, and puts another into
 * the place of one that was freed.
 */
#include "zram/claim.h"
#include "zram/load_page.h"
#include "zram/slot.h"
#include "zram/slots.h"

static void zram_set_claimed(unsigned long *slot, struct zsm_word value,
			     u64 set)
{
	value.bits |= ZRAM_SLOT_CLAIMED | set;
	zram_slot_set(slot, value);
}

int zram_claim_page(struct zram *zram, u32 index, struct zsm_word seen, u64 set,
		    void *page)
{
	unsigned long *slot = zram_slot_find(zram, index);
	struct zsm_stream *stream;
	int err = -EAGAIN;
	struct zsm_word value;

	lockdep_assert_held(&zram->tier.work_lock);
	stream = zram_slot_lock_to_load(zram, slot, &value);
	if (zsm_word_same(value, seen)) {
		zram_load_take(zram, stream, value, page);
		zram_set_claimed(slot, value, set);
		err = 0;
	}
	zram_slot_unlock(slot);
	if (!err)
		err = zram_load_finish(stream, value, page);
	if (stream)
		zsm_stream_put(stream);
	if (!err || err == -EAGAIN)
		return err;
	zram_claim_end(zram, index, set & ~seen.bits, 0);
	return zram_load_failed(zram, index, value);
}

int zram_claim_stored(struct zram *zram, u32 index, struct zsm_word seen, u64 set,
		      void *data)
{
	unsigned long *slot = zram_slot_find(zram, index);
	int err = -EAGAIN;
	struct zsm_word value;

	lockdep_assert_held(&zram->tier.work_lock);
	zram_slot_lock(slot);
	value = zram_slot_get(slot);
	if (zsm_word_same(value, seen)) {
		zsm_read(zram->pool, zram_slot_loc(value), data,
			 zram_slot_size(value));
		zram_set_claimed(slot, value, set);
		err = 0;
	}
	zram_slot_unlock(slot);
	return err;
}

bool zram_claim_replace(struct zram *zram, u32 index, u64 flags, u64 keep,
			struct zsm_word value)
{
	unsigned long *slot = zram_slot_find(zram, index);
	bool valid;
	struct zsm_word old;

	zram_slot_lock(slot);
	old = zram_slot_get(slot);
	flags |= ZRAM_SLOT_CLAIMED;
	valid = (old.bits & flags) == flags;
	value.bits |= old.bits & keep;
	if (valid)
		zram_slot_set(slot, zram_slot_like(value, old));
	zram_slot_unlock(slot);
	if (!valid)
		return false;
	zram_account(zram, old, value);
	zram_release(zram, old);
	return true;
}

void zram_claim_end(struct zram *zram, u32 index, u64 clear, u64 set)
{
	unsigned long *slot = zram_slot_find(zram, index);
	struct zsm_word value;

	zram_slot_lock(slot);
	value = zram_slot_get(slot);
	if (value.bits & ZRAM_SLOT_CLAIMED) {
		value.bits &= ~(ZRAM_SLOT_CLAIMED | clear);
		value.bits |= set;
		zram_slot_set(slot, value);
	}
	zram_slot_unlock(slot);
}
