// SPDX-License-Identifier: GPL-2.0
/* corpus: pages of real memory; see corpus.h. */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "corpus.h"
#include "pagegen.h"

#define EXIT_USAGE	2

void corpus_open(struct corpus *corpus, const char *path)
{
	off_t size;

	corpus->fd = open(path, O_RDONLY | O_DIRECT);
	if (corpus->fd < 0 && errno == EINVAL)
		corpus->fd = open(path, O_RDONLY);
	if (corpus->fd < 0)
		err(EXIT_USAGE, "%s", path);
	size = lseek(corpus->fd, 0, SEEK_END);
	if (size < (off_t)CORPUS_CHUNK)
		errx(EXIT_USAGE, "%s: smaller than %u bytes", path,
		     CORPUS_CHUNK);
	corpus->chunks = size / CORPUS_CHUNK;
}

void corpus_reader_init(struct corpus_reader *reader,
			const struct corpus *corpus, uint64_t seed)
{
	reader->corpus = corpus;
	reader->left = 0;
	reader->rnd = seed;
	reader->chunk = aligned_alloc(page_bytes, CORPUS_CHUNK);
	if (!reader->chunk)
		err(EXIT_USAGE, "memory for a chunk");
}

static void read_chunk(struct corpus_reader *reader)
{
	const struct corpus *corpus = reader->corpus;
	off_t start = page_rand(&reader->rnd) % corpus->chunks * CORPUS_CHUNK;
	size_t done = 0;

	while (done < CORPUS_CHUNK) {
		ssize_t n = pread(corpus->fd, reader->chunk + done,
				  CORPUS_CHUNK - done, start + done);

		if (n <= 0)
			err(EXIT_USAGE, "reading the corpus");
		done += n;
	}
	posix_fadvise(corpus->fd, start, CORPUS_CHUNK, POSIX_FADV_DONTNEED);
	reader->left = CORPUS_CHUNK / page_bytes;
}

const void *corpus_page(struct corpus_reader *reader)
{
	const size_t pages = CORPUS_CHUNK / page_bytes;

	if (!reader->left)
		read_chunk(reader);
	reader->left--;
	return reader->chunk + page_rand(&reader->rnd) % pages * page_bytes;
}
