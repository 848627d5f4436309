// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/cmd/status.hh"

#include "tools/zsmctl/cmd/device.hh"
#include "tools/zsmctl/show/json.hh"
#include "tools/zsmctl/show/prometheus.hh"
#include "tools/zsmctl/show/words.hh"
#include "tools/zsmctl/sys/swap_header.hh"
#include "tools/zsmctl/sys/system.hh"

#include <algorithm>
#include <fmt/format.h>

namespace zsmctl {

namespace {

/* Whether a file that every device has was kept from the caller. */
bool denied(const system_state &s)
{
	for (const zram_device &d : s.devices)
		for (const unread_file &u : d.unread)
			if (status_of(u.error) == EXIT_DENIED)
				return true;
	return false;
}

bool nothing(const system_state &s)
{
	return s.devices.empty() && s.caches.caches.empty() &&
	       !(s.zswap && s.zswap->enabled);
}

} /* namespace */

exit_status run_status(const tree &files, const status_options &options)
{
	const auto wanted = devices_named(files, options.devices);
	system_state s = read_system(files);

	/* A metric has no use for names. */
	if (!options.prometheus)
		read_swap_names(files, s.page_size, s.memory);
	if (options.devices.empty())
		s.caches = read_zcaches(files);
	else
		std::erase_if(s.devices, [&](const zram_device &d) {
			return std::find(wanted.begin(), wanted.end(),
					 d.name) == wanted.end();
		});
	fmt::print("{}", options.json         ? in_json(s)
			 : options.prometheus ? in_prometheus(s)
					      : in_words(s));
	if (denied(s))
		return EXIT_DENIED;
	/* An empty list is an answer; a program looks into it. */
	return nothing(s) && !options.json && !options.prometheus ? EXIT_ABSENT
								  : EXIT_DONE;
}

} /* namespace zsmctl */
