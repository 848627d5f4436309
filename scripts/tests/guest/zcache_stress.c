// SPDX-License-Identifier: GPL-2.0
/*
 * zcache_stress - is a cached device coherent, and can a reader change what others read?
 *
 * usage: zcache_stress DEVICE OPERATIONS SEED
 *
 * Two writers write, zero and discard blocks of their own; four readers read what it
 * may be, in pieces of any size; two of the readers have a thread that writes to their
 * buffers all the while. All I/O is direct. Each block carries its number and a version
 * that rises with each write: a read may return any version from the last one that was
 * complete before it began to the last one that had begun when it ended.
 *
 * Ends after so many blocks have been read or written, or at the first that is wrong.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BLOCK 4096u
#define WORDS (BLOCK / 8)
#define SECTOR 512u
#define NR_BLOCKS 2048u
#define MAX_RUN 16u
#define NR_WRITERS 2u
#define NR_READERS 4u
#define NR_SCRIBBLERS 2u

/*
 * What is known of a block: versions count its writes. @zeroed is the version of the
 * last write of zeroes, which a discard is too: this device's disk returns zeroes then.
 */
struct block {
	_Atomic uint64_t done;
	_Atomic uint64_t begun;
	_Atomic uint64_t zeroed;
};

static struct block blocks[NR_BLOCKS];
static _Atomic uint64_t operations;
static _Atomic uint64_t failed_io;
static _Atomic bool stop;
static _Atomic bool wrong;
static uint64_t wanted;
static uint64_t seed;
static int fd;

struct worker {
	pthread_t thread;
	unsigned int index;
	uint64_t random;
	unsigned char *buffer;
};

static uint64_t next_random(struct worker *worker)
{
	/* xorshift64 (Marsaglia, 2003) */
	worker->random ^= worker->random << 13;
	worker->random ^= worker->random >> 7;
	worker->random ^= worker->random << 17;
	return worker->random;
}

static void bad(const char *what, uint64_t block, uint64_t got, uint64_t low,
		uint64_t high)
{
	printf("%s: block %llu has version %llu, should be %llu to %llu\n", what,
	       (unsigned long long)block, (unsigned long long)got,
	       (unsigned long long)low, (unsigned long long)high);
	wrong = true;
	stop = true;
}

/* ---- What a block holds ------------------------------------------------- */

/* One word in eight is like no other, so that a block compresses, but not to nothing. */
static uint64_t word_of(uint64_t block, uint64_t version, unsigned int i)
{
	uint64_t base = block << 32 | version;

	return i % 8 ? base : (base + i) * 0x9e3779b97f4a7c15ull;
}

static void fill(uint64_t *words, uint64_t block, uint64_t version)
{
	unsigned int i;

	for (i = 0; i < WORDS; i++)
		words[i] = word_of(block, version, i);
}

/* The version that words @first to before @end of a block are of; all ones if of none. */
static uint64_t version_of(const uint64_t *words, uint64_t block,
			   unsigned int first, unsigned int end)
{
	uint64_t version = (uint32_t)words[1];
	unsigned int i;

	for (i = 0; i < end - first; i++) {
		if (words[i] != word_of(block, version, first + i))
			return UINT64_MAX;
	}
	return version;
}

static bool all_zero(const uint64_t *words, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (words[i])
			return false;
	}
	return true;
}

/* ---- Writers ------------------------------------------------------------ */

static void failed(const char *what)
{
	/* A disk that fails is part of some runs; it must not lie. */
	if (errno != EIO) {
		perror(what);
		wrong = true;
		stop = true;
	}
	failed_io++;
}

/* Zeroes or discards a block; a disk that does not know how is written to. */
static bool zero_block(uint64_t b, unsigned long request, unsigned char *buffer)
{
	uint64_t range[2] = { b * BLOCK, BLOCK };

	if (!ioctl(fd, request, range))
		return true;
	memset(buffer, 0, BLOCK);
	return pwrite(fd, buffer, BLOCK, b * BLOCK) == BLOCK;
}

static void write_one(struct worker *worker, uint64_t b)
{
	struct block *block = &blocks[b];
	uint64_t version = block->done + 1;
	bool ok;

	block->begun = version;
	if (next_random(worker) % 8) {
		fill((uint64_t *)worker->buffer, b, version);
		ok = pwrite(fd, worker->buffer, BLOCK, b * BLOCK) == BLOCK;
	} else {
		block->zeroed = version;
		ok = zero_block(b, BLKZEROOUT, worker->buffer);
	}
	/* What has failed may have been written, or not: it is tried until it has. */
	while (!ok && !stop) {
		failed("write");
		usleep(1000);
		block->zeroed = version;
		ok = zero_block(b, BLKZEROOUT, worker->buffer);
	}
	if (ok)
		block->done = version;
	operations++;
}

static void *writer(void *arg)
{
	struct worker *worker = arg;

	while (!stop) {
		uint64_t b = next_random(worker) % (NR_BLOCKS / NR_WRITERS) *
				     NR_WRITERS + worker->index;

		write_one(worker, b);
		/* Let blocks live long enough to be cached. */
		if (!(next_random(worker) % 4))
			usleep(next_random(worker) % 2000);
	}
	return NULL;
}

/* ---- Readers ------------------------------------------------------------ */

static void check_piece(const uint64_t *words, uint64_t b, unsigned int first,
			unsigned int end, uint64_t low)
{
	uint64_t high = blocks[b].begun;
	uint64_t version;

	if (all_zero(words, end - first)) {
		uint64_t zeroed = blocks[b].zeroed;

		if (zeroed < low)
			bad("zeroes", b, zeroed, low, high);
		return;
	}
	version = version_of(words, b, first, end);
	if (version < low || version > high)
		bad("stale or corrupt", b, version, low, high);
}

/* Reads sectors @first to before @end; judges them if the buffer is the reader's own. */
static void read_run(struct worker *worker, uint64_t first, uint64_t end, bool own)
{
	uint64_t low[MAX_RUN + 1];
	uint64_t b0 = first * SECTOR / BLOCK;
	uint64_t at = first;
	ssize_t bytes = (end - first) * SECTOR;
	uint64_t b;

	for (b = b0; b * BLOCK < end * SECTOR; b++)
		low[b - b0] = blocks[b].done;
	if (pread(fd, worker->buffer, bytes, first * SECTOR) != bytes) {
		failed("read");
		return;
	}
	while (own && at < end) {
		uint64_t until = (at * SECTOR / BLOCK + 1) * (BLOCK / SECTOR);
		unsigned int from = at % (BLOCK / SECTOR) * (SECTOR / 8);

		if (until > end)
			until = end;
		b = at * SECTOR / BLOCK;
		check_piece((uint64_t *)(worker->buffer + (at - first) * SECTOR), b,
			    from, from + (until - at) * (SECTOR / 8), low[b - b0]);
		at = until;
	}
	operations += b - b0;
}

static void *reader(void *arg)
{
	struct worker *worker = arg;
	bool own = worker->index >= NR_SCRIBBLERS;
	const unsigned int sectors = BLOCK / SECTOR;

	while (!stop && operations < wanted) {
		uint64_t nr = next_random(worker) % 3 ? 1 :
						next_random(worker) % MAX_RUN + 1;
		/* Most of the time of few blocks, so that they are cached. */
		uint64_t b = next_random(worker) %
			     (next_random(worker) % 4 ? NR_BLOCKS / 8 : NR_BLOCKS);
		uint64_t first, end;

		if (b + nr > NR_BLOCKS)
			b = NR_BLOCKS - nr;
		first = b * sectors;
		end = first + nr * sectors;
		if (!(next_random(worker) % 4)) {
			first += next_random(worker) % sectors;
			end -= next_random(worker) % (end - first);
		}
		read_run(worker, first, end, own);
	}
	return NULL;
}

/* Writes to a reader's buffer all the while. */
static void *scribbler(void *arg)
{
	struct worker *worker = arg;
	uint64_t n = 0;

	while (!stop && operations < wanted) {
		memset(worker->buffer + n % MAX_RUN * BLOCK, 0xa5 ^ (int)n, BLOCK);
		n++;
	}
	return NULL;
}

/* ---- All of it ---------------------------------------------------------- */

static void begin(struct worker *worker, unsigned int index, void *(*run)(void *))
{
	worker->index = index;
	if (!worker->buffer && posix_memalign((void **)&worker->buffer, BLOCK,
					      (MAX_RUN + 1) * BLOCK))
		exit(2);
	worker->random = seed + (uintptr_t)run + index * 977 + 1;
	if (pthread_create(&worker->thread, NULL, run, worker))
		exit(2);
}

static void write_all(void)
{
	struct worker worker = { .random = 1 };
	uint64_t b;

	if (posix_memalign((void **)&worker.buffer, BLOCK, BLOCK))
		exit(2);
	for (b = 0; b < NR_BLOCKS; b++)
		write_one(&worker, b);
	free(worker.buffer);
}

int main(int argc, char **argv)
{
	static struct worker writers[NR_WRITERS], readers[NR_READERS];
	static struct worker scribblers[NR_SCRIBBLERS];
	unsigned int i;

	if (argc != 4) {
		fprintf(stderr, "usage: zcache_stress DEVICE OPERATIONS SEED\n");
		return 2;
	}
	fd = open(argv[1], O_RDWR | O_DIRECT);
	if (fd < 0) {
		perror(argv[1]);
		return 2;
	}
	wanted = strtoull(argv[2], NULL, 10);
	seed = strtoull(argv[3], NULL, 10);
	write_all();
	for (i = 0; i < NR_READERS; i++)
		begin(&readers[i], i, reader);
	for (i = 0; i < NR_SCRIBBLERS; i++) {
		scribblers[i].buffer = readers[i].buffer;
		begin(&scribblers[i], i, scribbler);
	}
	for (i = 0; i < NR_WRITERS; i++)
		begin(&writers[i], i, writer);
	for (i = 0; i < NR_READERS; i++)
		pthread_join(readers[i].thread, NULL);
	stop = true;
	for (i = 0; i < NR_WRITERS; i++)
		pthread_join(writers[i].thread, NULL);
	for (i = 0; i < NR_SCRIBBLERS; i++)
		pthread_join(scribblers[i].thread, NULL);
	printf("%llu operations, %llu failed, %s\n", (unsigned long long)operations,
	       (unsigned long long)failed_io, wrong ? "WRONG" : "0 stale");
	return wrong;
}
