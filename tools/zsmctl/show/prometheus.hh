/* SPDX-License-Identifier: GPL-2.0 */
/* The state of compressed memory in Prometheus' text format. */
#ifndef ZSMCTL_SHOW_PROMETHEUS_HH
#define ZSMCTL_SHOW_PROMETHEUS_HH

#include "tools/zsmctl/sys/system.hh"

#include <string>

namespace zsmctl {

/* For node_exporter's textfile collector: version 0.0.4 of the text format. */
std::string in_prometheus(const system_state &system);

} /* namespace zsmctl */

#endif /* ZSMCTL_SHOW_PROMETHEUS_HH */
