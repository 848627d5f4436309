/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What a processor does for the coders: counting, gathering and scattering
 * the bytes of a 64-bit word. The coders are templates over this; whichever
 * they are built with, they give the same bytes.
 *
 * "Marks" are a word with the top bit of some of its bytes set.
 */
#ifndef ZSM_W64_CPU_HH
#define ZSM_W64_CPU_HH

#include "core/w64/bytes.hh"
#include "core/w64/tables.hh"

namespace zsm::w64 {

constexpr uint64_t every_byte = 0x0101010101010101;
constexpr uint64_t every_mark = 0x80 * every_byte;
constexpr uint64_t every_low_nibble = 0x0f * every_byte;

/* A mark on each byte that is not zero. */
W64_INLINE uint64_t mark_nonzero(uint64_t word) noexcept
{
	return (((word & ~every_mark) + ~every_mark) | word) & every_mark;
}

/* Bits set in a word, with arithmetic that every processor has. */
W64_INLINE uint32_t count_bits(uint64_t word) noexcept
{
	word -= word >> 1 & 0x5555555555555555;
	word = (word & 0x3333333333333333) + (word >> 2 & 0x3333333333333333);
	return ((word + (word >> 4)) & every_low_nibble) * every_byte >> 56;
}

struct portable_cpu {
	W64_INLINE static uint32_t count_marks(uint64_t marks) noexcept
	{
		return (marks >> 7) * every_byte >> 56;
	}

	/* Bit i of the mask: the mark of byte i. */
	W64_INLINE static uint32_t mask_of_marks(uint64_t marks) noexcept
	{
		return (marks >> 7) * 0x0102040810204080 >> 56;
	}

	/* The bytes of a word that are in a mask, lowest first. */
	W64_INLINE static uint64_t gather(uint64_t word, uint32_t mask) noexcept
	{
		const mask_runs &runs = tables.runs[mask];

		return (word & tables.spread[runs.low]) >> runs.shift_low |
		       (word & tables.spread[mask ^ runs.low]) >>
			       runs.shift_high;
	}

	/* Bytes put where a tag's mask has them. */
	template <class Tag>
	W64_INLINE static uint64_t scatter(uint64_t bytes,
					   const Tag &tag) noexcept
	{
		return (bytes << tag.shift_low & tag.mask_low) |
		       (bytes << tag.shift_high & (tag.mask ^ tag.mask_low));
	}

	/* @ref with the bytes in the mask replaced. The mask is not bad. */
	W64_INLINE static uint64_t patch(uint64_t ref, uint64_t bytes,
					 uint32_t mask) noexcept
	{
		const mask_runs &runs = tables.runs[mask];
		const uint64_t low = tables.spread[runs.low];
		const uint64_t high = tables.spread[mask ^ runs.low];

		return (ref & ~(low | high)) | (bytes << runs.shift_low & low) |
		       (bytes << runs.shift_high & high);
	}

	/* Bytes in a mask that is not bad. */
	W64_INLINE static uint32_t mask_bytes(uint32_t mask) noexcept
	{
		return tables.runs[mask].bytes;
	}

	/* The low nibbles of eight bytes. */
	W64_INLINE static uint32_t pack_nibbles(uint64_t bytes) noexcept
	{
		bytes = (bytes | bytes >> 4) & 0x00ff00ff00ff00ff;
		bytes = (bytes | bytes >> 8) & 0x0000ffff0000ffff;
		return static_cast<uint32_t>(bytes | bytes >> 16);
	}
};

} /* namespace zsm::w64 */

#endif /* ZSM_W64_CPU_HH */
