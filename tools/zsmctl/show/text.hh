/* SPDX-License-Identifier: GPL-2.0 */
/* Sentences in lines of 80 columns. */
#ifndef ZSMCTL_SHOW_TEXT_HH
#define ZSMCTL_SHOW_TEXT_HH

#include <string>
#include <string_view>

namespace zsmctl {

constexpr size_t text_width = 80;

/*
 * @text broken at blanks into lines of @width columns at most, each with its
 * end. The first begins with @first, the others with as many blanks. A word
 * that is longer than a line stays whole.
 */
std::string wrapped(std::string_view first, std::string_view text,
		    size_t width = text_width);

/* How many columns UTF-8 text takes, if each character takes one. */
size_t columns(std::string_view text);

/* Bytes that a terminal could take for a command become `?'. */
std::string printable(std::string_view text);

} /* namespace zsmctl */

#endif /* ZSMCTL_SHOW_TEXT_HH */
