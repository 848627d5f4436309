// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/block_state.hh"

#include "tools/zsmctl/sys/parse.hh"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace zsmctl {

std::optional<block_line> parse_block_line(std::string_view text)
{
	const auto words = split_words(text);
	block_line line;

	if (words.size() != 3)
		return {};
	const auto page = parse_number(words[0]);

	if (!page)
		return {};
	line.page = *page;
	line.accessed = std::strtod(std::string(words[1]).c_str(), nullptr);
	for (const char flag : words[2]) {
		line.same |= flag == 's';
		line.away |= flag == 'w';
		line.huge |= flag == 'h';
		line.idle |= flag == 'i';
		line.again |= flag == 'r';
		line.tried |= flag == 'n';
	}
	return line;
}

int each_block(const tree &files, const std::string &device,
	       const std::function<bool(const block_line &)> &each)
{
	const std::string path =
		files.path("/sys/kernel/debug/zram/" + device + "/block_state");
	const std::unique_ptr<std::FILE, int (*)(std::FILE *)> f(
		std::fopen(path.c_str(), "re"), std::fclose);
	char text[128];

	if (!f)
		return errno;
	errno = 0;
	while (std::fgets(text, sizeof(text), f.get())) {
		const auto line = parse_block_line(text);

		if (line && !each(*line))
			return 0;
	}
	return std::ferror(f.get()) ? errno : 0;
}

} /* namespace zsmctl */
