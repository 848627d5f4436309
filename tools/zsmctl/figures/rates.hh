/* SPDX-License-Identifier: GPL-2.0 */
/* What has happened between two looks at a machine. Pure. */
#ifndef ZSMCTL_FIGURES_RATES_HH
#define ZSMCTL_FIGURES_RATES_HH

#include "tools/zsmctl/sys/system.hh"

#include <optional>

namespace zsmctl {

struct rates {
	double read = 0; /* bytes a second */
	double written = 0;
	/* Microseconds that an access took, on average; nothing if there was
	 * none. */
	std::optional<double> read_us;
	std::optional<double> write_us;
	double from_disk = 0; /* bytes a second */
	double to_disk = 0;
};

/* A counter that went back was reset: its rate is 0. */
rates rates_of(const zram_device &before, const zram_device &now,
	       double seconds);

/* Percent of the time in which tasks waited for memory; nothing if it is not
 * told. */
std::optional<double> stalled_percent(const machine &before, const machine &now,
				      double seconds);

} /* namespace zsmctl */

#endif /* ZSMCTL_FIGURES_RATES_HH */
