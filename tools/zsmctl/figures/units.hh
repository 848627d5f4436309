/* SPDX-License-Identifier: GPL-2.0 */
/* Quantities as people read them. */
#ifndef ZSMCTL_FIGURES_UNITS_HH
#define ZSMCTL_FIGURES_UNITS_HH

#include <cstdint>
#include <string>

namespace zsmctl {

/* `1.4 GiB', `512 KiB', `17 bytes'. Powers of 1024, three digits at the most.
 */
std::string human_bytes(uint64_t bytes);

/* The same in five columns: `1.4G', `512K', `17'. */
std::string short_bytes(uint64_t bytes);

/* So many a second, as short_bytes() has them; `-': none. */
std::string short_rate(double bytes);

/* As the kernel and systemd-zram-generator take it: whole KiB, MiB or GiB,
 * `6G'. */
std::string exact_bytes(uint64_t bytes);

/* `3 days', `5 minutes', `12 seconds': the largest unit that fits, rounded
 * down. */
std::string human_age(uint64_t seconds);

/* `553,120'. */
std::string grouped(uint64_t n);

/* @part of @whole in percent, 0 if @whole is 0. */
double percent(uint64_t part, uint64_t whole);

/*
 * The same as a whole number, so that 100 means all of it, and 0 nothing of it:
 * what is between is never rounded to either.
 */
unsigned whole_percent(uint64_t part, uint64_t whole);

/* `1 page', `2 pages'. */
std::string counted(uint64_t n, const char *noun);

} /* namespace zsmctl */

#endif /* ZSMCTL_FIGURES_UNITS_HH */
