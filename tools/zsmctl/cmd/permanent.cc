// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/cmd/permanent.hh"

#include "tools/zsmctl/cmd/exit.hh"
#include "tools/zsmctl/figures/boot.hh"
#include "tools/zsmctl/sys/node.hh"
#include "tools/zsmctl/sys/program.hh"
#include "tools/zsmctl/sys/whole_file.hh"

#include <algorithm>
#include <fmt/format.h>

namespace zsmctl {

namespace {

const char generator[] = "/usr/lib/systemd/system-generators/zram-generator";

bool has_generator(const tree &files)
{
	return files.exists(generator);
}

/* The generator gives nothing a label. */
bool takes_generator(const tree &files, const plan &p)
{
	return has_generator(files) && p.label.empty();
}

std::vector<boot_file> files_of(const tree &files, const plan &p)
{
	return takes_generator(files, p) ? generator_files(p)
					 : service_files(p);
}

bool is_ours(const tree &files, const std::string &path)
{
	return files.read(path).text.rfind(boot_mark, 0) == 0;
}

/* Where there is no systemd that runs, it reads its files when it does. */
void tell_systemd(const tree &files, const arguments &command)
{
	if (!files.exists("/run/systemd/system"))
		return;
	const ended e = run_program(command);

	if (!e)
		throw failure(EXIT_FAILED, e.output);
}

/* Removes what is ours, but for @kept. Return: whether there was any. */
bool remove_all_but(const tree &files, const std::vector<boot_file> &kept)
{
	bool any = false;

	for (const std::string &path : boot_paths()) {
		if (!is_ours(files, path) ||
		    std::any_of(
			    kept.begin(), kept.end(),
			    [&](const boot_file &k) { return k.path == path; }))
			continue;
		if (path.find(boot_service) != path.npos)
			tell_systemd(files, {"systemctl", "disable", "--quiet",
					     boot_service});
		remove_file(path);
		any = true;
	}
	return any;
}

} /* namespace */

plan at_boot(const tree &files, plan p)
{
	if (!p.disk.empty()) {
		const std::string name = lasting_name(files, p.disk);

		if (name.empty())
			throw failure(
				EXIT_FAILED,
				p.disk + " has no name that lasts over a "
					 "reboot, by-partuuid or by-id in "
					 "/dev/disk: leave --permanent out");
		p.disk = name;
	}
	const std::string why = boot_refusal(p, takes_generator(files, p));

	if (!why.empty())
		throw failure(EXIT_FAILED, why);
	return p;
}

void want_permanence(const tree &files, bool for_files)
{
	if (!files.exists("/usr/lib/systemd/system"))
		throw failure(EXIT_FAILED,
			      "there is no systemd here, which would set swap "
			      "up at boot: leave --permanent out");
	for (const std::string &path : boot_paths()) {
		if (files.exists(path) && !is_ours(files, path))
			throw failure(
				EXIT_UNSAFE,
				path + " is there, and zsmctl has not made it");
		if (files.exists(path) && !path.ends_with(".rules") &&
		    boots_files(files.read(path).text) != for_files)
			throw failure(EXIT_UNSAFE,
				      path + " sets something else up at boot; "
					     "`zsmctl remove' ends that");
	}
}

void show_permanent(const tree &files, const plan &p)
{
	for (const boot_file &file : files_of(files, p))
		fmt::print("\n{}:\n{}", file.path, file.text);
	if (!takes_generator(files, p))
		fmt::print("\n  systemctl enable {}\n", boot_service);
}

void make_permanent(const tree &files, const plan &p)
{
	const std::vector<boot_file> wanted = files_of(files, p);

	for (const boot_file &file : wanted) {
		write_whole_file(file.path, file.text);
		fmt::print("wrote {}\n", file.path);
	}
	/* Of another set-up, by a generator that was not there then. */
	remove_all_but(files, wanted);
	tell_systemd(files, {"systemctl", "daemon-reload"});
	if (!takes_generator(files, p))
		tell_systemd(files,
			     {"systemctl", "enable", "--quiet", boot_service});
}

bool end_permanence(const tree &files)
{
	const bool any = remove_all_but(files, {});

	if (any)
		tell_systemd(files, {"systemctl", "daemon-reload"});
	return any;
}

} /* namespace zsmctl */
