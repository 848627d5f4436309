/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The dense LZ coder, decoding: a unit from its four sequences of bytes. */
#ifndef ZSM_W64_HC_LZ_DECODE_HH
#define ZSM_W64_HC_LZ_DECODE_HH

#include "core/w64/bytes.hh"
#include "core/w64/hc/tables.hh"

namespace zsm::w64::hc {

/* What a decoder of LZ reads. */
struct lz_input {
	const uint8_t *token;
	const uint8_t *tokens_end;
	/* One more can be read. */
	const uint8_t *offset;
	const uint8_t *offsets_end;
	const uint8_t *literal;
	const uint8_t *literals_end;
	/* Eight bytes can be read at extra_end. */
	const uint8_t *extra;
	const uint8_t *extra_end;
};

/*
 * The largest multiple of an offset below 8 that is no more than 8. It stands
 * outside of the class, where each build has its own: they may not share an
 * object.
 */
constexpr uint8_t repeat_steps[8] = {8, 8, 8, 6, 8, 5, 6, 7};

class dense_lz_decoder {
public:
	W64_INLINE dense_lz_decoder(const lz_input &in, uint8_t *page) noexcept
		: in_(in), page_(page), out_(page), end_(page + unit::bytes)
	{
	}

	/* A sequence; there is a token. False if a rule is broken. */
	W64_INLINE bool next() noexcept
	{
		const lz_action &how = dense_lz.actions[*in_.token++];
		uint64_t bits = load64(in_.extra) >> used_;
		const uint32_t offset = take_offset(how.repeat, bits);
		uint32_t literals = how.literals + low(bits, how.literal_bits);

		used_ += how.bits;
		bits >>= how.literal_bits;

		uint32_t length = how.match + low(bits, how.match_bits);

		if (unlikely((literals == escaped_literals) |
			     (length == escaped_match)))
			whole_lengths(how, bits, literals, length);
		in_.extra += used_ >> 3;
		used_ &= 7;
		/* Past the end it stays, for finish() to see. */
		in_.extra = in_.extra > in_.extra_end ? in_.extra_end + 1
						      : in_.extra;
		return copy_literals(literals) && copy_match(offset, length);
	}

	/* The literals that are left are the rest of the unit. */
	W64_INLINE bool finish() noexcept
	{
		const ptrdiff_t left = end_ - out_;

		if (left != in_.literals_end - in_.literal ||
		    in_.offset != in_.offsets_end ||
		    in_.extra + (used_ != 0) != in_.extra_end)
			return false;
		copy_bytes(out_, in_.literal, static_cast<size_t>(left));
		return true;
	}

private:
	/* Lengths that stand for one in twelve extra bits. */
	static constexpr uint32_t escaped_literals =
		long_literals + length_nibble;
	static constexpr uint32_t escaped_match =
		lz_min_match + long_match + length_nibble;
	/* The most that is copied without a look at the length. */
	static constexpr uint32_t easy_literals = 16;
	static constexpr uint32_t easy_match = 24;

	W64_INLINE static uint32_t low(uint64_t bits, uint32_t nr) noexcept
	{
		return static_cast<uint32_t>(bits) & ((1u << nr) - 1);
	}

	/*
	 * The offset of a match, and the bits it takes of @bits. A repeated one
	 * takes no class, and is found as if its class were 0.
	 */
	W64_INLINE uint32_t take_offset(uint32_t repeat,
					uint64_t &bits) noexcept
	{
		const uint32_t fresh = opaque(repeat - 1u);
		const uint32_t which =
			*in_.offset & fresh & (nr_offset_classes - 1);
		const offset_action &how = dense_lz.offsets[which];
		uint32_t offset = how.base + (low(bits, how.bits) << how.shift);

		in_.offset += fresh & 1;
		bits >>= how.bits;
		used_ += how.bits;
		offset = which == offset_before ? before_ : offset;
		before_ = which ? last_ : before_;
		offset = which ? offset : last_;
		last_ = offset;
		return offset;
	}

	W64_INLINE void whole_lengths(const lz_action &how, uint64_t bits,
				      uint32_t &literals,
				      uint32_t &length) noexcept
	{
		if (literals == escaped_literals) {
			literals = low(bits, whole_length_bits);
			bits >>= whole_length_bits;
			used_ += whole_length_bits;
			length = how.match + low(bits, how.match_bits);
		}
		if (length == escaped_match) {
			bits >>= how.match_bits;
			length = lz_min_match + low(bits, whole_length_bits);
			used_ += whole_length_bits;
		}
	}

	W64_INLINE bool copy_literals(uint32_t nr) noexcept
	{
		const auto room = static_cast<size_t>(end_ - out_);
		const auto left =
			static_cast<size_t>(in_.literals_end - in_.literal);

		if (likely((nr <= easy_literals) & (room >= easy_room) &
			   (left >= easy_literals))) {
			copy16(out_, in_.literal);
		} else {
			if (unlikely(room < nr || left < nr))
				return false;
			if (room - nr > copy_slack && left - nr > copy_slack)
				copy_steps(out_, in_.literal, nr);
			else
				copy_bytes(out_, in_.literal, nr);
		}
		out_ += nr;
		in_.literal += nr;
		return true;
	}

	W64_INLINE bool copy_match(uint32_t offset, uint32_t length) noexcept
	{
		const uint8_t *const from = out_ - offset;
		const auto room = static_cast<size_t>(end_ - out_);

		if (unlikely(offset - 1u >=
			     static_cast<uint32_t>(out_ - page_)))
			return false;
		if (likely((length <= easy_match) & (offset >= 8) &
			   (room >= easy_match))) {
			copy16(out_, from);
			store64(out_ + 16, load64(from + 16));
		} else {
			if (unlikely(room < length))
				return false;
			if (room - length <= copy_slack)
				copy_bytes(out_, from, length);
			else if (offset >= 8)
				copy_steps(out_, from, length);
			else
				repeat(from, offset, length);
		}
		out_ += length;
		return true;
	}

	/* A pattern of fewer than eight bytes, in steps of a multiple of it. */
	W64_INLINE void repeat(const uint8_t *from, uint32_t offset,
			       uint32_t length) noexcept
	{
		uint64_t pattern = load64(from) & ~(~uint64_t{0} << 8 * offset);
		const uint32_t step = repeat_steps[offset];

		for (uint32_t have = offset; have < 8; have *= 2)
			pattern |= pattern << 8 * have;
		for (uint32_t i = 0; i < length; i += step)
			store64(out_ + i, pattern);
	}

	/* What few literals and a short match may write. */
	static constexpr uint32_t easy_room = easy_literals + easy_match;

	lz_input in_;
	uint32_t used_ = 0; /* bits of the byte at in_.extra */
	uint32_t last_ = first_offset;
	uint32_t before_ = first_offset_before;
	uint8_t *const page_;
	uint8_t *out_;
	uint8_t *const end_;
};

/**
 * decode_lz() - a unit from sequences
 * @in: what there is; the tokens, offset classes and bytes may be anything
 * @page: the unit
 *
 * Return: false if they are not exactly a unit.
 */
W64_INLINE bool decode_lz(const lz_input &in, uint8_t *page) noexcept
{
	dense_lz_decoder to(in, page);

	for (uint32_t left = static_cast<uint32_t>(in.tokens_end - in.token);
	     left; left--) {
		if (unlikely(!to.next()))
			return false;
	}
	return to.finish();
}

} /* namespace zsm::w64::hc */

#endif /* ZSM_W64_HC_LZ_DECODE_HH */
