/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * How long ago pages were used, in generations.
 *
 * A slot keeps the number of the generation in which its page was last stored or
 * loaded, in ZRAM_SLOT_AGE_BITS bits of its word. A new generation begins when an
 * eighth of the pages has been used in the present one; so a page's age is a rank
 * among the pages, and no time. The numbers wrap around: before a generation begins,
 * the slots that have its number are moved on to the oldest one that is left
 * (zram_age_before()). Where a slot has no room, with pages of 64 KiB, the age follows
 * from a time of access (zram_clock_age_at()).
 *
 * Pure functions; no lock. C must have the fixed-width integer types before it
 * includes this file.
 */
#ifndef ZRAM_CORE_AGE_H
#define ZRAM_CORE_AGE_H

#include "core/zram/slot.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Ages that there can be at the most; with pages of 16 KiB there are 4. */
#define ZRAM_MAX_AGES 16u
#define ZRAM_NR_AGES \
	(ZRAM_SLOT_AGE_BITS ? 1u << ZRAM_SLOT_AGE_BITS : ZRAM_MAX_AGES)
/* No page is as old as that. */
#define ZRAM_NO_AGE ZRAM_MAX_AGES

/* ---- A slot ------------------------------------------------------------- */

#define ZRAM_SLOT_AGE_MASK ((1u << ZRAM_SLOT_AGE_BITS) - 1)

/* Whether the slot's word has a generation: that of an object with a page's data. */
static inline bool zram_slot_has_age(struct zsm_word slot)
{
	return ZRAM_SLOT_AGE_BITS && !(slot.bits & ZRAM_SLOT_SAME) &&
	       zram_slot_size(slot) != 0;
}

/* The slot, which has a generation, with another one. */
static inline struct zsm_word zram_slot_stamped(struct zsm_word slot,
						uint32_t generation)
{
	slot.bits &= ~((uint64_t)ZRAM_SLOT_AGE_MASK << ZRAM_SLOT_AGE_SHIFT);
	slot.bits |= (uint64_t)(generation & ZRAM_SLOT_AGE_MASK)
		     << ZRAM_SLOT_AGE_SHIFT;
	return slot;
}

/* The slot, whose page was only put into another form, with @old's generation. */
static inline struct zsm_word zram_slot_like(struct zsm_word slot,
					     struct zsm_word old)
{
	return zram_slot_stamped(slot, (uint32_t)(old.bits >> ZRAM_SLOT_AGE_SHIFT));
}

/* The slot after its page was used in generation @now. */
static inline struct zsm_word zram_slot_used(struct zsm_word slot, uint32_t now)
{
	return zram_slot_has_age(slot) ? zram_slot_stamped(slot, now) : slot;
}

/* How many generations before @now the page was last used; 0: in this one. */
static inline uint32_t zram_slot_age(struct zsm_word slot, uint32_t now)
{
	return (now - (uint32_t)(slot.bits >> ZRAM_SLOT_AGE_SHIFT)) &
	       ZRAM_SLOT_AGE_MASK;
}

/*
 * The slot as it has to be before the generation after @now begins. A page of the
 * oldest age has that one's number, and would be taken for the youngest.
 */
static inline struct zsm_word zram_age_before(struct zsm_word slot,
					      uint32_t now)
{
	if (!zram_slot_has_age(slot) ||
	    zram_slot_age(slot, now) != ZRAM_NR_AGES - 1)
		return slot;
	return zram_slot_stamped(slot, now + 2);
}

/* ---- The clock ---------------------------------------------------------- */

/**
 * struct zram_clock - a device's generations
 * @now: the present one's number; only its lowest bits are in slots
 * @uses: pages that had been stored or loaded when it began
 * @began_ns: when each of the last generations began, by their lowest bits
 */
struct zram_clock {
	uint32_t now;
	uint64_t uses;
	uint64_t began_ns[ZRAM_MAX_AGES];
};

/**
 * zram_clock_start() - begin with a first generation
 * @clock: the clock
 * @uses: pages stored and loaded so far
 * @ns: the time
 */
void zram_clock_start(struct zram_clock *clock, uint64_t uses,
		      uint64_t ns) ZSM_NOEXCEPT;

/**
 * zram_clock_due() - whether another generation should begin
 * @clock: the clock
 * @uses: pages stored and loaded so far
 * @pages: pages that are stored
 *
 * Return: whether an eighth as many have been used in this one as are stored.
 */
bool zram_clock_due(const struct zram_clock *clock, uint64_t uses,
		    uint64_t pages) ZSM_NOEXCEPT;

/**
 * zram_clock_advance() - begin another generation
 * @clock: the clock
 * @uses: pages stored and loaded so far
 * @ns: the time
 *
 * The caller has put every slot through zram_age_before() since the last one began.
 */
void zram_clock_advance(struct zram_clock *clock, uint64_t uses,
			uint64_t ns) ZSM_NOEXCEPT;

/**
 * zram_clock_age_at() - the age of a page that was last used at a time
 * @clock: the clock
 * @ns: the time
 *
 * Return: generations, at the most ZRAM_NR_AGES - 1.
 */
uint32_t zram_clock_age_at(const struct zram_clock *clock,
			   uint64_t ns) ZSM_NOEXCEPT;

/* ---- Which pages -------------------------------------------------------- */

/**
 * struct zram_ages - how many pages are of each age
 * @pages: by age
 */
struct zram_ages {
	uint64_t pages[ZRAM_MAX_AGES];
};

/**
 * zram_age_cutoff() - the age from which on pages are taken
 * @ages: how many there are
 * @min_age: no younger ones
 * @wanted: how many are wanted
 *
 * All ages that have no more pages than are wanted, together, are taken first, in any
 * order; what is then missing is taken of the age that comes next. So of a younger
 * age none is taken while there are older ones, and it takes two rounds at the most.
 *
 * Return: the age, from @min_age on; ZRAM_NO_AGE if there are no such pages.
 */
uint32_t zram_age_cutoff(const struct zram_ages *ages, uint32_t min_age,
			 uint64_t wanted) ZSM_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* ZRAM_CORE_AGE_H */
