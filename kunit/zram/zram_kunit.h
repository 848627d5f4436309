/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the suites of the driver share: /dev/zram0, which each case finds and
 * leaves without a size; its knobs, read and written as files; and pages.
 */
#ifndef ZRAM_KUNIT_H
#define ZRAM_KUNIT_H

#include <kunit/test.h>
#include <linux/types.h>

#include "store/stream.h"
#include "zram/device.h"
#include "zram/io.h"
#include "zram/load_page.h"
#include "zram/memory.h"
#include "zram/slot.h"
#include "zram/slots.h"
#include "zram/store_page.h"
#include "zram_drv.h"

/* ---- The device (zram_device.c) ------------------------------------------ */

/* The case's device. */
static inline struct zram *zram_in(struct kunit *test)
{
	return test->priv;
}

/* For struct kunit_suite. */
int device_init(struct kunit *test);
void device_exit(struct kunit *test);

/* Gives the device a size and a codec, NULL for the default one. */
void device_set_up(struct kunit *test, const struct zsm_codec *codec,
		   u64 bytes);

/* A codec by name; one that is not there ends the case. */
const struct zsm_codec *codec_named(struct kunit *test, const char *name);

/* What a codec has if nobody has chosen anything. */
extern const struct zsm_params default_params;

/* The parameters of a case that runs for each codec: a name. */
const void *each_codec(const void *prev, char *desc);

/* Opens the device as a program would; a failure ends the case. */
struct file *device_open(struct kunit *test);
void device_close(struct file *file);

/* The slot's 64 bits; 0 if it has no leaf. */
struct zsm_word slot_value(struct kunit *test, u32 index);

/* Replaces them, as no code of the driver's would. */
void slot_poke(struct kunit *test, u32 index, struct zsm_word value);

/* What a slot that holds @value has while it is locked. */
static inline struct zsm_word slot_locked(struct zsm_word value)
{
	return (struct zsm_word){ value.bits | ZSM_WORD_LOCK };
}

/* And when it is not. */
static inline struct zsm_word slot_unlocked(struct zsm_word value)
{
	return (struct zsm_word){ value.bits & ~ZSM_WORD_LOCK };
}

/* ---- Knobs --------------------------------------------------------------- */

#define DEVICE_KNOB(name) "/sys/block/zram0/" name
#define CONTROL_KNOB(name) "/sys/class/zram-control/" name

/* Writes to a file. Returns bytes written, or an error. */
ssize_t knob_write(const char *path, const char *text);

/* Reads a file of less than @size bytes; a string. Returns bytes, or an error. */
ssize_t knob_read(const char *path, char *buf, size_t size);

/* The numbers of mm_stat, by their order in it. */
enum mm_stat {
	MM_ORIG, MM_COMPR, MM_USED, MM_LIMIT, MM_MAX, MM_SAME, MM_COMPACTED,
	MM_HUGE, MM_HUGE_SINCE, MM_NR,
};

struct mm_stats {
	u64 n[MM_NR];
};

struct mm_stats mm_stats_of(struct kunit *test);

/* ---- Pages (zram_pages.c) ------------------------------------------------- */

/* What a page holds. */
struct page_kind {
	const char *name;
	void (*make)(void *page, u32 seed);
};

/* The parameters of a case that runs for each kind of page. */
extern const struct page_kind page_kinds[];
extern const unsigned int nr_page_kinds;
const void *each_page_kind(const void *prev, char *desc);

void page_make_zero(void *page, u32 seed);
void page_make_text(void *page, u32 seed);
void page_make_random(void *page, u32 seed);
void page_make_pointers(void *page, u32 seed);
/* Random bytes at its beginning, @seed of them, and zeroes. */
void page_make_prefix(void *page, u32 seed);

/* Fills a page with one value. */
void page_fill(void *page, u64 value);

/* Memory for a page, which goes with the case. */
void *page_alloc(struct kunit *test);

/* Loads a page, of which none here is on a backing device. */
int page_load(struct kunit *test, u32 index, void *page);

/* Stores a page; a failure ends the case. */
void page_store(struct kunit *test, u32 index, const void *page);

/* Whether a slot holds just this page. */
bool page_is_stored(struct kunit *test, u32 index, const void *page);

#endif /* ZRAM_KUNIT_H */
