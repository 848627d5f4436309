// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/tests/w64/pages.hh"

#include <cstring>
#include <string_view>

namespace w64_pages {
namespace {

constexpr size_t nr_words = W64_PAGE_BYTES / 8;

constexpr std::string_view vocabulary[] = {
	"page", "of ",   "the ",    "memory\n", "swap",    " and",
	"0x",   "{\n\t", "return ", ";\n",      "struct ", "ing ",
	"tion", ", ",    "e",       "s ",       "int ",
};

/*
 * A number below @limit, or one time in @one_in below @seldom. Where two
 * numbers are drawn in one expression, compilers differ in which comes first.
 */
size_t below(random &from, size_t limit, unsigned int one_in, size_t seldom)
{
	const bool rare = from() % one_in == 0;

	return from() % (rare ? seldom : limit);
}

void fill_random(page &p, random &from)
{
	for (size_t i = 0; i < nr_words; i++)
		p.set_word(i, from());
}

void fill_text(page &p, random &from, size_t start)
{
	for (size_t at = start; at < W64_PAGE_BYTES;) {
		for (char c : vocabulary[from() % std::size(vocabulary)]) {
			if (at < W64_PAGE_BYTES)
				p.bytes[at++] = static_cast<uint8_t>(c);
		}
	}
}

/* Records of @size words, each word near the one of the record before. */
void fill_records(page &p, random &from, size_t size, unsigned int noise)
{
	std::array<uint64_t, 64> record;

	for (size_t i = 0; i < size; i++)
		record[i] = from() % 3 ? 0x00007f0000000000 | from() >> 24
				       : from() >> (from() % 64);
	for (size_t i = 0; i < nr_words; i++) {
		uint64_t &word = record[i % size];

		p.set_word(i, word);
		if (from() % 100 < noise)
			word ^= (from() & 0xffff) << (8 * (from() % 8));
		else
			word += from() % 3 * 16;
	}
}

/* Every mask a word can differ by, at every lag. */
void fill_masks(page &p, random &from)
{
	p.set_word(0, from());
	for (size_t i = 1; i < nr_words; i++) {
		const uint64_t mask = from() % 256;
		const size_t reach = i < 300 ? i : 300;
		uint64_t word = from() % 8 ? p.word(i - 1 - from() % reach) : 0;

		for (unsigned int byte = 0; byte < 8; byte++) {
			if (mask >> byte & 1)
				word ^= (1 + from() % 255) << (8 * byte);
		}
		p.set_word(i, word);
	}
}

void fill_runs(page &p, random &from)
{
	for (size_t at = 0; at < W64_PAGE_BYTES;) {
		const size_t period = 1 + from() % 9;
		size_t length = 1 + below(from, 40, 16, 900);

		for (size_t i = 0; length-- && at < W64_PAGE_BYTES; i++, at++)
			p.bytes[at] = i < period || at < period
					      ? static_cast<uint8_t>(from())
					      : p.bytes[at - period];
	}
}

/* Copies from earlier in the page, of lengths around those that matter. */
void fill_matches(page &p, random &from)
{
	for (size_t at = 0; at < W64_PAGE_BYTES;) {
		size_t literals = below(from, 18, 8, 300);
		size_t length = 3 + below(from, 20, 8, 600);

		while (literals-- && at < W64_PAGE_BYTES)
			p.bytes[at++] = static_cast<uint8_t>(from());
		if (!at)
			continue;

		const size_t reach = at < 5000 ? at : 5000;
		const size_t offset = from() % 4 ? 1 + from() % reach
						 : 1 + from() % 9 % reach;

		while (length-- && at < W64_PAGE_BYTES) {
			p.bytes[at] = p.bytes[at - offset];
			at++;
		}
	}
}

page repeat_bytes(const uint8_t *data, size_t size)
{
	page p;

	for (size_t i = 0; size && i < W64_PAGE_BYTES; i++)
		p.bytes[i] = data[i % size];
	return p;
}

/* Each three bytes: a lag, a mask, and what the bytes in it are changed by. */
page words_from(const uint8_t *data, size_t size)
{
	page p;
	size_t at = 0;
	const auto next = [&] { return size ? data[at++ % size] : uint8_t{0}; };

	for (size_t i = 0; i < W64_PAGE_BYTES / 8; i++) {
		const size_t lag = next() + size_t{1};
		const unsigned int mask = next();
		const uint64_t change = next() + i / (size / 3 + 1);
		uint64_t word = lag <= i ? p.word(i - lag) : 0;

		for (unsigned int byte = 0; byte < 8; byte++) {
			if (mask >> byte & 1)
				word ^= ((change + byte) & 0xff) << (8 * byte);
		}
		p.set_word(i, word);
	}
	return p;
}

} /* namespace */

uint64_t page::word(size_t i) const
{
	uint64_t value;

	memcpy(&value, &bytes[8 * i], 8);
	return value;
}

void page::set_word(size_t i, uint64_t value)
{
	memcpy(&bytes[8 * i], &value, 8);
}

page make(unsigned int kind, random &from)
{
	page p;

	switch (kind) {
	case 0: /* zeroes */
		break;
	case 1:
		p.bytes.fill(static_cast<uint8_t>(from()));
		break;
	case 2: /* one word */
		for (size_t i = 0, value = from(); i < nr_words; i++)
			p.set_word(i, value);
		break;
	case 3: /* a few words that are not zero */
		for (size_t i = from() % 20; i-- > 0;) {
			const size_t at = from() % nr_words;

			p.set_word(at, from());
		}
		break;
	case 4:
		fill_random(p, from);
		break;
	case 5: /* so much of it that it is just worth it, or just not */
		fill_random(p, from);
		for (size_t i = from() % (W64_PAGE_BYTES / 12); i-- > 0;)
			p.bytes[W64_PAGE_BYTES - 1 - i] = 0;
		break;
	case 6:
		fill_text(p, from, 0);
		break;
	case 7: /* records, then text */
		fill_records(p, from, 1 + from() % 8, 10);
		fill_text(p, from, from() % W64_PAGE_BYTES);
		break;
	case 8: {
		const size_t size = 1 + from() % 40;

		fill_records(p, from, size, from() % 100);
		break;
	}
	case 9:
		fill_masks(p, from);
		break;
	case 10: /* pointers */
		for (size_t i = 0; i < nr_words; i++)
			p.set_word(i, 0x000055d0c0000000 + from() % 4096 * 16);
		break;
	case 11: /* floating-point numbers */
		for (size_t i = 0; i < nr_words; i++) {
			const double value =
				static_cast<double>(from() % 1000) / 8;
			uint64_t word;

			memcpy(&word, &value, 8);
			p.set_word(i, word);
		}
		break;
	case 12:
		fill_runs(p, from);
		break;
	default:
		fill_matches(p, from);
		break;
	}
	return p;
}

void disturb(page &p, random &from)
{
	for (size_t nr = from() % 8; nr-- > 0;) {
		const size_t at = from() % W64_PAGE_BYTES;

		p.bytes[at] = static_cast<uint8_t>(from());
	}
}

page from_bytes(const uint8_t *data, size_t size)
{
	if (!size)
		return {};
	return data[0] & 1 ? words_from(data + 1, size - 1)
			   : repeat_bytes(data + 1, size - 1);
}

} /* namespace w64_pages */
