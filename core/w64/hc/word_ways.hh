/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* How a word of the dense word coder can be coded, whatever it is. */
#ifndef ZSM_W64_HC_WORD_WAYS_HH
#define ZSM_W64_HC_WORD_WAYS_HH

#include "core/w64/hc/word_output.hh"

namespace zsm::w64::hc {

/* The ways to code a word; those that change the lag come last. */
enum class word_way : uint8_t {
	same,
	against_zero,
	at_last,
	step_from_last,
	sequence,
	at_previous,
	step_from_previous,
	at_new,
	step_from_new,
};

/* Codes the word at @at; a new lag is @new_lag, less 1. */
template <class Cpu>
W64_INLINE void code_word(const uint8_t *at, word_way way, uint32_t new_lag,
			  word_output<Cpu> &out) noexcept
{
	const uint64_t word = load64(at);
	const bool is_new = way >= word_way::at_new;

	out.reach(at);
	if (way >= word_way::at_previous)
		out.change_lag(is_new ? back_of(size_t{new_lag} + 1)
				      : out.previous(),
			       is_new);

	const uint64_t ref = load64(at + out.last());

	switch (way) {
	case word_way::against_zero:
		out.masked(word, ref_zero, mark_nonzero(word));
		break;
	case word_way::step_from_last:
		out.step(dense_step_last, word - ref);
		break;
	case word_way::step_from_previous:
		out.step(dense_step_previous, word - ref);
		break;
	case word_way::step_from_new:
		out.step(dense_step_new, word - ref);
		break;
	case word_way::sequence:
		out.tag(dense_sequence);
		break;
	case word_way::at_previous:
		out.masked(word, ref_previous, mark_nonzero(word ^ ref));
		break;
	case word_way::at_new:
		out.masked(word, ref_new, mark_nonzero(word ^ ref));
		break;
	default:
		out.masked(word, ref_last, mark_nonzero(word ^ ref));
		break;
	}
}

} /* namespace zsm::w64::hc */

#endif /* ZSM_W64_HC_WORD_WAYS_HH */
