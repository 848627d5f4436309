/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parts of faults share: faults.c has main() and the devices, faults_nth.c
 * and faults_rate.c a way each of making allocations fail.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <stdint.h>

#include "pagegen.h"

#define EXIT_BAD	1
#define EXIT_USAGE	2

/* Set once something was wrong. */
extern int bad;

/* A page of the machine's size each: what is read, and what is written. */
extern unsigned char *buffer, *wanted;

/*
 * The control knobs, and the device under test: its number, itself if open, or -1; and the
 * kind of pool that every device gets.
 */
struct device {
	int add, remove;
	int id;
	int fd;
	const char *pool;
};

extern struct device dev;

/* Says what is wrong, and goes on. */
void complain(const char *format, ...);

int open_or_die(const char *path, int flags);

/* Writes a text to a file that is open. Returns 0 or an error number. */
int put(int fd, const char *text);

/* Opens a knob of /dev/zram@id. */
int knob_fd(int id, const char *name, int flags);

/* Writes a knob, which must not fail. */
void set_knob(int id, const char *name, const char *text);

/* Sets a device up, which must not fail. */
void set_size(int id, const char *size);

/* Opens a device for direct I/O. */
int open_device(int id);

/* Makes a device; returns its number, or an error number below 0. */
int hot_add(int fd);

/* Removes one; returns 0 or an error number. */
int hot_remove(int fd, int id);

/* Makes block @nr in @page, and its note. */
void make_page(void *page, page_note_t *note, uint64_t nr, unsigned int gen,
	       enum page_kind kind);

/* Move a block between a device and @wanted or @buffer. Return 0 or an error number. */
int write_block(int fd, uint64_t nr);
int read_block(int fd, uint64_t nr);

void run_nth(void);
void run_rate(const char *seconds);

#endif /* FAULTS_H */
