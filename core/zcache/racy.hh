/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Words that several CPUs change without a lock: each access is one load or one
 * store of the whole word, which the compiler neither tears nor repeats.
 */
#ifndef ZCACHE_RACY_HH
#define ZCACHE_RACY_HH

namespace zcache {

template <typename T>
T load(const T &word) noexcept
{
	return *static_cast<const volatile T *>(&word);
}

template <typename T>
void store(T &word, T value) noexcept
{
	*static_cast<volatile T *>(&word) = value;
}

} /* namespace zcache */

#endif /* ZCACHE_RACY_HH */
