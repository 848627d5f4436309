/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The dense word coder, encoding: a unit as tokens and payload.
 *
 * It looks for more than the plain word coder does, as a tag that is seldom
 * used costs little: steps by multiples of eight, arithmetic sequences at the
 * last lag (counters, and pointers into arrays), and, with a second hash of
 * whole words, runs of words from elsewhere.
 *
 * The page may change while it is read. Then the block stands for no state
 * that the page was in, but nothing is read beyond the page, nor written
 * beyond what is said here: whatever comes from the page and is used as an
 * index is limited by its type or by a mask.
 */
#ifndef ZSM_W64_HC_WORD_ENCODE_HH
#define ZSM_W64_HC_WORD_ENCODE_HH

#include "core/w64/hc/select.hh"
#include "core/w64/hc/word_output.hh"

namespace zsm::w64::hc {

/* By the upper 48 bits of a word, and by all of them. See word_slots. */
struct dense_word_work {
	uint8_t near[word_slots];
	uint8_t exact[word_slots];
};

/* More than this, and the unit is no array of words. */
W64_INLINE constexpr uint32_t dense_payload_limit(uint32_t nr_words) noexcept
{
	return 6 * nr_words + 96;
}

/* Words are compared with those at the last lag so many at a time. */
inline constexpr uint32_t window_words = 8;

/* The most that encode_words() writes to the payload. */
inline constexpr uint32_t dense_payload_room =
	dense_payload_limit(unit::words) + window_words * max_word_bytes + 8;

W64_INLINE size_t exact_hash(uint64_t word) noexcept
{
	return word * 0x9e3779b97f4a7c15 >> 55;
}

template <class Cpu>
class dense_word_encoder {
public:
	W64_INLINE dense_word_encoder(const uint8_t *page, uint8_t *tokens,
				      uint8_t *payload,
				      dense_word_work &work) noexcept
		: page_(page), work_(work), out_(page + 8, tokens, payload)
	{
		const uint64_t word = load64(page);

		__builtin_memset(&work, 0, sizeof(work));
		out_.masked(word, ref_zero, mark_nonzero(word));
	}

	W64_INLINE uint8_t *token() const noexcept { return out_.token(); }
	W64_INLINE uint8_t *payload() const noexcept { return out_.payload(); }

	/*
	 * Codes the words that differ of the window at @at. Returns where the
	 * next one is: a change of the lag ends this.
	 */
	W64_INLINE const uint8_t *window(const uint8_t *at,
					 const uint8_t *end) noexcept
	{
		const uint8_t *start = at;
		uint32_t differ;

		if (unlikely(end - at < 8 * static_cast<int>(window_words)))
			start = end - 8 * window_words;
		differ = differing(start) &
			 ~0u << static_cast<uint32_t>(at - start) / 8;
		while (differ) {
			const auto i =
				static_cast<uint32_t>(__builtin_ctz(differ));

			at = start + 8 * i;
			differ &= differ - 1;
			if (changed(at, end))
				return at + 8;
		}
		return start + 8 * window_words;
	}

	/* The words that are left are like those at the last lag. */
	W64_INLINE void finish(const uint8_t *end) noexcept
	{
		out_.finish(end);
	}

private:
	/* A bit for each word of the window that differs from that at the lag.
	 */
	W64_INLINE uint32_t differing(const uint8_t *at) const noexcept
	{
		uint32_t mask = 0;

#pragma GCC unroll 8
		for (int i = window_words - 1; i >= 0; i--)
			mask = 2 * mask + (load64(at + 8 * i) !=
					   load64(at + out_.last() + 8 * i));
		return mask;
	}

	/* Where a hash's newest word is; see word_slots. */
	W64_INLINE static size_t lag_of(size_t i, uint8_t newest) noexcept
	{
		return ((i - newest - 1) & 255) + 1;
	}

	/* Whether a run that is worth it begins at a lag. */
	W64_INLINE static bool run_at(const uint8_t *at, back lag,
				      uint64_t word, bool two_do) noexcept
	{
		return load64(at + lag) == word &&
		       load64(at + lag + 8) == load64(at + 8) &&
		       (two_do || load64(at + lag + 16) == load64(at + 16));
	}

	/* A word that differs. True if it changes the lag. */
	W64_INLINE bool changed(const uint8_t *at, const uint8_t *end) noexcept
	{
		const uint64_t word = load64(at);
		const back last = out_.last();
		const uint64_t ref = load64(at + last);
		const uint8_t *const before =
			unless_below(at + 2 * last, page_, at + last);

		out_.reach(at);
		if (word - ref == ref - load64(before)) {
			out_.tag(dense_sequence);
			return false;
		}

		const uint64_t marks = mark_nonzero(word ^ ref);
		const uint32_t nr = Cpu::count_marks(marks);
		const size_t i = static_cast<size_t>(at - page_) / 8;
		uint8_t &near = work_.near[word_hash(word)];
		uint8_t &exact = work_.exact[exact_hash(word)];
		const back near_lag = back_of(lag_of(i, near));
		const size_t exact_lag = lag_of(i, exact);

		near = static_cast<uint8_t>(i);
		exact = static_cast<uint8_t>(i);
		if (nr > 1 && is_step(word - ref)) {
			out_.step(dense_step_last, word - ref);
			return false;
		}
		/* Two words; three where one byte would do for this one. */
		if (nr <= 2 && end - at > 16) {
			if (run_at(at, out_.previous(), word, nr == 2)) {
				out_.change_lag(out_.previous(), 0);
				out_.masked(word, ref_previous, 0);
				return true;
			}
			if (run_at(at, back_of(exact_lag), word, nr == 2)) {
				out_.change_lag(back_of(exact_lag), 1);
				out_.masked(word, ref_new, 0);
				return true;
			}
		}
		if (nr <= 2) {
			out_.masked(word, ref_last, marks);
			return false;
		}
		return far(at, word, marks, near_lag, back_of(exact_lag));
	}

	/*
	 * A word that differs in more than two bytes, which @marks are. Costs
	 * are in half bytes of payload, with a bias for what keeps the lag.
	 */
	W64_INLINE bool far(const uint8_t *at, uint64_t word, uint64_t marks,
			    back near_lag, back exact_lag) noexcept
	{
		const auto fresh = static_cast<back>(
			select::by_flag<1>(static_cast<uint64_t>(near_lag),
					   static_cast<uint64_t>(exact_lag),
					   load64(at + exact_lag) == word));
		const uint64_t marks_zero = mark_nonzero(word);
		const back previous = out_.previous();
		const uint64_t marks_prev =
			mark_nonzero(word ^ load64(at + previous));
		const uint64_t marks_new =
			mark_nonzero(word ^ load64(at + fresh));
		const uint32_t cost_last = Cpu::count_marks(marks) * 2;
		const uint32_t cost_zero = Cpu::count_marks(marks_zero) * 2 + 1;
		const uint32_t cost_prev = Cpu::count_marks(marks_prev) * 2 + 2;
		const uint32_t cost_new = Cpu::count_marks(marks_new) * 2 + 4;
		const bool is_zero = cost_zero < cost_last;
		const size_t is_new = cost_new < cost_prev;
		const uint32_t cost_keep = is_zero ? cost_zero : cost_last;
		const uint32_t cost_change = is_new ? cost_new : cost_prev;

		if (__builtin_expect_with_probability(cost_change < cost_keep,
						      0, 0.6)) {
			/* Together with the rest, this would become selects. */
			__asm__ volatile("");

			const uint64_t pick = opaque(-uint64_t{is_new});
			const uint64_t best =
				marks_prev ^ ((marks_prev ^ marks_new) & pick);
			const back lag = previous ^ ((previous ^ fresh) &
						     static_cast<back>(pick));
			const uint64_t difference = word - load64(at + lag);

			out_.change_lag(lag, is_new);
			/* A mask of one byte is as good. */
			if (is_step(difference) && (best & (best - 1)))
				out_.step(dense_step_previous +
						  static_cast<uint32_t>(is_new),
					  difference);
			else
				out_.masked(word, ref_previous + is_new, best);
			return true;
		}
		out_.masked(word, is_zero ? ref_zero : ref_last,
			    is_zero ? marks_zero : marks);
		return false;
	}

	const uint8_t *const page_;
	dense_word_work &work_;
	word_output<Cpu> out_;
};

/**
 * encode_words() - turn a unit into tokens and payload
 * @page: the unit, aligned to 8
 * @tokens: receives unit::words tokens at the most
 * @payload: dense_payload_room bytes
 * @nr_tokens: receives how many tokens there are
 * @work: cleared here
 *
 * Return: bytes of payload, or gave_up if there were too many.
 */
template <class Cpu>
W64_INLINE uint32_t encode_words(const uint8_t *page, uint8_t *tokens,
				 uint8_t *payload, uint32_t &nr_tokens,
				 dense_word_work &work) noexcept
{
	const uint8_t *const end = page + unit::bytes;
	const uint8_t *at = page + 8;
	dense_word_encoder<Cpu> out(page, tokens, payload, work);

	while (at < end) {
		const auto nr_words = static_cast<uint32_t>(at - page) / 8;
		const auto nr = static_cast<uint32_t>(out.payload() - payload);

		if (unlikely(nr > dense_payload_limit(nr_words)))
			return gave_up;
		at = out.window(at, end);
	}
	out.finish(end);
	nr_tokens = static_cast<uint32_t>(out.token() - tokens);
	return static_cast<uint32_t>(out.payload() - payload);
}

} /* namespace zsm::w64::hc */

#endif /* ZSM_W64_HC_WORD_ENCODE_HH */
