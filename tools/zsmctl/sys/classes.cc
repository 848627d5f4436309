// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/classes.hh"

#include "tools/zsmctl/sys/parse.hh"

#include <algorithm>

namespace zsmctl {

namespace {

using row = std::vector<std::string_view>;

/* The number in the column of that name; 0 if there is none. */
uint64_t column(const row &names, const row &values, std::string_view name)
{
	const auto at = std::find(names.begin(), names.end(), name);
	const auto i = static_cast<size_t>(at - names.begin());

	return i < values.size() ? parse_number(values[i]).value_or(0) : 0;
}

} /* namespace */

std::vector<size_class> read_classes(const tree &files,
				     const std::string &device)
{
	const std::string text =
		files.read("/sys/kernel/debug/zsm/" + device + "/classes").text;
	const auto lines = split_lines(text);
	std::vector<size_class> classes;

	if (lines.empty())
		return classes;
	/* The first line names the columns, behind a `#'. */
	const row names =
		split_words(lines[0].substr(lines[0].find_first_not_of('#')));

	for (size_t i = 1; i < lines.size(); i++) {
		const row values = split_words(lines[i]);
		const size_class c{.size = column(names, values, "size"),
				   .objects = column(names, values, "objects"),
				   .pages = column(names, values, "pages"),
				   .unused = column(names, values, "unused"),
				   .gain = column(names, values, "gain")};

		if (c.size)
			classes.push_back(c);
	}
	return classes;
}

} /* namespace zsmctl */
