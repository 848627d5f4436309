/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The fewest pages that objects of a class can lie in, found by going through
 * all ways to lay them out. It shares no rule with the core.
 */
#ifndef ZSM_TESTS_OPTIMUM_HH
#define ZSM_TESTS_OPTIMUM_HH

#include <cstdint>

namespace model {

/* In zspages of whatever number. */
uint64_t fewest_pages(uint32_t class_idx, uint64_t nr_objs);

} /* namespace model */

#endif /* ZSM_TESTS_OPTIMUM_HH */
