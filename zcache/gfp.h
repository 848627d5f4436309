/* SPDX-License-Identifier: GPL-2.0 */
/* How the cache allocates while it works. */
#ifndef ZCACHE_GFP_H
#define ZCACHE_GFP_H

#include <linux/gfp.h>

/* Memory of the page cache's kind: nobody waits, and no reserve is touched. */
#define ZCACHE_GFP \
	(GFP_NOWAIT | __GFP_NORETRY | __GFP_NOMEMALLOC | __GFP_NOWARN)

#endif /* ZCACHE_GFP_H */
