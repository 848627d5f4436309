/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stress: everything at once. What its parts share.
 *
 *   stress.c          the table of workers; running and reporting on them
 *   stress_blocks.c   a device's blocks, written, read and discarded at once
 *   stress_devices.c  knobs, and devices that come, go and are reset
 *   stress_tiers.c    idle marks, recompression, writeback by hand and by itself
 *   stress_memory.c   swap, too little memory, reclaim, processors
 *
 * A worker is a function that is called again and again until the time is up, by
 * one thread or several. What is wrong is told with bad(), and goes on.
 */
#ifndef STRESS_H
#define STRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pagegen.h"

/* What a worker knows of itself. */
struct self {
	unsigned int index;	/* among the threads of its kind */
	uint64_t rnd;		/* for page_rand() */
	unsigned char *buffer;	/* MAX_RUN pages, aligned to one */
};

/* Pages that a worker moves at once. */
#define MAX_RUN	8

struct settings {
	const char *corpus;
	unsigned int data_mb;	/* size of /dev/zram0 */
	unsigned int swap_mb;	/* memory that is swapped to /dev/zram1 */
	unsigned int free_mb;	/* that is left of the machine's memory */
};

extern struct settings settings;
extern _Atomic bool stopping;

/* Counts something that must not be, and prints what. */
void bad(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* 0, or an errno. */
int write_file(const char *path, const char *text);
int write_knob(unsigned int device, const char *knob, const char *text);
/* Bytes read, terminated; or -1. */
int read_file(const char *path, char *text, size_t room);

void nap(unsigned int ms);

/* Something from 0 to @n - 1. */
unsigned int below(struct self *self, unsigned int n);

/*
 * Makes page @nr of a device in a generation: one of all kinds and compressed
 * sizes, which follow from the two.
 */
page_note_t make_page(void *page, unsigned int device, uint64_t nr,
		      unsigned int gen);

/* What page @nr of a device is, beside what it should be. */
enum page_verdict check_page(const void *page, unsigned int device,
			     uint64_t nr, page_note_t note);

/* stress_blocks.c */
void blocks_open(void);
void blocks_check(void);
void step_write(struct self *self);
void step_read(struct self *self);
void step_discard(struct self *self);

/* stress_devices.c */
void devices_prepare(void);
void step_compact(struct self *self);
void step_limit(struct self *self);
void step_statistics(struct self *self);
void step_reset(struct self *self);
void step_hot_add(struct self *self);

/* stress_tiers.c */
void step_idle(struct self *self);
void step_recompress(struct self *self);
void step_writeback(struct self *self);
void step_tier(struct self *self);

/* stress_memory.c */
void memory_finish(void);
void step_swap(struct self *self);
void step_squeeze(struct self *self);
void step_cpu(struct self *self);
void step_drop_caches(struct self *self);
void step_compact_memory(struct self *self);
void step_reclaim(struct self *self);

#endif /* STRESS_H */
