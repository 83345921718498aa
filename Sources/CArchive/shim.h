// What Swift cannot import of libarchive: file types are macros with casts, and its error numbers are not in a public header.
#ifndef UPLIFT_CARCHIVE_SHIM_H
#define UPLIFT_CARCHIVE_SHIM_H

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>

static const unsigned int uplift_archive_type_file = AE_IFREG;
static const unsigned int uplift_archive_type_symbolic_link = AE_IFLNK;
static const unsigned int uplift_archive_type_socket = AE_IFSOCK;
static const unsigned int uplift_archive_type_character_device = AE_IFCHR;
static const unsigned int uplift_archive_type_block_device = AE_IFBLK;
static const unsigned int uplift_archive_type_directory = AE_IFDIR;
static const unsigned int uplift_archive_type_fifo = AE_IFIFO;

// The number that comes with the warning "cannot be converted to current locale"; the name is then kept as it was stored.
static const int uplift_archive_error_conversion = EILSEQ;

#endif
