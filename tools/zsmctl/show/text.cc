// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/show/text.hh"

#include "tools/zsmctl/sys/parse.hh"

namespace zsmctl {

std::string wrapped(std::string_view first, std::string_view text, size_t width)
{
	const std::string indent(columns(first), ' ');
	size_t used = indent.size(); /* columns of the last line */
	std::string all(first);
	bool begun = false;

	for (const std::string_view word : split_words(text)) {
		const size_t more = columns(word);

		if (begun && used + 1 + more > width) {
			all += '\n';
			all += indent;
			used = indent.size();
			begun = false;
		}
		if (begun)
			all += ' ';
		all += word;
		used += begun + more;
		begun = true;
	}
	return all + '\n';
}

size_t columns(std::string_view text)
{
	size_t n = 0;

	for (const char c : text)
		n += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
	return n;
}

std::string printable(std::string_view text)
{
	std::string clean(text);

	for (char &c : clean) {
		const auto byte = static_cast<unsigned char>(c);

		if (byte < ' ' || byte == 0x7f)
			c = '?';
	}
	return clean;
}

} /* namespace zsmctl */
