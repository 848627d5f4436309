/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The LZ coder, decoding. */
#ifndef ZSM_W64_LZ_DECODE_HH
#define ZSM_W64_LZ_DECODE_HH

#include "core/w64/bytes.hh"
#include "core/w64/format.hh"

namespace zsm::w64 {

enum class lz_state {
	more,
	done, /* the page is complete */
	bad,
};

/* What a sequence of few literals may read: they are copied as 16 bytes. */
constexpr ptrdiff_t lz_easy_input = 16;
/* What a short match may write: it is copied as 24 bytes. */
constexpr ptrdiff_t lz_easy_match = 24;
constexpr ptrdiff_t lz_easy_output = lz_nibble - 1 + lz_easy_match;

static_assert(lz_nibble - 1 + 2 <= lz_easy_input);
static_assert(lz_nibble - 1 + lz_min_match <= lz_easy_match);

struct lz_cursor {
	const uint8_t *in;
	const uint8_t *const in_end;
	uint8_t *out;
	uint8_t *const page;
	uint8_t *const page_end;

	W64_INLINE bool easy() const noexcept
	{
		return likely(in_end - in >= lz_easy_input) &&
		       likely(page_end - out >= lz_easy_output);
	}

	/* After a sequence, or before the first. */
	W64_INLINE lz_state state() const noexcept
	{
		if (out != page_end)
			return lz_state::more;
		return in == in_end ? lz_state::done : lz_state::bad;
	}

	/* Adds the bytes of a length to its nibble. */
	W64_INLINE bool add_length(size_t &length) noexcept
	{
		uint8_t more;

		do {
			if (unlikely(in >= in_end))
				return false;
			more = *in++;
			length += more;
		} while (more == lz_length_byte);
		return true;
	}

	/* Literals that are not known to be few. */
	W64_INLINE bool literals(size_t nr) noexcept
	{
		const auto room = static_cast<size_t>(page_end - out);
		const auto left = static_cast<size_t>(in_end - in);

		if (unlikely(room < nr || left < nr))
			return false;
		if (likely(room - nr > copy_slack && left - nr > copy_slack))
			copy_steps(out, in, nr);
		else
			copy_bytes(out, in, nr);
		out += nr;
		in += nr;
		return true;
	}

	/* A match that is long or close to its source or to the page's end. */
	W64_INLINE bool match(size_t offset, size_t length) noexcept
	{
		const uint8_t *const from = out - offset;

		if (length == lz_nibble && !add_length(length))
			return false;
		length += lz_min_match;

		const auto room = static_cast<size_t>(page_end - out);

		if (unlikely(room < length))
			return false;
		if (unlikely(room - length <= copy_slack))
			copy_bytes(out, from, length);
		else if (offset >= 8)
			copy_steps(out, from, length);
		else if (offset == 1)
			fill(every_8 * from[0], length);
		else if (offset == 2)
			fill(every_16 * load<uint16_t>(from), length);
		else if (offset == 4)
			fill(every_32 * load<uint32_t>(from), length);
		else
			copy_bytes(out, from, length);
		out += length;
		return true;
	}

	W64_INLINE void fill(uint64_t value, size_t nr) noexcept
	{
		uint8_t *to = out;

		do {
			store64(to, value);
			store64(to + 8, value);
			to += 16;
		} while (to < out + nr);
	}

	/* A sequence after easy(). */
	W64_INLINE lz_state easy_sequence(size_t nr) noexcept
	{
		bool room = true;

		if (likely(nr < lz_nibble)) {
			copy16(out, in);
			out += nr;
			in += nr;
		} else {
			if (unlikely(!add_length(nr) || !literals(nr)))
				return lz_state::bad;
			if (unlikely(out == page_end))
				return state();
			if (unlikely(in_end - in < 2))
				return lz_state::bad;
			room = page_end - out >= lz_easy_match;
		}

		const uint32_t pair = load<uint16_t>(in);
		const size_t offset = pair & lz_max_offset;
		const size_t length = pair >> lz_offset_bits;

		in += 2;
		if (unlikely(offset - 1 >= static_cast<size_t>(out - page)))
			return lz_state::bad;
		if (likely((length < lz_nibble) & (offset >= 8) & room)) {
			copy16(out, out - offset);
			store64(out + 16, load64(out + 16 - offset));
			out += length + lz_min_match;
			return lz_state::more;
		}
		return match(offset, length) ? lz_state::more : lz_state::bad;
	}

	/* A sequence anywhere. */
	W64_INLINE lz_state sequence(size_t nr) noexcept
	{
		if (nr == lz_nibble && !add_length(nr))
			return lz_state::bad;
		if (!literals(nr))
			return lz_state::bad;
		if (out == page_end)
			return state();
		if (in_end - in < 2)
			return lz_state::bad;

		const uint32_t pair = load<uint16_t>(in);
		const size_t offset = pair & lz_max_offset;

		in += 2;
		if (offset - 1 >= static_cast<size_t>(out - page) ||
		    !match(offset, pair >> lz_offset_bits))
			return lz_state::bad;
		return lz_state::more;
	}

private:
	static constexpr uint64_t every_8 = 0x0101010101010101;
	static constexpr uint64_t every_16 = 0x0001000100010001;
	static constexpr uint64_t every_32 = 0x0000000100000001;
};

/* From a sequence on that is too close to an end; @nibbles are left, or 0. */
W64_INLINE bool decode_lz_tail(lz_cursor cursor, uint32_t nibbles,
			       bool second) noexcept
{
	lz_state state = cursor.state();

	while (state == lz_state::more) {
		if (!second) {
			if (cursor.in == cursor.in_end)
				return false;
			nibbles = *cursor.in++;
			state = cursor.sequence(nibbles & 15);
		} else {
			state = cursor.sequence(nibbles >> 4);
		}
		second = !second;
		if (state == lz_state::more)
			state = cursor.state();
	}
	return state == lz_state::done;
}

/**
 * decode_lz() - a page from sequences
 * @from: the sequences
 * @nr: how many bytes
 * @page: the page
 *
 * Return: false if they are not exactly a page.
 */
template <class Page>
W64_INLINE bool decode_lz(const uint8_t *from, size_t nr,
			  uint8_t *page) noexcept
{
	lz_cursor cursor{from, from + nr, page, page, page + Page::bytes};
	uint32_t nibbles = 0;
	lz_state state;

	for (;;) {
		if (unlikely(cursor.in_end - cursor.in < lz_easy_input + 1) ||
		    unlikely(cursor.page_end - cursor.out < lz_easy_output))
			return decode_lz_tail(cursor, nibbles, false);
		nibbles = *cursor.in++;
		state = cursor.easy_sequence(nibbles & 15);
		if (unlikely(state != lz_state::more))
			return state == lz_state::done;
		if (unlikely(!cursor.easy()))
			return decode_lz_tail(cursor, nibbles, true);
		state = cursor.easy_sequence(nibbles >> 4);
		if (unlikely(state != lz_state::more))
			return state == lz_state::done;
	}
}

} /* namespace zsm::w64 */

#endif /* ZSM_W64_LZ_DECODE_HH */
