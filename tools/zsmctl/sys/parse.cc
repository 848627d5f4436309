// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/parse.hh"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

namespace zsmctl {

namespace {

template <class F>
std::vector<std::string_view> split(std::string_view text, F separates)
{
	std::vector<std::string_view> parts;
	const char *at = text.data(), *const end = at + text.size();

	while ((at = std::find_if_not(at, end, separates)) != end) {
		const char *const begin = at;

		at = std::find_if(at, end, separates);
		parts.emplace_back(begin, static_cast<size_t>(at - begin));
	}
	return parts;
}

/* What a suffix multiplies by, as a shift; nothing if it is none. */
std::optional<unsigned> shift_of(std::string_view suffix)
{
	constexpr std::string_view letters = "kmgt";
	std::string low;

	for (const char c : suffix)
		low += static_cast<char>(
			std::tolower(static_cast<unsigned char>(c)));
	if (low.empty() || low == "b")
		return 0;
	const size_t power = letters.find(low.front());

	low.erase(0, 1);
	if (power == letters.npos || (low != "" && low != "b" && low != "ib"))
		return {};
	return 10 * static_cast<unsigned>(power + 1);
}

} /* namespace */

std::optional<uint64_t> parse_number(std::string_view text)
{
	uint64_t n = 0;
	const char *const end = text.data() + text.size();
	const auto result = std::from_chars(text.data(), end, n);

	if (text.empty() || result.ec != std::errc{} || result.ptr != end)
		return {};
	return n;
}

std::optional<uint64_t> parse_size(std::string_view text)
{
	const size_t digits = text.find_first_not_of("0123456789.");
	const std::string_view number = text.substr(0, digits);
	const auto shift = shift_of(digits == text.npos ? std::string_view{}
							: text.substr(digits));
	double value = 0;

	if (!shift || number.empty())
		return {};
	const char *const end = number.data() + number.size();
	const auto result = std::from_chars(number.data(), end, value);

	if (result.ec != std::errc{} || result.ptr != end)
		return {};
	value = std::ldexp(value, static_cast<int>(*shift));
	/* Beyond this a double is no exact number of bytes. */
	if (value > 0x1p53)
		return {};
	return static_cast<uint64_t>(value);
}

std::optional<uint64_t> parse_percent(std::string_view text)
{
	if (text.empty() || text.back() != '%')
		return {};
	const auto n = parse_number(text.substr(0, text.size() - 1));

	return n && *n <= 100 ? n : std::nullopt;
}

std::vector<std::string_view> split_words(std::string_view text)
{
	return split(text,
		     [](char c) { return c == ' ' || c == '\t' || c == '\n'; });
}

std::vector<std::string_view> split_lines(std::string_view text)
{
	return split(text, [](char c) { return c == '\n'; });
}

std::optional<std::vector<uint64_t>> parse_numbers(std::string_view text)
{
	std::vector<uint64_t> numbers;

	for (const std::string_view word : split_words(text)) {
		const auto n = parse_number(word);

		if (!n)
			return {};
		numbers.push_back(*n);
	}
	return numbers;
}

choice parse_choice(std::string_view text)
{
	choice c;

	for (std::string_view word : split_words(text)) {
		const bool selected = word.size() > 2 && word.front() == '[' &&
				      word.back() == ']';

		if (selected) {
			word = word.substr(1, word.size() - 2);
			c.selected = word;
		}
		c.offered.emplace_back(word);
	}
	return c;
}

std::optional<uint64_t> value_of(std::string_view text, std::string_view key)
{
	for (const std::string_view line : split_lines(text)) {
		const auto words = split_words(line);

		if (words.size() >= 2 && words[0] == key)
			return parse_number(words[1]);
	}
	return {};
}

} /* namespace zsmctl */
