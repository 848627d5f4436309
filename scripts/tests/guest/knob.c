// SPDX-License-Identifier: GPL-2.0
/*
 * knob: write a text to a file with one write(2), or read it, and name the error.
 *
 * usage: knob FILE TEXT   prints `ok' or the error's name, such as EINVAL
 *        knob FILE        prints the contents, or the error's name
 *
 * Exit status 0 unless the error has no name or the usage is wrong. A shell
 * cannot do this: its echo reports text, and retries or splits writes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int print_error(void)
{
	const char *name = strerrorname_np(errno);

	if (!name)
		return 1;
	puts(name);
	return 0;
}

static int write_knob(const char *path, const char *text)
{
	size_t len = strlen(text);
	ssize_t n;
	int fd;

	fd = open(path, O_WRONLY);
	if (fd < 0)
		return print_error();
	n = write(fd, text, len);
	if (n < 0)
		return print_error();
	if ((size_t)n == len)
		puts("ok");
	else
		printf("short write: %zd of %zu\n", n, len);
	return 0;
}

static int read_knob(const char *path)
{
	char buf[4096];
	ssize_t n;
	int fd;

	fd = open(path, O_RDONLY);
	if (fd < 0)
		return print_error();
	n = read(fd, buf, sizeof(buf));
	if (n < 0)
		return print_error();
	fwrite(buf, 1, n, stdout);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3)
		return write_knob(argv[1], argv[2]);
	if (argc == 2)
		return read_knob(argv[1]);
	fprintf(stderr, "usage: knob FILE [TEXT]\n");
	return 2;
}
