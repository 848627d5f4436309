/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Slots, for the files that work on them: 64 bits for each page of the device,
 * whose meaning is told by the core (core/zram). They come in leaves of one page,
 * made when one of their slots is first written and kept until reset.
 *
 *   zram/slots.c       leaves; what goes into a slot and out of it; moves
 *   zram/store.c       a page into a slot
 *   zram/load.c        and out of it
 *   zram/claim.c       pages that somebody has a copy of at work
 *   zram/tier/recompress.c  who does: with another algorithm
 *   zram/tier/idle.c        when pages were accessed, and marks
 *   zram/block_state.c each slot's state, for debugfs
 *
 * The lock bit is a bit spinlock. Nothing sleeps, and no other lock is taken,
 * while it is held: objects are allocated before and freed after. So a slot
 * changes hands in a few instructions; only a read holds it for as long as
 * decompressing the page takes, and an overwrite in place for a copy.
 */
#ifndef ZRAM_SLOT_H
#define ZRAM_SLOT_H

#include <linux/processor.h>	/* bit_spinlock.h does not include it */
#include <linux/bit_spinlock.h>
#include <linux/mmdebug.h>

#include "zram_drv.h"

static_assert(sizeof(unsigned long) == sizeof(u64));

/* The slot, or NULL if its leaf is not there, that is if it is empty. */
static inline unsigned long *zram_slot_find(struct zram *zram, u32 index)
{
	unsigned long **entry = &zram->leaves[index / ZRAM_SLOTS_PER_LEAF];
	/* Pairs with the cmpxchg() in zram_slot_make(): a leaf is zeroed. */
	unsigned long *leaf = smp_load_acquire(entry);

	return leaf ? &leaf[index % ZRAM_SLOTS_PER_LEAF] : NULL;
}

static inline void zram_slot_lock(unsigned long *slot)
	__acquires(bitlock)
{
	bit_spin_lock(ZRAM_SLOT_LOCK_BIT, slot);
}

static inline bool zram_slot_trylock(unsigned long *slot)
{
	return bit_spin_trylock(ZRAM_SLOT_LOCK_BIT, slot);
}

static inline void zram_slot_unlock(unsigned long *slot)
	__releases(bitlock)
{
	bit_spin_unlock(ZRAM_SLOT_LOCK_BIT, slot);
}

/* What the slot holds. Without the lock it is a hint. */
static inline u64 zram_slot_get(const unsigned long *slot)
{
	return READ_ONCE(*slot) & ~ZRAM_SLOT_LOCK;
}

/*
 * The caller holds the slot's lock, whose bit is kept as it is. Others may be trying to
 * set it.
 */
static inline void zram_slot_set(unsigned long *slot, u64 value)
{
	VM_WARN_ON_ONCE(!bit_spin_is_locked(ZRAM_SLOT_LOCK_BIT, slot));
	WRITE_ONCE(*slot, value | (READ_ONCE(*slot) & ZRAM_SLOT_LOCK));
}

/*
 * Whether every algorithm that the device has was tried on the page, and none but
 * the primary one is of use.
 */
static inline bool zram_is_incompressible(const struct zram *zram, u64 value)
{
	return zram->last_prio && zram_slot_tried(value) == zram->last_prio &&
	       !zram_slot_prio(value);
}

/*
 * Where only so many pages may be worked on, those that take most come first: slots
 * are gone through once for each band of sizes, from the largest to the smallest.
 */
#define ZRAM_SIZE_BANDS 8u

static inline bool zram_in_band(u64 value, u32 band, u32 nr_bands)
{
	return nr_bands == 1 ||
	       (zram_slot_size(value) - 1) / (PAGE_SIZE / nr_bands) == band;
}

/* ---- zram/slots.c ------------------------------------------------------- */

/**
 * zram_slot_make() - find a slot, or make its leaf
 * @zram: the device
 * @index: the slot
 *
 * Context: may sleep; allocates with GFP_NOIO.
 * Return: the slot; NULL with no memory.
 */
unsigned long *zram_slot_make(struct zram *zram, u32 index);

/**
 * zram_next_slot() - the next slot that may hold something
 * @zram: the device
 * @index: where to begin
 *
 * Context: any.
 * Return: the first slot from @index on whose leaf is there; nr_slots if there
 *	is none.
 */
u64 zram_next_slot(struct zram *zram, u64 index);

/**
 * zram_note_used() - keep the high-water mark after something was allocated
 * @zram: the device
 *
 * Context: any.
 */
void zram_note_used(struct zram *zram);

/**
 * zram_account() - count what comes into a slot and what goes out of it
 * @zram: the device
 * @old: the slot as it was
 * @value: the slot as it is now
 *
 * Context: any.
 */
void zram_account(struct zram *zram, u64 old, u64 value);

/**
 * zram_release() - free what was in a slot
 * @zram: the device
 * @value: the slot as it was; nobody can reach what is behind it any more
 *
 * Context: does not sleep; no slot is locked.
 */
void zram_release(struct zram *zram, u64 value);

/**
 * zram_publish() - put a value into a slot
 * @zram: the device
 * @slot: the slot; what was there is freed
 * @value: the value, and the object behind it
 *
 * Context: does not sleep; takes the slot.
 */
void zram_publish(struct zram *zram, unsigned long *slot, u64 value);

/* ---- zram/tier/idle.c -------------------------------------------------------- */

/*
 * A time of access is kept in 32 bits, in units of 2^24 ns, some 17 ms, since boot,
 * and wraps around after 2.3 years.
 */
#define ZRAM_TIME_SHIFT 24

/**
 * zram_times_make() - make room for the times of a slot and its neighbours
 * @zram: a device that keeps times
 * @index: the slot
 *
 * Context: may sleep; allocates with GFP_NOIO.
 * Return: 0 or -ENOMEM.
 */
int zram_times_make(struct zram *zram, u32 index);

/**
 * zram_times_destroy() - keep times no longer
 * @zram: a device that has no I/O
 *
 * Context: may sleep.
 */
void zram_times_destroy(struct zram *zram);

/* Notes the time of an access, if times are kept. See zram_touch(). */
void zram_time_set(struct zram *zram, u32 index);

/**
 * zram_accessed_ns() - when a page was last accessed
 * @zram: the device
 * @index: its slot
 *
 * Context: any.
 * Return: nanoseconds since boot, rounded down to the units of times; now, if no
 *	time is kept.
 */
u64 zram_accessed_ns(struct zram *zram, u32 index);

/* A page is being accessed. A new value is put into the slot after this. */
static inline void zram_touch(struct zram *zram, u32 index)
{
	if (unlikely(READ_ONCE(zram->times)))
		zram_time_set(zram, index);
}

/* ---- zram/load.c -------------------------------------------------------- */

/**
 * zram_slot_lock_to_load() - lock a slot, ready to decompress what it holds
 * @zram: the device
 * @slot: the slot; locked on return
 * @value: receives what it holds
 *
 * Context: may sleep; takes a stream, then the slot.
 * Return: the stream that zram_load_value() wants, the caller's to put after
 *	it has unlocked the slot; NULL if it wants none.
 */
struct zram_stream *zram_slot_lock_to_load(struct zram *zram,
					   unsigned long *slot, u64 *value)
	__acquires(bitlock);

/**
 * zram_load_value() - get a page out of a locked slot
 * @zram: the device
 * @stream: what zram_slot_lock_to_load() returned
 * @value: what the slot holds; not a page on the backing device
 * @page: receives PAGE_SIZE bytes
 *
 * Context: the caller holds the slot; does not sleep.
 * Return: 0, or -EINVAL if what is stored does not decompress.
 */
int zram_load_value(struct zram *zram, struct zram_stream *stream, u64 value,
		    void *page);

/**
 * zram_load_failed() - tell that a page does not decompress
 * @zram: the device
 * @index: the slot
 * @value: what it holds
 *
 * Context: any.
 * Return: -EIO.
 */
int zram_load_failed(struct zram *zram, u32 index, u64 value);

/* ---- zram/claim.c ------------------------------------------------------- */

/**
 * zram_claim_page() - copy a page to work on it
 * @zram: the device; the caller holds work_lock
 * @index: the slot
 * @seen: what the slot held when the caller decided to: a page that is neither
 *	same-filled, nor on the backing device, nor claimed
 * @page: receives the page, PAGE_SIZE bytes
 *
 * The slot is then CLAIMED, until the page is stored anew or dropped, or the
 * caller ends it. All calls of this file are the same slot's in between.
 *
 * Context: may sleep; takes a stream, then the slot.
 * Return: 0; -EAGAIN if the slot holds something else; -EIO if the page does
 *	not decompress. Without 0 nothing is claimed.
 */
int zram_claim_page(struct zram *zram, u32 index, u64 seen, void *page);

/**
 * zram_claim_stored() - the same, but copy what is stored as it is
 * @zram: the device; the caller holds work_lock
 * @index: the slot
 * @seen: as in zram_claim_page()
 * @data: receives as many bytes as @seen says
 *
 * Context: does not sleep; takes the slot.
 * Return: 0 or -EAGAIN.
 */
int zram_claim_stored(struct zram *zram, u32 index, u64 seen, void *data);

/**
 * zram_claim_replace() - put a claimed page back in another form
 * @zram: the device
 * @index: the slot
 * @value: what it is to hold; not CLAIMED
 *
 * What the slot had is freed.
 *
 * Context: does not sleep; takes the slot.
 * Return: false if the page has been stored anew or dropped meanwhile. Then
 *	the slot is as it was, and what is behind @value still the caller's.
 */
bool zram_claim_replace(struct zram *zram, u32 index, u64 value);

/**
 * zram_claim_end() - leave a claimed page as it is
 * @zram: the device
 * @index: the slot
 * @clear: flags that it loses besides CLAIMED
 * @set: flags that it gets
 *
 * Nothing happens if the page has been stored anew or dropped meanwhile.
 *
 * Context: does not sleep; takes the slot.
 */
void zram_claim_end(struct zram *zram, u32 index, u64 clear, u64 set);

#endif /* ZRAM_SLOT_H */
