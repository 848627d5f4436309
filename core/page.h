/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The size of a page, which the core knows when it is compiled. */
#ifndef ZSM_CORE_PAGE_H
#define ZSM_CORE_PAGE_H

/* The build defines the page shift of the target; user space tests 12 too. */
#ifndef ZSM_PAGE_SHIFT
#define ZSM_PAGE_SHIFT 12
#endif

#define ZSM_PAGE_SIZE (1u << ZSM_PAGE_SHIFT)

#endif /* ZSM_CORE_PAGE_H */
