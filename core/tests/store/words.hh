/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Locations, words and blocks, compared and printed by the tests. */
#ifndef ZSM_TESTS_STORE_WORDS_HH
#define ZSM_TESTS_STORE_WORDS_HH

#include "core/zram/slot.h"

#include <ostream>

inline bool operator==(zsm_loc a, zsm_loc b)
{
	return zsm_loc_same(a, b);
}

inline bool operator==(zsm_word a, zsm_word b)
{
	return zsm_word_same(a, b);
}

inline bool operator==(zram_block a, zram_block b)
{
	return a.number == b.number;
}

/* A word with other flags, or without. */
inline zsm_word operator|(zsm_word word, uint64_t flags)
{
	return {word.bits | flags};
}

/* A word's flags. */
inline uint64_t operator&(zsm_word word, uint64_t flags)
{
	return word.bits & flags;
}

inline std::ostream &operator<<(std::ostream &out, zsm_loc loc)
{
	return out << loc.value;
}

inline std::ostream &operator<<(std::ostream &out, zsm_word word)
{
	return out << std::hex << word.bits << std::dec;
}

inline std::ostream &operator<<(std::ostream &out, zram_block block)
{
	return out << block.number;
}

#endif /* ZSM_TESTS_STORE_WORDS_HH */
