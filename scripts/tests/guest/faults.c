// SPDX-License-Identifier: GPL-2.0
/*
 * faults: use zram devices while allocations fail. The debug kernel's failslab and
 * fail_page_alloc do that: to the n-th allocation of this task, or to some in a
 * hundred of those of tasks that ask for it.
 *
 * What is acknowledged has to be there; what is refused has to leave things as they
 * were, and to work once there is memory.
 *
 * Exit status: 0 all is well, 1 something was wrong, 2 bad usage or set-up.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"

int bad;
unsigned char *buffer, *wanted;
struct device dev = { .fd = -1 };

void complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("WRONG: ");
	vprintf(format, args);
	printf("\n");
	va_end(args);
	bad = 1;
}

/* --- files ---------------------------------------------------------------- */

int open_or_die(const char *path, int flags)
{
	int fd = open(path, flags);

	if (fd < 0)
		err(EXIT_USAGE, "%s", path);
	return fd;
}

int put(int fd, const char *text)
{
	return pwrite(fd, text, strlen(text), 0) < 0 ? errno : 0;
}

int knob_fd(int id, const char *name, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/block/zram%d/%s", id, name);
	return open_or_die(path, flags);
}

void set_knob(int id, const char *name, const char *text)
{
	int fd = knob_fd(id, name, O_WRONLY), error = put(fd, text);

	if (error)
		complain("%s of zram%d: %s", name, id, strerror(error));
	close(fd);
}

void set_size(int id, const char *size)
{
	set_knob(id, "pool", dev.pool);
	set_knob(id, "disksize", size);
}

int open_device(int id)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/zram%d", id);
	return open_or_die(path, O_RDWR | O_DIRECT);
}

int hot_add(int fd)
{
	char buf[16];
	ssize_t n = pread(fd, buf, sizeof(buf) - 1, 0);

	if (n < 0)
		return -errno;
	buf[n] = '\0';
	return atoi(buf);
}

int hot_remove(int fd, int id)
{
	char buf[16];

	snprintf(buf, sizeof(buf), "%d", id);
	return put(fd, buf);
}

/* --- blocks --------------------------------------------------------------- */

void make_page(void *page, page_note_t *note, uint64_t nr, unsigned int gen,
	       enum page_kind kind)
{
	size_t i;

	/* A page of text, of a size that depends on the generation. */
	for (i = 0; i < page_bytes; i++)
		((char *)page)[i] = i < gen * 613 % page_bytes ?
			"etaoin shrdlu"[page_mix(gen + i) % 13] : '.';
	*note = page_make(page, nr, gen, kind, NULL, 1);
}

int write_block(int fd, uint64_t nr)
{
	ssize_t n = pwrite(fd, wanted, page_bytes, nr * page_bytes);

	return n == (ssize_t)page_bytes ? 0 : n < 0 ? errno : EIO;
}

int read_block(int fd, uint64_t nr)
{
	ssize_t n;

	memset(buffer, 0xee, page_bytes);
	n = pread(fd, buffer, page_bytes, nr * page_bytes);
	return n == (ssize_t)page_bytes ? 0 : n < 0 ? errno : EIO;
}

int main(int argc, char **argv)
{
	if (argc < 3 || (strcmp(argv[2], "nth") && (strcmp(argv[2], "rate") || argc < 4)))
		errx(EXIT_USAGE, "usage: faults POOL nth | faults POOL rate SECONDS");
	dev.pool = argv[1];
	page_bytes = sysconf(_SC_PAGESIZE);
	buffer = aligned_alloc(page_bytes, page_bytes);
	wanted = aligned_alloc(page_bytes, page_bytes);
	if (!buffer || !wanted)
		err(EXIT_USAGE, "memory");
	dev.add = open_or_die("/sys/class/zram-control/hot_add", O_RDONLY);
	dev.remove = open_or_die("/sys/class/zram-control/hot_remove", O_WRONLY);
	if (!strcmp(argv[2], "nth"))
		run_nth();
	else
		run_rate(argv[3]);
	return bad ? EXIT_BAD : 0;
}
