/* SPDX-License-Identifier: GPL-2.0 */
/* What is written to knobs: numbers, sizes, arguments. */
#ifndef ZRAM_PARSE_H
#define ZRAM_PARSE_H

#include <linux/types.h>

/**
 * zram_parse_size() - read a size
 * @text: a number in C's notation and one of the suffixes K, M, G, T, P, E in either
 *	case, which B or iB may follow
 * @bytes: receives the size
 *
 * Context: any.
 * Return: 0; -EINVAL if it is none, or does not fit 64 bits.
 */
int zram_parse_size(const char *text, u64 *bytes);

/**
 * zram_parse_type() - read a type of pages
 * @name: idle, huge or huge_idle
 * @flags: receives the flags that such pages have
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int zram_parse_type(const char *name, u64 *flags);

/**
 * struct zram_args - arguments that are being taken apart
 * @copy: the text, which names and values point into
 * @rest: what is left of it
 */
struct zram_args {
	char *copy;
	char *rest;
};

/**
 * zram_args_begin() - take arguments apart
 * @args: receives them
 * @text: arguments, each NAME=VALUE or a word, with blanks between them
 *
 * Context: may sleep.
 * Return: 0, and zram_args_end() is to be called; or -ENOMEM.
 */
int zram_args_begin(struct zram_args *args, const char *text);

/**
 * zram_args_next() - the next argument
 * @args: the arguments
 * @name: receives its name; the caller may change it, until zram_args_end()
 * @value: receives its value, likewise; NULL for a word
 *
 * Context: any.
 * Return: false if there is none.
 */
bool zram_args_next(struct zram_args *args, char **name, char **value);

/* Frees names and values. May sleep. */
void zram_args_end(struct zram_args *args);

#endif /* ZRAM_PARSE_H */
