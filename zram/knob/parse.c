// SPDX-License-Identifier: GPL-2.0
/* What is written to knobs: numbers, sizes, arguments. */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "core/zram/slot.h"
#include "zram/knob/parse.h"

/* How many characters belong to a number in C's notation. */
static size_t number_len(const char *text)
{
	bool hex = text[0] == '0' && tolower(text[1]) == 'x';
	size_t len = hex ? 2 : 0;

	/* "E" is a digit in hexadecimal only, else a suffix. */
	while (hex ? isxdigit(text[len]) : isdigit(text[len]))
		len++;
	return len;
}

/* Whether nothing follows a number and its suffix but B, or iB after a suffix. */
static bool is_unit_end(const char *text, bool suffix)
{
	if (suffix && tolower(text[0]) == 'i' && tolower(text[1]) == 'b')
		text += 2;
	else if (tolower(text[0]) == 'b')
		text++;
	return !*skip_spaces(text);
}

int zram_parse_size(const char *text, u64 *bytes)
{
	static const char suffixes[] = "kmgtpe";
	const char *suffix;
	char number[24];
	u32 shift = 0;
	size_t len;
	u64 value;

	text = skip_spaces(text);
	len = number_len(text);
	if (!len || len >= sizeof(number))
		return -EINVAL;
	memcpy(number, text, len);
	number[len] = '\0';
	if (kstrtou64(number, 0, &value))
		return -EINVAL;

	text += len;
	suffix = *text ? strchr(suffixes, tolower(*text)) : NULL;
	if (suffix) {
		shift = 10 * (suffix - suffixes + 1);
		text++;
	}
	if (value > U64_MAX >> shift || !is_unit_end(text, suffix))
		return -EINVAL;
	*bytes = value << shift;
	return 0;
}

int zram_parse_type(const char *name, u64 *flags)
{
	if (!strcmp(name, "idle"))
		*flags = ZRAM_SLOT_IDLE;
	else if (!strcmp(name, "huge"))
		*flags = ZRAM_SLOT_HUGE;
	else if (!strcmp(name, "huge_idle"))
		*flags = ZRAM_SLOT_HUGE | ZRAM_SLOT_IDLE;
	else
		return -EINVAL;
	return 0;
}

int zram_args_begin(struct zram_args *args, const char *text)
{
	args->copy = kstrdup(text, GFP_KERNEL);
	if (!args->copy)
		return -ENOMEM;
	args->rest = strim(args->copy);
	return 0;
}

bool zram_args_next(struct zram_args *args, char **name, char **value)
{
	if (!*args->rest)
		return false;
	args->rest = next_arg(args->rest, name, value);
	return true;
}

void zram_args_end(struct zram_args *args)
{
	kfree(args->copy);
}
