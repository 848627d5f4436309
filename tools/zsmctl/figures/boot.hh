/* SPDX-License-Identifier: GPL-2.0 */
/* The files that make a plan last over a reboot. */
#ifndef ZSMCTL_FIGURES_BOOT_HH
#define ZSMCTL_FIGURES_BOOT_HH

#include "tools/zsmctl/figures/plan.hh"

#include <string>
#include <vector>

namespace zsmctl {

/* The first line of all of them: what has no such line is another program's. */
extern const char boot_mark[];

struct boot_file {
	std::string path;
	std::string text;
};

/*
 * Why the files cannot say what the plan does; empty: they can. @by_udev: those
 * of the generator, and not a service.
 */
std::string boot_refusal(const plan &p, bool by_udev);

/*
 * For systemd-zram-generator, which sets a device up at boot; with a rule of
 * udev for the knobs that it does not know.
 */
std::vector<boot_file> generator_files(const plan &p);

/* For systemd alone: a service that calls zsmctl. */
std::vector<boot_file> service_files(const plan &p);

/* Where any of them may be. */
std::vector<std::string> boot_paths();

extern const char boot_service[];

/* Whether one of these files makes a file system, and no swap. */
bool boots_files(const std::string &text);

/* `zsmctl setup' with all that the plan has chosen. */
std::string setup_command(const plan &p);

} /* namespace zsmctl */

#endif /* ZSMCTL_FIGURES_BOOT_HH */
