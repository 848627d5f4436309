/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What the dense LZ coder makes of a unit: four sequences of bytes. */
#ifndef ZSM_W64_HC_LZ_OUTPUT_HH
#define ZSM_W64_HC_LZ_OUTPUT_HH

#include "core/w64/bytes.hh"
#include "core/w64/hc/format.hh"

namespace zsm::w64::hc {

/* Bytes past a multiple of sixteen that literals may be copied to. */
inline constexpr uint32_t literals_room = unit::bytes + 32;

/*
 * Extra bits: eleven of the offset for each four bytes of a unit are the most,
 * as long lengths are of many bytes. They are written in steps of eight bytes.
 */
inline constexpr uint32_t extra_room = unit::bytes / 4 * 11 / 8 + 16;

/*
 * A match, as what comes before it and what it copies. An offset that is that
 * of the match before is not coded; the one before that has a class.
 */
class lz_output {
public:
	W64_INLINE lz_output(uint8_t *tokens, uint8_t *offsets,
			     uint8_t *literals, uint8_t *extra) noexcept
		: token_(tokens),
		  offset_(offsets),
		  literal_(literals),
		  extra_(extra)
	{
	}

	W64_INLINE uint32_t last_offset() const noexcept { return last_; }
	W64_INLINE const uint8_t *tokens_end() const noexcept { return token_; }
	W64_INLINE const uint8_t *offsets_end() const noexcept
	{
		return offset_;
	}
	W64_INLINE const uint8_t *literals_end() const noexcept
	{
		return literal_;
	}
	W64_INLINE const uint8_t *extra_end() const noexcept { return extra_; }

	/*
	 * @nr literals, and a match of @more bytes above lz_min_match. At least
	 * sixteen bytes can be read at @from, and fifteen after the literals.
	 */
	W64_INLINE void sequence(const uint8_t *from, uint32_t nr,
				 uint32_t more, uint32_t offset) noexcept
	{
		copy16(literal_, from);
		if (unlikely(nr > 16))
			copy_steps(literal_ + 16, from + 16, nr - 16);
		match_after(nr, more, offset);
	}

	/* The same, where fewer bytes can be read. */
	W64_INLINE void sequence_near_end(const uint8_t *from, uint32_t nr,
					  uint32_t more,
					  uint32_t offset) noexcept
	{
		copy_bytes(literal_, from, nr);
		match_after(nr, more, offset);
	}

	/* The literals after the last match, and the end. */
	W64_INLINE void finish(const uint8_t *from, const uint8_t *end) noexcept
	{
		for (; end - from >= 16; from += 16, literal_ += 16)
			copy16(literal_, from);
		copy_bytes(literal_, from, static_cast<size_t>(end - from));
		literal_ += end - from;
		store64(extra_, bits_);
		extra_ += nr_bits_ != 0;
	}

private:
	W64_INLINE void bits(uint64_t value, uint32_t nr) noexcept
	{
		bits_ |= value << nr_bits_;
		nr_bits_ += nr;
	}

	/* A length of which @beyond is what its class cannot say. */
	W64_INLINE void long_length(uint32_t beyond, uint32_t whole) noexcept
	{
		if (beyond < length_nibble) {
			bits(beyond, 4);
			return;
		}
		bits(length_nibble, 4);
		bits(whole, whole_length_bits);
	}

	/* @nr literals are in place. */
	W64_INLINE void match_after(uint32_t nr, uint32_t more,
				    uint32_t offset) noexcept
	{
		const uint32_t repeats = offset == last_;
		uint32_t token = repeats * lz_repeat;

		literal_ += nr;
		offset_class(offset, repeats);
		if (likely(nr < long_literals)) {
			token += nr * match_classes;
		} else {
			token += long_literals * match_classes;
			long_length(nr - long_literals, nr);
		}
		if (likely(more < short_long_match)) {
			token += more;
		} else if (more < long_match) {
			token += short_long_match;
			bits(more - short_long_match, 2);
		} else {
			token += short_long_match + 1;
			long_length(more - long_match, more);
		}
		*token_++ = static_cast<uint8_t>(token);
		store64(extra_, bits_);
		extra_ += nr_bits_ >> 3;
		bits_ >>= nr_bits_ & 56;
		nr_bits_ &= 7;
	}

	/* The class is written in any case; it stays if it is needed. */
	W64_INLINE void offset_class(uint32_t offset, uint32_t repeats) noexcept
	{
		const bool aligned = !(offset & 7);
		const uint32_t value = offset >> (aligned ? 3 : 0);
		const auto power =
			static_cast<uint32_t>(31 - __builtin_clz(value));
		uint32_t nr = power;
		uint32_t which =
			(aligned ? first_aligned : first_unaligned) + power;

		if (repeats) {
			nr = 0;
		} else {
			if (offset == before_) {
				which = offset_before;
				nr = 0;
			}
			before_ = last_;
			last_ = offset;
		}
		*offset_ = static_cast<uint8_t>(which);
		offset_ += !repeats;
		bits(value & ((1u << nr) - 1), nr);
	}

	uint8_t *token_;
	uint8_t *offset_;
	uint8_t *literal_;
	uint8_t *extra_;
	uint64_t bits_ = 0;
	uint32_t nr_bits_ = 0;
	uint32_t last_ = first_offset;
	uint32_t before_ = first_offset_before;
};

} /* namespace zsm::w64::hc */

#endif /* ZSM_W64_HC_LZ_OUTPUT_HH */
