/* SPDX-License-Identifier: GPL-2.0 */
/* Libraries of codecs that are loaded after this module. */
#ifndef ZSM_LIBRARY_H
#define ZSM_LIBRARY_H

/**
 * zsm_libraries_init() - notice libraries from now on
 *
 * Context: may sleep; when the module is loaded.
 * Return: 0 or an error.
 */
int zsm_libraries_init(void);

/* Lets go of the libraries; no codec is in use any more. May sleep. */
void zsm_libraries_exit(void);

#endif /* ZSM_LIBRARY_H */
