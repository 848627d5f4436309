/* SPDX-License-Identifier: GPL-2.0 */
/*
 * corpus: pages of real memory, read from a file or a disk a chunk at a time
 * and never left in the page cache, so that they take next to no memory.
 */
#ifndef CORPUS_H
#define CORPUS_H

#include <stddef.h>
#include <stdint.h>

#define CORPUS_CHUNK	(1U << 20)

struct corpus {
	int fd;
	uint64_t chunks;
};

/* One reader's chunk; make one for each thread. */
struct corpus_reader {
	const struct corpus *corpus;
	unsigned char *chunk;
	unsigned int left;	/* pages to hand out before the next chunk */
	uint64_t rnd;
};

/* Exits with a message if @path is not a corpus of a chunk or more. */
void corpus_open(struct corpus *corpus, const char *path);

void corpus_reader_init(struct corpus_reader *reader,
			const struct corpus *corpus, uint64_t seed);

/* A pseudo-randomly chosen page, valid until the next call. */
const void *corpus_page(struct corpus_reader *reader);

#endif /* CORPUS_H */
