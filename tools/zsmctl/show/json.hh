/* SPDX-License-Identifier: GPL-2.0 */
/* The state of compressed memory for programs. */
#ifndef ZSMCTL_SHOW_JSON_HH
#define ZSMCTL_SHOW_JSON_HH

#include "tools/zsmctl/sys/system.hh"

#include <string>

namespace zsmctl {

/*
 * One object, which zsmctl(8) describes. Names that are there stay, and keep
 * their meaning, for as long as its `format' is 1. All quantities are bytes.
 */
std::string in_json(const system_state &system);

} /* namespace zsmctl */

#endif /* ZSMCTL_SHOW_JSON_HH */
