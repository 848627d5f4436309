// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/show/text.hh"

#include "tools/zsmctl/sys/parse.hh"

namespace zsmctl {

std::string wrapped(std::string_view first, std::string_view text, size_t width)
{
	const std::string indent(columns(first), ' ');
	std::string all, line(first);
	bool begun = false;

	for (const std::string_view word : split_words(text)) {
		if (begun && columns(line) + 1 + columns(word) > width) {
			all += line + "\n";
			line = indent;
			begun = false;
		}
		if (begun)
			line += ' ';
		line += word;
		begun = true;
	}
	return all + line + "\n";
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
