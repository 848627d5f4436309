/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A search for the dense word coder: of the ways to code a unit's words, one
 * that the profiles of a first block code with few bits. For pages that are
 * kept for long.
 *
 * It is a beam search: it goes through the words in order and keeps the few
 * cheapest states, which differ in their last two lags. From each of them a
 * word that is not the one at the last lag can be coded against zero, at the
 * last or the previous lag, or at the lag of a word like it, which chains of
 * hashes find. Four fifths of what it gains comes from real prices, which a
 * beam of one state has too; the rest from keeping more of them.
 *
 * The page may change meanwhile. A lag is the distance to a word that the
 * search has passed, whatever it read there; what was decided is then followed
 * word by word, and any word can be coded in any of the ways.
 */
#ifndef ZSM_W64_HC_WORD_SEARCH_HH
#define ZSM_W64_HC_WORD_SEARCH_HH

#include "core/w64/hc/word_encode.hh"
#include "core/w64/hc/word_prices.hh"
#include "core/w64/hc/word_ways.hh"

namespace zsm::w64::hc {

/* How many states are kept, and how many words of each chain looked at. */
struct quick_search {
	static constexpr uint32_t beam = 1;
	static constexpr uint32_t chain = 1;
};

struct wide_search {
	static constexpr uint32_t beam = 3;
	static constexpr uint32_t chain = 2;
};

/* Chains by all of a word, its upper six bytes, and its upper four. */
inline constexpr uint32_t nr_chains = 3;

/* How a state came to be. */
struct word_step {
	uint8_t from; /* the state before */
	word_way way;
	uint8_t lag; /* a new one, less 1 */
};

struct word_state {
	uint32_t cost;
	/* With what the next words may cost. */
	uint32_t rank;
	uint8_t last, previous; /* lags, less 1 */
	uint8_t run;
	word_step step;
};

struct word_search_work {
	word_costs costs;
	uint16_t newest[nr_chains][word_slots];
	uint16_t earlier[nr_chains][unit::words];
	word_step steps[unit::words][wide_search::beam];
	word_step chosen[unit::words];
};

template <class Cpu, class Search>
class word_searcher {
public:
	W64_INLINE word_searcher(const uint8_t *page,
				 word_search_work &work) noexcept
		: page_(page), work_(work), prices_(work.costs)
	{
		__builtin_memset(work.newest, 0xff, sizeof(work.newest));
		remember(0, load64(page));
		nr_ = 1;
		states_[0] = {};
	}

	/* Decides for all words. */
	W64_INLINE void run() noexcept
	{
		for (uint32_t i = 1; i < unit::words; i++)
			word(i);
		choose();
	}

private:
	static constexpr uint16_t no_word = 0xffff;
	static constexpr uint32_t nr_candidates = nr_chains * Search::chain;

	/* Another way to code this word than by the lags of a state. */
	struct candidate {
		uint8_t lag; /* less 1 */
		word_way way;
		choice how;    /* of which the token depends on the run */
		uint32_t bits; /* of the payload */
		uint32_t hope;
	};

	/* The cheapest way to code a word at a reference. */
	struct way_cost {
		word_way way;
		uint32_t bits;
	};

	W64_INLINE uint64_t at(uint32_t i) const noexcept
	{
		return load64(page_ + 8 * size_t{i});
	}

	W64_INLINE static uint32_t hash(uint32_t chain, uint64_t word) noexcept
	{
		return static_cast<uint32_t>(exact_hash(word >> 16 * chain));
	}

	W64_INLINE void remember(uint32_t i, uint64_t word) noexcept
	{
		for (uint32_t k = 0; k < nr_chains; k++) {
			uint16_t &newest = work_.newest[k][hash(k, word)];

			work_.earlier[k][i] = newest;
			newest = static_cast<uint16_t>(i);
		}
	}

	/* What the next words may cost at a lag; it only ranks. */
	W64_INLINE uint32_t hope(uint32_t i, uint32_t lag) const noexcept
	{
		uint32_t bits = 0;

		for (uint32_t k = i + 1; k <= i + 2 && k < unit::words; k++) {
			const uint64_t marks =
				mark_nonzero(at(k) ^ at(k - lag - 1));
			const uint32_t nr = Cpu::count_marks(marks);

			bits += nr ? 4 + (nr < 3 ? 7 * nr : 18) : 0;
		}
		return bits;
	}

	W64_INLINE void add(const word_state &state) noexcept
	{
		if (nr_next_ == Search::beam &&
		    state.rank >= next_[worst_].rank)
			return;
		for (uint32_t k = 0; k < nr_next_; k++) {
			if (next_[k].last != state.last ||
			    next_[k].previous != state.previous)
				continue;
			if (state.cost < next_[k].cost) {
				next_[k] = state;
				find_worst();
			}
			return;
		}
		next_[nr_next_ < Search::beam ? nr_next_++ : worst_] = state;
		find_worst();
	}

	W64_INLINE void find_worst() noexcept
	{
		worst_ = 0;
		for (uint32_t k = 1; k < Search::beam; k++) {
			if (k < nr_next_ && next_[k].rank > next_[worst_].rank)
				worst_ = k;
		}
	}

	/* The places of words like this one, and what they would cost. */
	W64_INLINE uint32_t find(uint32_t i, uint64_t word,
				 candidate *found) noexcept
	{
		uint32_t nr = 0;

		for (uint32_t k = 0; k < nr_chains; k++) {
			uint32_t seen = work_.newest[k][hash(k, word)];

			for (uint32_t n = 0;
			     n < Search::chain && seen != no_word &&
			     i - seen <= max_lag;
			     n++, seen = work_.earlier[k][seen])
				nr = consider(i, word, i - seen - 1, found, nr);
		}
		return nr;
	}

	W64_INLINE uint32_t consider(uint32_t i, uint64_t word, uint32_t lag,
				     candidate *found, uint32_t nr) noexcept
	{
		for (uint32_t k = 0; k < nr; k++) {
			if (found[k].lag == lag)
				return nr;
		}

		const uint64_t ref = at(i - lag - 1);
		candidate &to = found[nr];

		to.lag = static_cast<uint8_t>(lag);
		to.way = word_way::at_new;
		to.how = choice_of<Cpu>(ref_new, word ^ ref);
		to.bits = prices_.byte(lag) + prices_.masked(word, to.how);
		if (is_step(word - ref)) {
			const uint32_t bits =
				prices_.byte(lag) +
				prices_.step(dense_step_new, 0, word - ref);

			if (bits < to.bits + prices_.token(to.how, 0)) {
				to.way = word_way::step_from_new;
				to.how.tag = dense_step_new << run_bits;
				to.bits = bits - prices_.token(to.how, 0);
			}
		}
		to.hope = hope(i, lag);
		return nr + 1;
	}

	W64_INLINE static void keep(way_cost &best, word_way way,
				    uint32_t bits) noexcept
	{
		if (bits < best.bits)
			best = {way, bits};
	}

	/* The lags stay. */
	W64_INLINE way_cost staying(uint32_t i, uint64_t word, uint64_t ref,
				    const word_state &from) const noexcept
	{
		const uint32_t run = from.run;
		const uint32_t lag = from.last + 1u;
		const choice &last = choice_of<Cpu>(ref_last, word ^ ref);
		way_cost best{word_way::against_zero,
			      prices_.token(zero_, run) + zero_bits_};

		keep(best, word_way::at_last,
		     prices_.token(last, run) + prices_.masked(word, last));
		if (is_step(word - ref))
			keep(best, word_way::step_from_last,
			     prices_.step(dense_step_last, run, word - ref));

		const uint64_t before = i < 2 * lag ? ref : at(i - 2 * lag);

		if (word - ref == ref - before)
			keep(best, word_way::sequence,
			     prices_.tag(dense_sequence, run));
		return best;
	}

	/* The two lags change places. */
	W64_INLINE way_cost swapping(uint32_t i, uint64_t word,
				     const word_state &from) const noexcept
	{
		const uint64_t ref = at(i - from.previous - 1u);
		const choice &how = choice_of<Cpu>(ref_previous, word ^ ref);
		way_cost best{word_way::at_previous,
			      prices_.token(how, from.run) +
				      prices_.masked(word, how)};

		if (is_step(word - ref))
			keep(best, word_way::step_from_previous,
			     prices_.step(dense_step_previous, from.run,
					  word - ref));
		return best;
	}

	W64_INLINE void run_on(uint32_t i, uint32_t k) noexcept
	{
		word_state state = states_[k];

		if (state.run < max_run) {
			state.run++;
		} else {
			state.cost += prices_.tag(dense_same, max_run);
			state.run = 0;
		}
		state.rank = state.cost + hope(i, state.last);
		state.step = {static_cast<uint8_t>(k), word_way::same, 0};
		add(state);
	}

	W64_INLINE void word(uint32_t i) noexcept
	{
		const uint64_t word = at(i);
		candidate found[nr_candidates];
		uint32_t nr_found = 0;
		bool looked = false;

		nr_next_ = 0;
		worst_ = 0;
		for (uint32_t k = 0; k < nr_; k++) {
			const word_state &from = states_[k];
			const auto parent = static_cast<uint8_t>(k);
			const uint64_t ref = at(i - from.last - 1u);

			if (word == ref) {
				run_on(i, k);
				continue;
			}
			if (!looked) {
				looked = true;
				nr_found = find(i, word, found);
				zero_ = choice_of<Cpu>(ref_zero, word);
				zero_bits_ = prices_.masked(word, zero_);
			}

			const way_cost stay = staying(i, word, ref, from);
			uint32_t cost = from.cost + stay.bits;

			add({cost,
			     cost + hope(i, from.last),
			     from.last,
			     from.previous,
			     0,
			     {parent, stay.way, 0}});
			if (from.previous != from.last) {
				const way_cost swap = swapping(i, word, from);

				cost = from.cost + swap.bits;
				add({cost,
				     cost + hope(i, from.previous),
				     from.previous,
				     from.last,
				     0,
				     {parent, swap.way, 0}});
			}
			for (uint32_t n = 0; n < nr_found; n++) {
				const candidate &to = found[n];

				if (to.lag == from.last)
					continue;
				cost = from.cost + to.bits +
				       prices_.token(to.how, from.run);
				add({cost,
				     cost + to.hope,
				     to.lag,
				     from.last,
				     0,
				     {parent, to.way, to.lag}});
			}
		}
		nr_ = nr_next_;
		for (uint32_t k = 0; k < nr_; k++) {
			states_[k] = next_[k];
			work_.steps[i][k] = next_[k].step;
		}
		remember(i, word);
	}

	/* Follows the cheapest state back. */
	W64_INLINE void choose() noexcept
	{
		uint32_t best = 0;
		uint32_t least = ~0u;

		for (uint32_t k = 0; k < nr_; k++) {
			const word_state &state = states_[k];
			const uint32_t cost =
				state.cost +
				(state.run ? prices_.tag(dense_same,
							 state.run - 1u)
					   : 0);

			if (cost < least) {
				least = cost;
				best = k;
			}
		}
		for (uint32_t i = unit::words - 1; i; i--) {
			const word_step &step = work_.steps[i][best];

			work_.chosen[i] = step;
			best = step.from;
		}
	}

	const uint8_t *const page_;
	word_search_work &work_;
	const word_prices<Cpu> prices_;
	/* How this word is coded against zero, and its bytes' cost. */
	choice zero_;
	uint32_t zero_bits_;
	uint32_t nr_;
	uint32_t nr_next_;
	uint32_t worst_; /* of the next */
	word_state states_[Search::beam];
	word_state next_[Search::beam];
};

/**
 * search_words() - turn a unit into tokens and payload
 * @page: the unit, aligned to 8
 * @tokens: receives unit::words tokens at the most
 * @payload: payload_readable bytes
 * @nr_tokens: receives how many tokens there are
 * @work: the costs are set; the rest is initialised here
 *
 * Return: bytes of payload, or gave_up if there were too many.
 */
template <class Cpu, class Search>
W64_INLINE uint32_t search_words(const uint8_t *page, uint8_t *tokens,
				 uint8_t *payload, uint32_t &nr_tokens,
				 word_search_work &work) noexcept
{
	const uint64_t first = load64(page);
	word_searcher<Cpu, Search> searcher(page, work);
	word_output<Cpu> out(page + 8, tokens, payload);

	searcher.run();
	out.masked(first, ref_zero, mark_nonzero(first));
	for (uint32_t i = 1; i < unit::words; i++) {
		const word_step &step = work.chosen[i];

		if (step.way != word_way::same)
			code_word(page + 8 * size_t{i}, step.way, step.lag,
				  out);
	}
	out.finish(page + unit::bytes);
	nr_tokens = static_cast<uint32_t>(out.token() - tokens);

	const auto nr = static_cast<uint32_t>(out.payload() - payload);

	return nr > dense_payload_limit(unit::words) ? gave_up : nr;
}

} /* namespace zsm::w64::hc */

#endif /* ZSM_W64_HC_WORD_SEARCH_HH */
