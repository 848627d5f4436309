/* SPDX-License-Identifier: GPL-2.0 */
/* Read caches for people: in words, and a line an interval. */
#ifndef ZSMCTL_SHOW_CACHE_HH
#define ZSMCTL_SHOW_CACHE_HH

#include "tools/zsmctl/sys/zcache.hh"

#include <string>

namespace zsmctl {

/* A paragraph, after an empty line. */
std::string cache_words(const zcache_state &cache);

/* Columns of 80. */
std::string cache_row_title();
std::string cache_row(const zcache_state &before, const zcache_state &now,
		      double seconds);

} /* namespace zsmctl */

#endif /* ZSMCTL_SHOW_CACHE_HH */
