/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the dense word coder makes of a unit: tokens and payload. Both of its
 * encoders, the quick one and the one that searches, say here how a word is to
 * be coded.
 */
#ifndef ZSM_W64_HC_WORD_OUTPUT_HH
#define ZSM_W64_HC_WORD_OUTPUT_HH

#include "core/w64/cpu.hh"
#include "core/w64/word_encode.hh"
#include "core/w64/hc/tables.hh"

namespace zsm::w64::hc {

/* A multiple of eight in -1024 to 1016. */
W64_INLINE bool is_step(uint64_t difference) noexcept
{
	return !((difference + 1024) & ~uint64_t{0x7f8});
}

template <class Cpu>
class word_output {
public:
	/* The words of the unit at @page follow @coded, which has its token. */
	W64_INLINE word_output(const uint8_t *coded, uint8_t *tokens,
			       uint8_t *payload) noexcept
		: token_(tokens), payload_(payload), coded_(coded)
	{
	}

	W64_INLINE uint8_t *token() const noexcept { return token_; }
	W64_INLINE uint8_t *payload() const noexcept { return payload_; }
	W64_INLINE back last() const noexcept { return last_; }
	W64_INLINE back previous() const noexcept { return previous_; }

	/* The word at @at gets its token next; those before it are equal. */
	W64_INLINE void reach(const uint8_t *at) noexcept
	{
		run_ = run_before(at);
		coded_ = at + 8;
	}

	/* The words that are left are like those at the last lag. */
	W64_INLINE void finish(const uint8_t *end) noexcept
	{
		const uint32_t run = run_before(end);

		if (run)
			*token_++ = hc::token(dense_same, run - 1);
	}

	/* A word, what is in @marks, against a reference of kind @ref. */
	W64_INLINE void masked(uint64_t word, size_t ref,
			       uint64_t marks) noexcept
	{
		const choice how =
			dense_tags.choices[ref][Cpu::mask_of_marks(marks)];

		*token_++ = static_cast<uint8_t>(how.tag | run_);
		*payload_ = how.mask;
		payload_ += how.mask_bytes;
		store64(payload_, Cpu::gather(word, how.mask));
		payload_ += how.bytes;
	}

	W64_INLINE void tag(uint32_t which) noexcept
	{
		*token_++ = hc::token(which, run_);
	}

	W64_INLINE void step(uint32_t which, uint64_t difference) noexcept
	{
		tag(which);
		*payload_++ = static_cast<uint8_t>(difference >> 3);
	}

	/* What the next token says is at another lag, which stands in the
	 * payload if it @is_new.
	 */
	W64_INLINE void change_lag(back lag, size_t is_new) noexcept
	{
		previous_ = last_;
		last_ = lag;
		*payload_ = static_cast<uint8_t>(-lag / 8 - 1);
		payload_ += is_new;
	}

private:
	/* Words from @coded_ on that are equal, less what fills whole tokens.
	 */
	W64_INLINE uint32_t run_before(const uint8_t *at) noexcept
	{
		auto run = static_cast<uint32_t>(at - coded_) / 8;

		for (; unlikely(run > max_run); run -= max_run + 1)
			*token_++ = hc::token(dense_same, max_run);
		return run;
	}

	uint8_t *token_;
	uint8_t *payload_;
	const uint8_t *coded_; /* past the last word that has its token */
	uint32_t run_ = 0;
	back last_ = back_of(1);
	back previous_ = back_of(1);
};

} /* namespace zsm::w64::hc */

#endif /* ZSM_W64_HC_WORD_OUTPUT_HH */
