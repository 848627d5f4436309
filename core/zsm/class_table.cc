// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The class table, made while compiling; the C side reads it directly. */
#include "core/zsm/class_table.hh"

extern "C" constinit const zsm_class_table zsm_classes =
	zsm::make_class_table();

static_assert(sizeof(zsm_class_row) == 16);
static_assert(offsetof(zsm_zspage, tail) == 28);
