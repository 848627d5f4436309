// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/tests/w64/reference.hh"

#include <array>
#include <bit>
#include <exception>

namespace w64_reference {
namespace {

using bytes = std::vector<uint8_t>;

struct broken_rule : std::exception {};

void require(bool rule)
{
	if (!rule)
		throw broken_rule();
}

/* Bytes that are taken from the front, and never more than there are. */
class input {
public:
	input(const uint8_t *from, size_t nr) : from_(from), left_(nr) {}

	size_t left() const { return left_; }

	uint8_t u8()
	{
		require(left_ > 0);
		left_--;
		return *from_++;
	}

	uint64_t number(unsigned int nr_bytes)
	{
		uint64_t value = 0;

		for (unsigned int i = 0; i < nr_bytes; i++)
			value |= uint64_t{u8()} << (8 * i);
		return value;
	}

	/* The last @nr bytes, which are no longer this input's. */
	input split_end(size_t nr)
	{
		require(nr <= left_);
		left_ -= nr;
		return {from_ + left_, nr};
	}

private:
	const uint8_t *from_;
	size_t left_;
};

/* ---- Words -------------------------------------------------------------- */

enum class ref { zero, last, previous, fresh };

constexpr int in_payload = -1;

struct meaning {
	ref with;
	int mask;
};

constexpr std::array<meaning, 16> meanings = {{
	{ref::last, 0x00},
	{ref::zero, 0x00},
	{ref::last, 0xff},
	{ref::last, 0x03},
	{ref::last, 0x01},
	{ref::last, 0x10},
	{ref::last, 0x07},
	{ref::last, 0x0f},
	{ref::last, 0x7f},
	{ref::previous, 0x03},
	{ref::fresh, 0x00},
	{ref::fresh, 0x03},
	{ref::zero, in_payload},
	{ref::last, in_payload},
	{ref::previous, in_payload},
	{ref::fresh, in_payload},
}};

bool has_two_runs_at_most(unsigned int mask)
{
	unsigned int runs = 0;

	for (unsigned int i = 0; i < 8; i++)
		runs += (mask >> i & 1) && (i == 0 || !(mask >> (i - 1) & 1));
	return runs <= 2;
}

class word_decoder {
public:
	word_decoder(input payload, bytes &page)
		: payload_(payload), page_(page)
	{
	}

	void word(size_t number, unsigned int tag)
	{
		const meaning &m = meanings[tag];

		if (number == 0)
			require(m.with == ref::zero);
		if (m.with == ref::fresh) {
			const size_t lag = payload_.u8() + size_t{1};

			require(lag <= number);
			previous_ = last_;
			last_ = lag;
		} else if (m.with == ref::previous) {
			std::swap(last_, previous_);
		}

		const unsigned int mask =
			m.mask == in_payload
				? payload_.u8()
				: static_cast<unsigned int>(m.mask);

		require(has_two_runs_at_most(mask));
		for (size_t i = 0; i < 8; i++) {
			uint8_t value = 0;

			if (mask >> i & 1)
				value = payload_.u8();
			else if (m.with != ref::zero)
				value = page_.at((number - last_) * 8 + i);
			page_.at(number * 8 + i) = value;
		}
	}

	void end() const { require(payload_.left() == 0); }

private:
	input payload_;
	bytes &page_;
	size_t last_ = 1;
	size_t previous_ = 1;
};

void decode_words(input body, bytes &page)
{
	const size_t nr_groups = page.size() / 64;
	std::vector<bool> present;
	size_t nr_present = 0;

	for (size_t i = 0; i < nr_groups / 64; i++) {
		const uint64_t map = body.number(8);

		for (unsigned int bit = 0; bit < 64; bit++) {
			present.push_back(map >> bit & 1);
			nr_present += map >> bit & 1;
		}
	}
	require(present[0]);

	input tags = body.split_end(4 * nr_present);
	word_decoder decoder(body, page);

	for (size_t group = 0; group < nr_groups; group++) {
		uint64_t eight = present[group] ? tags.number(4) : 0;

		for (size_t i = 0; i < 8; i++) {
			decoder.word(8 * group + i, eight & 15);
			eight >>= 4;
		}
	}
	decoder.end();
}

/* ---- LZ ----------------------------------------------------------------- */

size_t length(input &body, size_t nibble)
{
	size_t value = nibble;
	uint8_t more = 255;

	while (nibble == 15 && more == 255) {
		more = body.u8();
		value += more;
	}
	return value;
}

void decode_lz(input body, bytes &page)
{
	const size_t page_bytes = page.size();
	uint8_t nibbles = 0;

	page.clear();
	for (unsigned int nr = 0; page.size() < page_bytes; nr++) {
		if (nr % 2 == 0)
			nibbles = body.u8();

		size_t left =
			length(body, nr % 2 ? nibbles >> 4 : nibbles & 15);

		require(page.size() + left <= page_bytes);
		while (left--)
			page.push_back(body.u8());
		if (page.size() == page_bytes)
			break;

		const uint64_t match = body.number(2);
		const size_t offset = match & 0xfff;

		require(offset >= 1 && offset <= page.size());
		left = length(body, match >> 12) + 4;
		require(page.size() + left <= page_bytes);
		while (left--)
			page.push_back(page[page.size() - offset]);
	}
	require(body.left() == 0);
}

} /* namespace */

std::optional<bytes> decode(const uint8_t *block, size_t nr, size_t page_bytes)
{
	const auto shift =
		static_cast<unsigned int>(std::countr_zero(page_bytes));

	try {
		bytes page(page_bytes);
		input all(block, nr);

		require(nr < page_bytes);

		const uint8_t header = all.u8();

		require(header >> 6 == 0);
		require((header >> 3 & 7) == shift - 12);
		switch (header & 7) {
		case 0:
			decode_words(all, page);
			break;
		case 1:
			decode_lz(all, page);
			break;
		default:
			throw broken_rule();
		}
		return page;
	} catch (const broken_rule &) {
		return {};
	}
}

} /* namespace w64_reference */
