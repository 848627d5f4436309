/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the two halves of swapper share: the child, which fills and verifies
 * (swapper_work.c), and the parent, which tells of it (swapper.c).
 */
#ifndef SWAPPER_H
#define SWAPPER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corpus.h"
#include "pagegen.h"

#define EXIT_BAD_PAGES	1
#define EXIT_USAGE	2
#define EXIT_KILLED	3

#define MAX_THREADS	16
#define MAX_PASSES	32
#define MAX_EXAMPLES	8

enum order { ORDER_SEQ, ORDER_REVERSE, ORDER_RANDOM, ORDER_STRIDED };

/* What was asked for. */
struct options {
	uint64_t pages;
	uint64_t seed;
	unsigned int threads;
	unsigned int rewrite;
	unsigned int real;
	unsigned int passes;
	enum order order[MAX_PASSES];
	const char *hold_filled;
	const char *hold_verified;
	bool progress;
	bool pageout;
	struct corpus corpus;
};

extern struct options opt;

struct example {
	uint64_t nr;
	uint64_t word;
	unsigned char verdict;
	unsigned char gen;
	unsigned char pass;
};

/* What the child has done and found, in shared memory; pass 0 is the filling. */
struct report {
	_Atomic unsigned int pass;
	_Atomic uint64_t done;		/* pages, in this pass */
	_Atomic uint64_t filled;
	_Atomic uint64_t rewritten;
	_Atomic uint64_t checked[PAGE_VERDICTS];
	_Atomic unsigned int examples;
	struct example example[MAX_EXAMPLES];
	_Atomic bool finished;
};

extern struct report *report;

/* Memory of this size, or the end of the program; flags as mmap() has them. */
void *map_memory(size_t size, int flags);

/* How ready the kernel is to kill the calling process for want of memory. */
void write_oom_score(const char *score);

/* Fills, verifies and counts; what it returns is the child's exit status. */
int child_main(void);

#endif /* SWAPPER_H */
