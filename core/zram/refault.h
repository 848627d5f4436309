/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * How old a page must be before it is written back of the worker's own accord.
 *
 * A page that is read from the backing device soon after it was written there was
 * too young. Every ten seconds the pages read in the last ten minutes are compared
 * with those written: if more than so many percent came back, the age doubles; if
 * fewer than a quarter of that, it falls by an eighth; between the two it stays. After
 * it has doubled it does not do so again until pages of the new age have been written,
 * and came back.
 *
 * Pure functions; no lock.
 */
#ifndef ZRAM_CORE_REFAULT_H
#define ZRAM_CORE_REFAULT_H

#include "core/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How often zram_refault_step() is to be called. */
#define ZRAM_REFAULT_STEP_SECONDS 10u
#define ZRAM_REFAULT_DEFAULT_PERCENT 10u

/**
 * struct zram_refault - the controller
 * @age_eighths: the age in eighths of a generation
 * @max_eighths: the highest that it may become
 * @percent: how many of the pages written may come back
 * @written: pages written in the last ten minutes, the older ones counting less; in
 *	units of 1/64
 * @read: pages read; likewise
 * @written_since: pages written since the age was last doubled
 * @read_since: pages read since
 */
struct zram_refault {
	uint32_t age_eighths;
	uint32_t max_eighths;
	uint32_t percent;
	uint64_t written;
	uint64_t read;
	uint64_t written_since;
	uint64_t read_since;
};

/**
 * zram_refault_start() - begin with the age that is the default
 * @r: the controller
 * @nr_ages: ages that pages can have, from 0 on
 * @percent: how many of the pages written may come back
 */
void zram_refault_start(struct zram_refault *r, uint32_t nr_ages,
			uint32_t percent) ZSM_NOEXCEPT;

/**
 * zram_refault_step() - judge the last ten seconds
 * @r: the controller
 * @written: pages written back meanwhile
 * @read: pages read from the backing device meanwhile
 */
void zram_refault_step(struct zram_refault *r, uint64_t written,
		       uint64_t read) ZSM_NOEXCEPT;

/* The age, in whole generations, from which on pages may be written. */
static inline uint32_t zram_refault_age(const struct zram_refault *r)
{
	return r->age_eighths / 8;
}

#ifdef __cplusplus
}
#endif

#endif /* ZRAM_CORE_REFAULT_H */
