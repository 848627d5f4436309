// SPDX-License-Identifier: GPL-2.0
/*
 * The blocks of /dev/zram0, each written by one thread at a time and read by
 * others meanwhile. A read gives the block as it was before or after the write
 * under way, and nothing else. A write that fails leaves each block as it was, or
 * as it would be; it is looked at which.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "stress.h"

#define DEVICE	0

/* Half of what is read and written is about so many blocks, or they would seldom meet. */
#define NR_HOT	2

/*
 * @seq is odd while a change is under way, and counts changes by two. @now is what
 * the block holds, @next what it will; both are kept true by the thread that has @busy.
 */
struct block {
	atomic_bool busy;
	atomic_uint seq;
	atomic_ullong now, next;	/* notes */
	unsigned int gen;
};

/* What a block may hold at a moment. */
struct moment {
	unsigned int seq;
	page_note_t now, next;
};

static int fd;
static struct block *blocks;
static unsigned int nr_blocks;

static _Atomic uint64_t failed_writes, overtaken;

/* --- one block -------------------------------------------------------------*/

static struct moment look(struct block *block)
{
	struct moment m;

	do {
		m.seq = block->seq;
		m.now = block->now;
		m.next = m.seq & 1 ? block->next : m.now;
	} while (block->seq != m.seq);
	return m;
}

static bool try_begin(struct block *block)
{
	return !atomic_exchange(&block->busy, true);
}

static void end(struct block *block)
{
	block->busy = false;
}

static void change(struct block *block, page_note_t next)
{
	block->next = next;
	block->seq++;
}

static void changed(struct block *block, bool done)
{
	if (done)
		block->now = block->next;
	block->seq++;
}

static void tell(unsigned int nr, const void *page, enum page_verdict verdict,
		 const char *when)
{
	const uint64_t *w = page;

	bad("zram%u block %u is %s (%s): generation %u wanted, first words %016llx %016llx",
	    DEVICE, nr, page_verdict_name[verdict], when,
	    page_note_gen(blocks[nr].now), (unsigned long long)w[0],
	    (unsigned long long)w[1]);
}

/* Where to begin with up to MAX_RUN blocks. */
static unsigned int choose(struct self *self)
{
	return below(self, below(self, 2) ? NR_HOT : nr_blocks - MAX_RUN + 1);
}

/* --- changing a run of blocks ----------------------------------------------*/

/* Gets up to @max blocks in a row from @first on. Returns how many. */
static unsigned int begin_run(unsigned int max, unsigned int first)
{
	unsigned int nr = 0;

	while (nr < max && first + nr < nr_blocks &&
	       try_begin(&blocks[first + nr]))
		nr++;
	return nr;
}

/* After a failure: what does the block hold? */
static void settle(struct self *self, unsigned int nr)
{
	struct block *block = &blocks[nr];
	unsigned char *page = self->buffer;
	enum page_verdict verdict;
	bool done;

	if (pread(fd, page, page_bytes, nr * page_bytes) !=
	    (ssize_t)page_bytes) {
		bad("block %u cannot be read: %s", nr, strerror(errno));
		changed(block, false);
		return;
	}
	done = check_page(page, DEVICE, nr, block->next) == PAGE_GOOD;
	verdict = check_page(page, DEVICE, nr, block->now);
	if (!done && verdict != PAGE_GOOD)
		tell(nr, page, verdict, "after a failed write");
	changed(block, done);
}

static void end_run(struct self *self, unsigned int first, unsigned int nr,
		    bool done)
{
	unsigned int i;

	for (i = first; i < first + nr; i++) {
		if (done)
			changed(&blocks[i], true);
		else
			settle(self, i);
		end(&blocks[i]);
	}
}

void step_write(struct self *self)
{
	unsigned int first, nr, i;
	ssize_t bytes, done;

	first = choose(self);
	nr = begin_run(1 + below(self, MAX_RUN), first);
	if (!nr)
		return;
	for (i = 0; i < nr; i++) {
		struct block *block = &blocks[first + i];

		change(block, make_page(self->buffer + i * page_bytes, DEVICE,
					first + i, ++block->gen));
	}
	bytes = nr * page_bytes;
	done = pwrite(fd, self->buffer, bytes, first * page_bytes);
	if (done < 0 && errno != EIO && errno != ENOMEM)
		bad("writing %u blocks at %u: %s", nr, first, strerror(errno));
	if (done != bytes)
		failed_writes++;
	end_run(self, first, nr, done == bytes);
}

/* Drops blocks, in one way or the other. A discarded block reads as zeroes. */
void step_discard(struct self *self)
{
	unsigned long request = below(self, 2) ? BLKDISCARD : BLKZEROOUT;
	unsigned int first, nr, i;
	uint64_t range[2];
	int error;

	/* Seldom the hot ones, as blocks that are dropped are not written over. */
	first = below(self, below(self, 8) ? nr_blocks : NR_HOT);
	nr = begin_run(1 + below(self, 64), first);
	if (!nr)
		return;
	for (i = first; i < first + nr; i++) {
		blocks[i].gen++;
		/* A page of zeroes of that generation. */
		change(&blocks[i], (blocks[i].gen & 0xff) << 8 | PAGE_ZERO);
	}
	range[0] = first * page_bytes;
	range[1] = nr * page_bytes;
	error = ioctl(fd, request, range);
	if (error)
		bad("discarding %u blocks at %u: %s", nr, first,
		    strerror(errno));
	end_run(self, first, nr, !error);
}

/* --- reading ---------------------------------------------------------------*/

static void check_read(unsigned int nr, const void *page,
		       const struct moment *before)
{
	const struct moment after = look(&blocks[nr]);
	const page_note_t fine[] = {
		after.now, after.next, before->now, before->next
	};
	unsigned int i;

	/* Something may have come and gone meanwhile. */
	if (after.seq - before->seq > 2) {
		overtaken++;
		return;
	}
	for (i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
		if (check_page(page, DEVICE, nr, fine[i]) == PAGE_GOOD)
			return;
	}
	tell(nr, page, check_page(page, DEVICE, nr, after.now),
	     before->seq == after.seq && !(after.seq & 1) ?
	     "nobody writes it" : "it is being written");
}

void step_read(struct self *self)
{
	unsigned int nr = 1 + below(self, MAX_RUN);
	unsigned int first = choose(self);
	struct moment before[MAX_RUN];
	unsigned int i;

	for (i = 0; i < nr; i++)
		before[i] = look(&blocks[first + i]);
	if (pread(fd, self->buffer, nr * page_bytes, first * page_bytes) !=
	    (ssize_t)(nr * page_bytes)) {
		/* A bounce page or a bio may not be to be had. */
		if (errno != ENOMEM)
			bad("%u blocks at %u cannot be read: %s", nr, first,
			    strerror(errno));
		return;
	}
	for (i = 0; i < nr; i++)
		check_read(first + i, self->buffer + i * page_bytes,
			   &before[i]);
}

/* --- beginning and end -----------------------------------------------------*/

void blocks_open(void)
{
	unsigned int i;

	nr_blocks = ((uint64_t)settings.data_mb << 20) / page_bytes;
	blocks = calloc(nr_blocks, sizeof(*blocks));
	fd = open("/dev/zram0", O_RDWR | O_DIRECT | O_CLOEXEC);
	if (!blocks || fd < 0)
		err(2, "/dev/zram0");
	for (i = 0; i < nr_blocks; i++)
		blocks[i].now = PAGE_ZERO;
}

/* Every block, now that nobody changes any. */
void blocks_check(void)
{
	unsigned char *page = aligned_alloc(page_bytes, page_bytes);
	enum page_verdict verdict;
	unsigned int nr;

	for (nr = 0; nr < nr_blocks; nr++) {
		if (pread(fd, page, page_bytes, nr * page_bytes) !=
		    (ssize_t)page_bytes) {
			bad("block %u cannot be read: %s", nr, strerror(errno));
			continue;
		}
		verdict = check_page(page, DEVICE, nr, blocks[nr].now);
		if (verdict != PAGE_GOOD)
			tell(nr, page, verdict, "at the end");
	}
	free(page);
	close(fd);
	printf("%u blocks; %llu failed writes, %llu reads overtaken\n",
	       nr_blocks, (unsigned long long)failed_writes,
	       (unsigned long long)overtaken);
}
