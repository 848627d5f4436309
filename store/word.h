/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A front's word for a stored page: locked by one bit of itself, and frozen while the
 * pool moves its object. The header of the core says what its bits mean.
 *
 * The lock bit is a bit spinlock. Nothing sleeps, and no other lock but a size class's
 * is taken, while it is held.
 */
#ifndef ZSM_WORD_H
#define ZSM_WORD_H

#include <linux/processor.h>	/* bit_spinlock.h does not include it */
#include <linux/bit_spinlock.h>
#include <linux/mmdebug.h>
#include <linux/types.h>

#include "core/store/word_bits.h"
#include "zsmalloc.h"

static_assert(sizeof(unsigned long) == sizeof(u64));

static inline void zsm_word_lock(unsigned long *word)
	__acquires(bitlock)
{
	bit_spin_lock(ZSM_WORD_LOCK_BIT, word);
}

static inline bool zsm_word_trylock(unsigned long *word)
{
	return bit_spin_trylock(ZSM_WORD_LOCK_BIT, word);
}

static inline void zsm_word_unlock(unsigned long *word)
	__releases(bitlock)
{
	bit_spin_unlock(ZSM_WORD_LOCK_BIT, word);
}

/* What the word holds, without the lock bit. A hint, unless the caller has the lock. */
static inline struct zsm_word zsm_word_get(const unsigned long *word)
{
	return (struct zsm_word){ READ_ONCE(*word) & ~ZSM_WORD_LOCK };
}

/*
 * The caller holds the lock, whose bit is kept as it is. Other CPUs may be trying to
 * set it.
 */
static inline void zsm_word_set(unsigned long *word, struct zsm_word value)
{
	VM_WARN_ON_ONCE(!bit_spin_is_locked(ZSM_WORD_LOCK_BIT, word));
	WRITE_ONCE(*word, value.bits | (READ_ONCE(*word) & ZSM_WORD_LOCK));
}

/**
 * zsm_word_freeze() - keep a word's object from being used, for struct zsm_ops
 * @word: the word, or NULL
 * @loc: where the pool has the object
 * @has_object: tells whether a word with this value has an object
 *
 * The pool holds a lock that comes after the word's, so the word's is only tried. An
 * object that its word does not point to is on its way in or out. The lock is kept
 * until zsm_word_thaw(); sparse cannot follow that.
 *
 * Context: does not sleep.
 * Return: whether it is frozen.
 */
static inline bool zsm_word_freeze(unsigned long *word, struct zsm_loc loc,
				   bool (*has_object)(struct zsm_word value))
{
	struct zsm_word value;

	if (!word || !zsm_word_trylock(word))
		return false;
	value = zsm_word_get(word);
	if (has_object(value) && zsm_loc_same(zsm_word_loc(value), loc)) {
		__release(bitlock);
		return true;
	}
	zsm_word_unlock(word);
	return false;
}

/* Ends what zsm_word_freeze() began; the object is at @loc now. */
static inline void zsm_word_thaw(unsigned long *word, struct zsm_loc loc)
{
	__acquire(bitlock);
	zsm_word_set(word, zsm_word_moved(zsm_word_get(word), loc));
	zsm_word_unlock(word);
}

#endif /* ZSM_WORD_H */
