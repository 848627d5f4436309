/* SPDX-License-Identifier: GPL-2.0 */
/* The forms that the kernel's text files have. */
#ifndef ZSMCTL_SYS_PARSE_HH
#define ZSMCTL_SYS_PARSE_HH

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zsmctl {

/* A decimal number and nothing else. */
std::optional<uint64_t> parse_number(std::string_view text);

/*
 * A number of bytes: `4G', `512MiB', `1.5g', `4096'. K, M, G and T are powers
 * of 1024, as in the kernel.
 */
std::optional<uint64_t> parse_size(std::string_view text);

/* `50%': a share of something, of 0 to 100. */
std::optional<uint64_t> parse_percent(std::string_view text);

/* The words between blanks. */
std::vector<std::string_view> split_words(std::string_view text);
std::vector<std::string_view> split_lines(std::string_view text);

/* All the numbers of a line; nothing if a word of it is none. */
std::optional<std::vector<uint64_t>> parse_numbers(std::string_view text);

/* `lz4 [zstd] lzo': what is offered and what is selected. */
struct choice {
	std::string selected;
	std::vector<std::string> offered;
};
choice parse_choice(std::string_view text);

/*
 * The number behind a key at the beginning of a line, as in /proc/meminfo
 * (`MemFree:  12 kB', in kB) and /proc/vmstat (`pswpin 7').
 */
std::optional<uint64_t> value_of(std::string_view text, std::string_view key);

} /* namespace zsmctl */

#endif /* ZSMCTL_SYS_PARSE_HH */
