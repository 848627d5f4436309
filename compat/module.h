/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a module exports. The kernel's own look-up answers a module that is loaded already
 * only for what is exported for the GPL (since 6.6). The rows of its table are as below in
 * every kernel, although the headers do not show them since 6.4. A second table, for the
 * GPL, is gone in newer ones: Kbuild asks the header.
 */
#ifndef COMPAT_MODULE_H
#define COMPAT_MODULE_H

#include <linux/module.h>
#include <linux/string.h>

struct compat_symbol {
#ifdef CONFIG_HAVE_ARCH_PREL32_RELOCATIONS
	int value;
	int name;
	int namespace;
#else
	unsigned long value;
	const char *name;
	const char *namespace;
#endif
};

#ifdef CONFIG_HAVE_ARCH_PREL32_RELOCATIONS

static inline void *compat_symbol_value(const struct compat_symbol *symbol)
{
	return (char *)&symbol->value + symbol->value;
}

static inline const char *compat_symbol_name(const struct compat_symbol *symbol)
{
	return (const char *)&symbol->name + symbol->name;
}

#else

static inline void *compat_symbol_value(const struct compat_symbol *symbol)
{
	return (void *)symbol->value;
}

static inline const char *compat_symbol_name(const struct compat_symbol *symbol)
{
	return symbol->name;
}

#endif

static inline void *compat_symbol_find(const struct kernel_symbol *table,
				       unsigned int nr, const char *name)
{
	const struct compat_symbol *symbols = (const void *)table;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (!strcmp(compat_symbol_name(&symbols[i]), name))
			return compat_symbol_value(&symbols[i]);
	}
	return NULL;
}

/* The address of what a module exports under a name, or NULL; the module is live. */
static inline void *compat_module_symbol(const struct module *module,
					 const char *name)
{
	void *found = compat_symbol_find(module->syms, module->num_syms, name);

#ifdef ZSM_MODULE_GPL_SYMS
	if (!found)
		found = compat_symbol_find(module->gpl_syms,
					   module->num_gpl_syms, name);
#endif
	return found;
}

#endif /* COMPAT_MODULE_H */
