// What Swift cannot import of SQLite: variadic calls, macros with shifts, and SQLITE_TRANSIENT, which is a cast in a macro.
#ifndef UPLIFT_CSQLITE_SHIM_H
#define UPLIFT_CSQLITE_SHIM_H

#include <sqlite3.h>

// Extended codes are macros with shifts.
static const int uplift_sqlite_unique = SQLITE_CONSTRAINT_UNIQUE;
static const int uplift_sqlite_primary_key = SQLITE_CONSTRAINT_PRIMARYKEY;
static const int uplift_sqlite_row_id = SQLITE_CONSTRAINT_ROWID;
static const int uplift_sqlite_foreign_key = SQLITE_CONSTRAINT_FOREIGNKEY;
static const int uplift_sqlite_not_null = SQLITE_CONSTRAINT_NOTNULL;
static const int uplift_sqlite_check = SQLITE_CONSTRAINT_CHECK;

// SQLite copies the bytes before the call returns.
static inline int uplift_sqlite_bind_text(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_text64(statement, index, (const char *)bytes, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

// SQLite copies the bytes before the call returns. A null pointer would bind NULL, so an empty blob is bound by its length.
static inline int uplift_sqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
    if (count == 0) return sqlite3_bind_zeroblob(statement, index, 0);
    return sqlite3_bind_blob64(statement, index, bytes, count, SQLITE_TRANSIENT);
}

// A yes-or-no setting of one connection.
static inline int uplift_sqlite_set_option(sqlite3 *database, int option, int on) {
    return sqlite3_db_config(database, option, on, (int *)0);
}

#endif
