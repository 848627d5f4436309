// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/tests/zsm/optimum.hh"

#include "core/tests/zsm/model.hh"

#include <algorithm>
#include <map>

namespace model {

namespace {

/* Objects that have all of their bytes in these pages, a bit each. */
uint32_t nr_within(const std::vector<uint32_t> &pages_of, uint32_t pages)
{
	return static_cast<uint32_t>(
		std::count_if(pages_of.begin(), pages_of.end(),
			      [=](uint32_t obj) { return !(obj & ~pages); }));
}

/*
 * For each number of pages the most objects that lie in so many pages of one
 * zspage: from the first page on, each is left out, or begins a run of pages of
 * any length.
 */
std::vector<uint32_t> most_objs(uint32_t class_idx)
{
	const auto pages_of = pages_of_objs(row(class_idx));
	const uint32_t nr = row(class_idx).nr_pages;
	/* [first][n]: in n of the pages from first on. */
	std::vector<std::vector<uint32_t>> most(
		nr + 1, std::vector<uint32_t>(nr + 1, 0));

	for (uint32_t first = nr; first-- > 0;) {
		most[first] = most[first + 1];
		for (uint32_t len = 1; first + len <= nr; len++) {
			const uint32_t run = ((1u << len) - 1) << first;
			const uint32_t here = nr_within(pages_of, run);

			for (uint32_t n = len; n <= nr; n++)
				most[first][n] = std::max(
					most[first][n],
					here + most[first + len][n - len]);
		}
	}
	return most[0];
}

} /* namespace */

uint64_t fewest_pages(uint32_t class_idx, uint64_t nr_objs)
{
	struct known {
		std::vector<uint32_t> most;
		/* By number of pages, the most objects in any number of
		 * zspages. */
		std::vector<uint64_t> all{0};
	};
	static std::map<uint32_t, known> classes;
	known &k = classes[class_idx];

	if (k.most.empty())
		k.most = most_objs(class_idx);
	while (k.all.back() < nr_objs) {
		const size_t pages = k.all.size();
		uint64_t most = 0;

		for (size_t n = 1; n < k.most.size() && n <= pages; n++)
			most = std::max(most, k.all[pages - n] + k.most[n]);
		k.all.push_back(most);
	}
	return static_cast<uint64_t>(
		std::lower_bound(k.all.begin(), k.all.end(), nr_objs) -
		k.all.begin());
}

} /* namespace model */
