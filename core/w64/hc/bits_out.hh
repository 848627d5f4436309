/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Writing the eight streams of codes. They lie in four regions, one after the
 * other: stream k from region k's start upwards, stream k + 4 from its end
 * downwards. Symbol i of a sequence is in stream i mod 8. Codes begin with
 * their highest bit, and fill a byte of an upward stream from its highest bit,
 * as they do the bytes of a downward stream, of which the highest comes first.
 *
 * Nothing is known here of what the symbols mean.
 */
#ifndef ZSM_W64_HC_BITS_OUT_HH
#define ZSM_W64_HC_BITS_OUT_HH

#include "core/w64/bytes.hh"
#include "core/w64/hc/tables.hh"

namespace zsm::w64::hc {

struct symbols {
	const uint8_t *at;
	uint32_t nr;
	const uint16_t *codes;
};

/* What a block's streams carry, in this order; any but the tokens may be none.
 */
struct symbol_parts {
	symbols tokens;
	symbols offsets;
	symbols bytes;
};

/*
 * The most that one stream takes: its share of as many tokens and offsets as
 * there can be, and of a unit of literals.
 */
inline constexpr uint32_t stream_room =
	(max_tokens / nr_streams * (max_code_bits + max_offset_code_bits) +
	 unit::bytes / nr_streams * max_code_bits) /
		8 +
	16;

enum class direction { up, down };

/*
 * A stream being written. Five codes are taken between flushes: with what is
 * left of the last byte, 57 bits. @sum_ adds whole table entries, of which the
 * lowest six bits are lengths; these never overflow, and shifts ignore what is
 * above them.
 */
template <direction Way>
class bit_writer {
public:
	W64_INLINE explicit bit_writer(uint8_t *to) noexcept : at_(to) {}

	/* Symbols @first, @first + 8, ... of @part. */
	W64_INLINE void put(const symbols &part, uint32_t first) noexcept
	{
		constexpr uint32_t step = 5 * nr_streams;
		const uint8_t *symbol = part.at + first;
		const uint8_t *const end = part.at + part.nr;

		for (; end - symbol >= static_cast<ptrdiff_t>(step);
		     symbol += step) {
			code(part.codes[symbol[0 * nr_streams]]);
			code(part.codes[symbol[1 * nr_streams]]);
			code(part.codes[symbol[2 * nr_streams]]);
			code(part.codes[symbol[3 * nr_streams]]);
			code(part.codes[symbol[4 * nr_streams]]);
			flush();
		}
		for (; symbol < end; symbol += nr_streams)
			code(part.codes[*symbol]);
		flush();
	}

	/* The end of the stream, a byte that is begun included. */
	W64_INLINE uint8_t *end() const noexcept
	{
		const bool begun = sum_ != 0;

		return Way == direction::up ? at_ + begun : at_ - begun;
	}

private:
	W64_INLINE void code(uint32_t entry) noexcept
	{
		bits_ = bits_ << (entry & 63) | entry >> code_shift;
		sum_ += entry;
	}

	W64_INLINE void flush() noexcept
	{
		const uint32_t nr = sum_ & 63;
		const uint64_t high = bits_ << (-nr & 63);

		if constexpr (Way == direction::up) {
			store64(at_, __builtin_bswap64(high));
			at_ += nr >> 3;
		} else {
			store64(at_ - 8, high);
			at_ -= nr >> 3;
		}
		sum_ = nr & 7;
	}

	uint8_t *at_;
	uint64_t bits_ = 0;
	uint32_t sum_ = 0;
};

template <direction Way>
W64_NOINLINE uint8_t *write_stream(uint8_t *to, const symbol_parts &parts,
				   uint32_t first) noexcept
{
	bit_writer<Way> out(to);

	out.put(parts.tokens, first);
	if (parts.offsets.nr)
		out.put(parts.offsets, first);
	if (parts.bytes.nr)
		out.put(parts.bytes, first);
	return out.end();
}

/* No byte of stream 4 is before this byte of the block. */
inline constexpr uint32_t first_down = 9;

/* What may be written past the end of the regions. */
inline constexpr uint32_t regions_slack = 16;

/**
 * write_regions() - write all streams
 * @to: where; nothing is checked but by what symbols there can be
 * @before: bytes of the block before @to
 * @parts: what they carry. The numbers of tokens and of offsets are multiples
 *	of eight.
 * @scratch: stream_room bytes and eight before them
 * @sizes: receives the sizes of all regions but the last
 *
 * Return: the end of the regions, or null if one does not fit its size's field.
 */
W64_INLINE uint8_t *write_regions(uint8_t *to, uint32_t before,
				  const symbol_parts &parts, uint8_t *scratch,
				  uint32_t *sizes) noexcept
{
	uint8_t *const scratch_end = scratch + stream_room;
	uint32_t all_bits = 0;

	for (uint32_t k = 0; k < nr_regions; k++) {
		uint8_t *at = write_stream<direction::up>(to, parts, k);
		const uint8_t *down = write_stream<direction::down>(
			scratch_end, parts, k + nr_regions);
		const auto nr = static_cast<uint32_t>(scratch_end - down);

		/* A decoder loads eight bytes from below a stream's end. */
		if (k == 0 && before + (at - to) < first_down)
			at = to + first_down - before;
		copy_steps(at, down, nr);
		at += nr;
		if (k < nr_regions - 1) {
			sizes[k] = static_cast<uint32_t>(at - to);
			all_bits |= sizes[k];
		}
		to = at;
	}
	return all_bits > max_region ? nullptr : to;
}

} /* namespace zsm::w64::hc */

#endif /* ZSM_W64_HC_BITS_OUT_HH */
