/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What limits compressed memory, and what is wrong with it, as sentences. Each
 * finding has a name, by which a program can know it, and a text for people.
 */
#ifndef ZSMCTL_FIGURES_FINDINGS_HH
#define ZSMCTL_FIGURES_FINDINGS_HH

#include "tools/zsmctl/sys/system.hh"

#include <string>
#include <vector>

namespace zsmctl {

enum class severity {
	fact,    /* how it is set up: nothing to do */
	notice,  /* better known */
	problem, /* something does not work, or will not for long */
};

const char *severity_name(severity s);

struct finding {
	std::string name; /* memory-limit */
	severity level = severity::fact;
	std::string text; /* a sentence without its full stop */
};

/* What limits a device, then what else is to be said of it. */
std::vector<finding> device_findings(const system_state &system,
				     const zram_device &device);
std::vector<finding> zswap_findings(const system_state &system);
/* What is not one device's. */
std::vector<finding> system_findings(const system_state &system);

} /* namespace zsmctl */

#endif /* ZSMCTL_FIGURES_FINDINGS_HH */
