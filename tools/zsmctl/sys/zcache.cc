// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/zcache.hh"

#include "tools/zsmctl/sys/parse.hh"
#include "tools/zsmctl/sys/program.hh"

#include <cerrno>
#include <unistd.h>

namespace zsmctl {

namespace {

const char module_folder[] = "/sys/module/dm_zcache";

/* `NAME: START LENGTH zcache REST...'; a name may have no blank. */
struct target_line {
	std::string name;
	std::vector<std::string_view> rest;
};

std::vector<target_line> targets_of(const std::string &text)
{
	std::vector<target_line> targets;

	for (const std::string_view line : split_lines(text)) {
		auto words = split_words(line);

		if (words.size() < 5 || words[3] != "zcache" ||
		    words[0].size() < 2 || words[0].back() != ':')
			continue;
		words[0].remove_suffix(1);
		const std::string name(words[0]);

		words.erase(words.begin(), words.begin() + 4);
		targets.push_back({name, std::move(words)});
	}
	return targets;
}

struct field {
	const char *name;
	uint64_t zcache_state::*value;
};

constexpr field fields[] = {
	{"block", &zcache_state::block},
	{"limit", &zcache_state::limit},
	{"used", &zcache_state::used},
	{"metadata", &zcache_state::metadata},
	{"objects", &zcache_state::objects},
	{"object_bytes", &zcache_state::object_bytes},
	{"hits", &zcache_state::hits},
	{"misses", &zcache_state::misses},
	{"fills", &zcache_state::fills},
	{"rejected", &zcache_state::rejected},
	{"no_room", &zcache_state::no_room},
	{"evicted", &zcache_state::evicted},
	{"invalidated", &zcache_state::invalidated},
	{"errors", &zcache_state::errors},
};

void set_field(zcache_state &z, std::string_view name, std::string_view text)
{
	const auto value = parse_number(text);

	if (!value)
		return;
	if (name == "full")
		z.full = *value;
	for (const field &f : fields)
		if (name == f.name)
			z.*f.value = *value;
}

/* `252:1' in the words that people know. */
std::string node_of(const tree &files, std::string_view number)
{
	const std::string folder = "/sys/dev/block/" + std::string(number);
	const reading dm = files.read(folder + "/dm/name");
	constexpr std::string_view key = "DEVNAME=";

	if (dm)
		return "/dev/mapper/" + dm.text;
	const reading events = files.read(folder + "/uevent");

	for (const std::string_view line : split_lines(events.text))
		if (line.substr(0, key.size()) == key)
			return "/dev/" + std::string(line.substr(key.size()));
	return std::string(number);
}

/* `DEVICE MIB COUNT codec NAME admit WHO ...'. */
void set_table(const tree &files, zcache_state &z,
	       const std::vector<std::string_view> &words)
{
	z.disk = node_of(files, words[0]);
	for (size_t i = 3; i + 1 < words.size(); i++) {
		if (words[i] == "codec")
			z.codec = words[i + 1];
		if (words[i] == "admit")
			z.admit = words[i + 1];
	}
}

/* dmsetup COMMAND --target zcache, or what a recording has of that. */
std::string ask(const tree &files, const char *command, int &error)
{
	if (!files.live())
		return files.read(std::string("/dmsetup/") + command).text;
	const ended e = run_program({"dmsetup", command, "--target", "zcache"});

	if (e)
		return e.output;
	error = e.status == 127 ? ENOENT : EIO;
	return {};
}

} /* namespace */

std::vector<zcache_state> parse_zcaches(const tree &files,
					const std::string &status,
					const std::string &table)
{
	std::vector<zcache_state> caches;

	for (const target_line &line : targets_of(status)) {
		zcache_state z;

		z.name = line.name;
		for (size_t i = 0; i + 1 < line.rest.size(); i += 2)
			set_field(z, line.rest[i], line.rest[i + 1]);
		for (const target_line &t : targets_of(table))
			if (t.name == z.name)
				set_table(files, z, t.rest);
		caches.push_back(z);
	}
	return caches;
}

zcache_list read_zcaches(const tree &files)
{
	zcache_list list;

	if (!files.exists(module_folder))
		return list;
	/* Device-mapper answers nobody else. */
	if (files.live() && ::geteuid()) {
		list.error = EACCES;
		return list;
	}
	const std::string status = ask(files, "status", list.error);

	if (!status.empty())
		list.caches = parse_zcaches(files, status,
					    ask(files, "table", list.error));
	return list;
}

} /* namespace zsmctl */
