/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * How many bytes may be written to the backing device: so many a second, and so many
 * a day, which is what flash wears by. The part that writes asks and tells: pages that are
 * written back, and cleaning.
 *
 * A day begins when the quota is set, and lasts 24 hours. A second's bytes that are
 * not used are kept for one second.
 *
 * Pure functions; no lock. Times are nanoseconds of any clock that does not go back; one
 * that is earlier than the last one counts as that.
 */
#ifndef ZRAM_CORE_QUOTA_H
#define ZRAM_CORE_QUOTA_H

#include "core/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What may be written at once, if a second has less. */
#define ZRAM_QUOTA_BURST (128u << 10)
/* Never. */
#define ZRAM_QUOTA_NEVER UINT64_MAX

/**
 * struct zram_quota - a quota
 * @rate: bytes a second; 0: any number
 * @daily: bytes a day; 0: any number
 * @tokens: bytes that may be written now by @rate
 * @carry: what is missing to one byte more, in millionths of a byte
 * @filled_ns: up to when @tokens have been counted
 * @day_ns: when the day began
 * @spent: bytes written since
 */
struct zram_quota {
	uint64_t rate;
	uint64_t daily;
	uint64_t tokens;
	uint64_t carry;
	uint64_t filled_ns;
	uint64_t day_ns;
	uint64_t spent;
};

/**
 * zram_quota_set_rate() - set what may be written in a second
 * @q: the quota
 * @rate: bytes a second; 0: any number
 * @ns: the time
 */
void zram_quota_set_rate(struct zram_quota *q, uint64_t rate,
			 uint64_t ns) ZSM_NOEXCEPT;

/**
 * zram_quota_set_daily() - set what may be written in a day, which begins
 * @q: the quota
 * @daily: bytes a day; 0: any number
 * @ns: the time
 */
void zram_quota_set_daily(struct zram_quota *q, uint64_t daily,
			  uint64_t ns) ZSM_NOEXCEPT;

/**
 * zram_quota_left() - what may be written
 * @q: the quota
 * @ns: the time
 *
 * Return: bytes; UINT64_MAX: any number.
 */
uint64_t zram_quota_left(struct zram_quota *q, uint64_t ns) ZSM_NOEXCEPT;

/**
 * zram_quota_take() - take some of it
 * @q: the quota
 * @bytes: how much; at the most ZRAM_QUOTA_BURST
 * @ns: the time
 *
 * Return: whether there was so much. If not, nothing is taken.
 */
bool zram_quota_take(struct zram_quota *q, uint64_t bytes,
		     uint64_t ns) ZSM_NOEXCEPT;

/**
 * zram_quota_wait() - how long it is until so much may be written
 * @q: the quota
 * @bytes: how much; at the most ZRAM_QUOTA_BURST
 * @ns: the time
 *
 * Return: nanoseconds; ZRAM_QUOTA_NEVER if a whole day has less.
 */
uint64_t zram_quota_wait(struct zram_quota *q, uint64_t bytes,
			 uint64_t ns) ZSM_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* ZRAM_CORE_QUOTA_H */
