/* SPDX-License-Identifier: GPL-2.0 */
/* zsmctl cache: read caches of dm-zcache, listed, watched and changed. */
#ifndef ZSMCTL_CMD_CACHE_HH
#define ZSMCTL_CMD_CACHE_HH

#include "tools/zsmctl/cmd/exit.hh"
#include "tools/zsmctl/sys/tree.hh"

#include <cstdint>
#include <string>
#include <vector>

namespace zsmctl {

struct cache_list_options {
	std::vector<std::string> names; /* empty: all */
};

struct cache_watch_options {
	double interval = 1; /* seconds */
	uint64_t count = 0;  /* looks; 0: until it is ended */
	std::vector<std::string> names;
};

struct cache_attach_options {
	std::string name; /* empty: of the disk */
	std::string disk;
	uint64_t memory = 0;                /* bytes; whole MiB of it count */
	std::vector<std::string> arguments; /* the target's */
};

struct cache_change_options {
	std::string name;
	uint64_t memory = 0;
};

exit_status run_cache_list(const tree &files,
			   const cache_list_options &options);
exit_status run_cache_watch(const tree &files,
			    const cache_watch_options &options);
/* These call zcachectl(8), which knows how device-mapper is to be told. */
exit_status run_cache_attach(const tree &files,
			     const cache_attach_options &options);
exit_status run_cache_detach(const tree &files,
			     const cache_change_options &options);
exit_status run_cache_limit(const tree &files,
			    const cache_change_options &options);
exit_status run_cache_drop(const tree &files,
			   const cache_change_options &options);

} /* namespace zsmctl */

#endif /* ZSMCTL_CMD_CACHE_HH */
