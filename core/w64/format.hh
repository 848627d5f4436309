/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The numbers of the block format. Documentation/w64.rst is the format; what
 * stands here is what an encoder and a decoder share.
 */
#ifndef ZSM_W64_FORMAT_HH
#define ZSM_W64_FORMAT_HH

#include <cstdint>

namespace zsm::w64 {

/* A page of 2^Shift bytes, as its coders see it. */
template <unsigned Shift>
struct page_of {
	static_assert(Shift >= 12 && Shift <= 16);

	static constexpr uint32_t shift = Shift;
	static constexpr uint32_t bytes = 1u << Shift;
	static constexpr uint32_t words = bytes / 8;
	/* Eight words, which have a u32 of tags if they need one. */
	static constexpr uint32_t groups = words / 8;
	/* 64-bit maps of the groups that do. */
	static constexpr uint32_t maps = groups / 64;
	/* A block that would be larger than this is not worth its decoding. */
	static constexpr uint32_t worth = bytes - 3 * bytes / 64;
};

/* ---- Header byte: version << 6 | (page shift - 12) << 3 | coder --------- */

inline constexpr uint8_t format_version = 0;

enum class coder : uint8_t {
	words,
	lz,
	/* Those of w64hc, see hc/format.hh: the last is of larger pages. */
	dense_words,
	dense_lz,
	units,
};

/* 5 to 7 are left for coders to come. */

template <class Page>
constexpr uint8_t header(coder which) noexcept
{
	return static_cast<uint8_t>(format_version << 6 |
				    (Page::shift - 12) << 3 |
				    static_cast<uint8_t>(which));
}

/* ---- Words -------------------------------------------------------------- */

/*
 * A word's tag: what it is compared with, and a mask that says which of its
 * bytes differ. Those below nr_near are the word at the last lag (or zero) but
 * for a common mask. The next three change the lag and have a common mask too.
 * Those from nr_common on carry their mask in the payload.
 */
enum tag : uint8_t {
	tag_same, /* the word at the last lag */
	tag_zero,
	/* 2 to 8: the word at the last lag but for a common mask. */
	nr_near = 9,
	tag_previous = 9, /* at the previous lag, but for a mask of 03 */
	tag_copy,         /* at a new lag, the same */
	tag_new,          /* at a new lag, but for a mask of 03 */
	nr_common,
	tag_masked_zero = nr_common,
	tag_masked_last,
	tag_masked_previous,
	tag_masked_new,
	nr_tags,
};

inline constexpr uint8_t common_mask[nr_common] = {
	0x00, 0x00, 0xff, 0x03, 0x01, 0x10, 0x07, 0x0f, 0x7f, 0x03, 0x00, 0x03,
};

constexpr uint32_t tag_bit(tag which) noexcept
{
	return 1u << which;
}

/* Tags that have a new lag in the payload, before the mask. */
inline constexpr uint32_t tags_with_lag =
	tag_bit(tag_copy) | tag_bit(tag_new) | tag_bit(tag_masked_new);

/* Tags after which the last lag is another: the previous, or a new one. */
inline constexpr uint32_t tags_that_change_lag =
	tags_with_lag | tag_bit(tag_previous) | tag_bit(tag_masked_previous);

inline constexpr uint32_t max_lag = 256;
/* What a word may take of the payload: lag, mask and eight bytes. */
inline constexpr uint32_t max_word_bytes = 10;
inline constexpr uint32_t group_words = 8;

/* ---- LZ ----------------------------------------------------------------- */

inline constexpr uint32_t lz_min_match = 4;
inline constexpr uint32_t lz_offset_bits = 12;
inline constexpr uint32_t lz_max_offset = (1u << lz_offset_bits) - 1;
/* A length's nibble; this one says that bytes follow. */
inline constexpr uint32_t lz_nibble = 15;
inline constexpr uint32_t lz_length_byte = 255;

} /* namespace zsm::w64 */

#endif /* ZSM_W64_FORMAT_HH */
