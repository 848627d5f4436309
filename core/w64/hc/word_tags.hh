/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What each tag of the dense word coder means; part of the format. */
#ifndef ZSM_W64_HC_WORD_TAGS_HH
#define ZSM_W64_HC_WORD_TAGS_HH

#include "core/w64/tables.hh"
#include "core/w64/hc/format.hh"

namespace zsm::w64::hc {

constexpr tag_meaning masked(reference with, uint8_t mask)
{
	return {static_cast<uint8_t>(with), kind::masked, mask};
}

constexpr tag_meaning other(reference with, kind how)
{
	return {static_cast<uint8_t>(with), how, 0};
}

constexpr tag_meaning zero(uint8_t mask)
{
	return masked(ref_zero, mask);
}

constexpr tag_meaning last(uint8_t mask)
{
	return masked(ref_last, mask);
}

constexpr tag_meaning prev(uint8_t mask)
{
	return masked(ref_previous, mask);
}

constexpr tag_meaning fresh(uint8_t mask)
{
	return masked(ref_new, mask);
}

inline constexpr tag_meaning meanings[nr_dense_tags] = {
	/* 0 */
	last(0x00), zero(0x00), zero(0x01), zero(0x03), zero(0x07), zero(0x0f),
	zero(0x1f), zero(0x3f), zero(0x7f), zero(0x11), zero(0x33), zero(0x13),
	zero(0x31), other(ref_zero, kind::any_mask),
	/* 14 */
	last(0x01), last(0x03), last(0x11), last(0x07), last(0xff), last(0x0f),
	last(0x3f), last(0x10), last(0x02), last(0x33), last(0x06), last(0x30),
	last(0x7f), last(0x1f), last(0x13), last(0x31), last(0xf0), last(0x20),
	last(0x05), last(0x04), last(0x60), last(0xfe), last(0x0e), last(0x0c),
	last(0x77), last(0x80), last(0xc0), last(0xfc), last(0x40), last(0x0b),
	last(0x3e), other(ref_last, kind::any_mask),
	/* 46 */
	prev(0x00), prev(0x01), prev(0x03), prev(0x07), prev(0x0f), prev(0x02),
	prev(0x11), other(ref_previous, kind::any_mask),
	/* 54 */
	fresh(0x00), fresh(0x03), fresh(0x01), fresh(0x02), fresh(0x07),
	other(ref_new, kind::any_mask),
	/* 60 */
	other(ref_last, kind::step), other(ref_previous, kind::step),
	other(ref_new, kind::step), other(ref_last, kind::sequence)};

static_assert(meanings[dense_any_zero].how == kind::any_mask &&
	      meanings[dense_any_last].how == kind::any_mask &&
	      meanings[dense_any_previous].how == kind::any_mask &&
	      meanings[dense_any_new].how == kind::any_mask);

} /* namespace zsm::w64::hc */

#endif /* ZSM_W64_HC_WORD_TAGS_HH */
