/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-schema.h"

/* "Assy": tells the file from other programs' databases. */
#define APPLICATION_ID 0x41737379

#define TEXT(value) #value
#define VALUE_TEXT(value) TEXT (value)

/* Version 1: runs, their items, one answer for each item.
 *
 * Items and answers are clustered by run and position, so that a page of a run is
 * read from one place, and an answer is unique by its key.  Paths are blobs: they
 * are bytes, and need not be UTF-8.  Scores are IEEE 754 doubles, little-endian,
 * in the order sent; label_sets has the labels, each ended by a NUL, in the order
 * first seen; places (little-endian, 16 bits each) are the labels' places in the
 * set where an answer had them in another order.  A set's key is the SHA-256 of
 * its labels, sorted.  The counts of a run are kept by triggers, so that they are
 * true whoever writes. */
static const char version_1[] =
  "CREATE TABLE runs ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  lock INTEGER NOT NULL UNIQUE,"
  "  name TEXT NOT NULL,"
  "  started INTEGER NOT NULL,"
  "  ended INTEGER NOT NULL DEFAULT 0,"
  "  state TEXT NOT NULL DEFAULT 'running'"
  "    CHECK (state IN ('running', 'interrupted', 'finished')),"
  "  connection_id TEXT NOT NULL,"
  "  connection_name TEXT NOT NULL,"
  "  url TEXT NOT NULL,"
  "  protocol TEXT NOT NULL,"
  "  options TEXT NOT NULL,"
  "  model TEXT NOT NULL,"
  "  version TEXT NOT NULL,"
  "  given INTEGER NOT NULL,"
  "  items INTEGER NOT NULL DEFAULT 0,"
  "  answered INTEGER NOT NULL DEFAULT 0,"
  "  failed INTEGER NOT NULL DEFAULT 0,"
  "  rejected INTEGER NOT NULL DEFAULT 0,"
  "  canceled INTEGER NOT NULL DEFAULT 0"
  ") STRICT;"
  "CREATE TABLE items ("
  "  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,"
  "  position INTEGER NOT NULL,"
  "  path BLOB NOT NULL,"
  "  member BLOB,"
  "  member_index INTEGER,"
  "  \"group\" BLOB,"
  "  uri TEXT,"
  "  bytes INTEGER NOT NULL,"
  "  PRIMARY KEY (run, position)"
  ") STRICT, WITHOUT ROWID;"
  "CREATE TABLE label_sets ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  sha256 BLOB NOT NULL UNIQUE,"
  "  labels BLOB NOT NULL"
  ") STRICT;"
  "CREATE TABLE answers ("
  "  run INTEGER NOT NULL,"
  "  position INTEGER NOT NULL,"
  "  state TEXT NOT NULL CHECK (state IN ('answered', 'failed', 'rejected', 'canceled')),"
  "  label_set INTEGER REFERENCES label_sets,"
  "  scores BLOB,"
  "  places BLOB,"
  "  error_code TEXT,"
  "  error_message TEXT,"
  "  sha256 BLOB,"
  "  sent_sha256 BLOB,"
  "  attempts INTEGER NOT NULL,"
  "  seconds REAL NOT NULL,"
  "  ended INTEGER NOT NULL,"
  "  PRIMARY KEY (run, position),"
  "  FOREIGN KEY (run, position) REFERENCES items ON DELETE CASCADE,"
  "  CHECK ((state = 'answered') = (label_set IS NOT NULL AND scores IS NOT NULL)),"
  "  CHECK ((state IN ('failed', 'rejected')) = (error_code IS NOT NULL))"
  ") STRICT, WITHOUT ROWID;"
  "CREATE INDEX answers_label_set ON answers (label_set) WHERE label_set IS NOT NULL;"
  "CREATE INDEX answers_sha256 ON answers (sha256) WHERE sha256 IS NOT NULL;"
  "CREATE TRIGGER items_counted AFTER INSERT ON items BEGIN"
  "  UPDATE runs SET items = items + 1 WHERE id = NEW.run;"
  " END;"
  "CREATE TRIGGER answers_counted AFTER INSERT ON answers BEGIN"
  "  UPDATE runs SET answered = answered + (NEW.state = 'answered'),"
  "    failed = failed + (NEW.state = 'failed'),"
  "    rejected = rejected + (NEW.state = 'rejected'),"
  "    canceled = canceled + (NEW.state = 'canceled') WHERE id = NEW.run;"
  " END;"
  "CREATE TRIGGER answers_recounted AFTER UPDATE OF state ON answers BEGIN"
  "  UPDATE runs SET answered = answered + (NEW.state = 'answered') - (OLD.state = 'answered'),"
  "    failed = failed + (NEW.state = 'failed') - (OLD.state = 'failed'),"
  "    rejected = rejected + (NEW.state = 'rejected') - (OLD.state = 'rejected'),"
  "    canceled = canceled + (NEW.state = 'canceled') - (OLD.state = 'canceled')"
  "    WHERE id = NEW.run;"
  " END;";

/* Version 2: what a picture really shows, and who says so, whatever run it was in. */
static const char version_2[] =
  "CREATE TABLE truths ("
  "  sha256 BLOB NOT NULL PRIMARY KEY,"
  "  label TEXT NOT NULL,"
  "  source TEXT NOT NULL,"
  "  said INTEGER NOT NULL"
  ") STRICT, WITHOUT ROWID;";

/* Version 3: a mark is about one set of labels, by its key as in label_sets: where one
 * model has "roses", another one tells red ones from white ones.  What was said before
 * is said of the labels that the picture was answered in.  It is not a row of label_sets,
 * because those go with the answers. */
static const char version_3[] =
  "ALTER TABLE truths RENAME TO truths_2;"
  "CREATE TABLE truths ("
  "  sha256 BLOB NOT NULL,"
  "  label_set BLOB NOT NULL,"
  "  label TEXT NOT NULL,"
  "  source TEXT NOT NULL,"
  "  said INTEGER NOT NULL,"
  "  PRIMARY KEY (sha256, label_set)"
  ") STRICT, WITHOUT ROWID;"
  "INSERT INTO truths SELECT DISTINCT t.sha256, s.sha256, t.label, t.source, t.said"
  "  FROM truths_2 AS t JOIN answers AS a ON a.sha256 = t.sha256"
  "  JOIN label_sets AS s ON s.id = a.label_set;"
  "DROP TABLE truths_2;";

/* Each brings the file from the version before it to its own.  They are never
 * changed once files are made with them; a change is a further one.  Before it
 * comes, a file that the program as it was has written goes to the tests, as
 * version-N.db. */
static const char *const migrations[] = {
  version_1,
  version_2,
  version_3,
};

/**
 * assay_schema_get_version:
 *
 * Returns: the version that this program writes
 */
int
assay_schema_get_version (void)
{
  return G_N_ELEMENTS (migrations);
}

static int
read_number (sqlite3 *db,
             const char *sql,
             int *number)
{
  sqlite3_stmt *statement = NULL;
  int rc = sqlite3_prepare_v2 (db, sql, -1, &statement, NULL);

  if (rc == SQLITE_OK)
    rc = sqlite3_step (statement);
  if (rc == SQLITE_ROW)
    {
      *number = sqlite3_column_int (statement, 0);
      rc = SQLITE_OK;
    }
  sqlite3_finalize (statement);
  return rc;
}

static int
read_marks (sqlite3 *db,
            int *id,
            int *version,
            int *tables)
{
  int rc = read_number (db, "PRAGMA user_version", version);

  if (rc == SQLITE_OK)
    rc = read_number (db, "PRAGMA application_id", id);
  if (rc == SQLITE_OK)
    rc = read_number (db, "SELECT count(*) FROM sqlite_schema", tables);
  return rc;
}

/**
 * assay_schema_inspect:
 * @kind: (out): what the file is
 * @version: (out): the version of its schema
 *
 * Reads, and writes nothing.  All at once, because another process may be making
 * the file.
 *
 * Returns: SQLITE_OK, or what SQLite says
 */
int
assay_schema_inspect (sqlite3 *db,
                      AssaySchemaKind *kind,
                      int *version)
{
  const gboolean alone = sqlite3_get_autocommit (db);
  int id = 0;
  int tables = 0;
  int rc = alone ? sqlite3_exec (db, "BEGIN", NULL, NULL, NULL) : SQLITE_OK;

  if (rc == SQLITE_OK)
    rc = read_marks (db, &id, version, &tables);
  if (alone && !sqlite3_get_autocommit (db))
    sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);
  if (rc != SQLITE_OK)
    return rc;

  if (id == 0 && *version == 0 && tables == 0)
    *kind = ASSAY_SCHEMA_EMPTY;
  else if (id != APPLICATION_ID || *version < 1)
    *kind = ASSAY_SCHEMA_FOREIGN;
  else if (*version > assay_schema_get_version ())
    *kind = ASSAY_SCHEMA_NEWER;
  else
    *kind = *version < assay_schema_get_version () ? ASSAY_SCHEMA_OLDER : ASSAY_SCHEMA_CURRENT;
  return SQLITE_OK;
}

/* One step, in the transaction that is open. */
static int
migrate_to (sqlite3 *db,
            int version)
{
  g_autofree char *mark = g_strdup_printf ("PRAGMA user_version = %d", version);
  int rc = sqlite3_exec (db, migrations[version - 1], NULL, NULL, NULL);

  return rc == SQLITE_OK ? sqlite3_exec (db, mark, NULL, NULL, NULL) : rc;
}

/**
 * assay_schema_migrate:
 * @db: empty, or of an earlier version
 *
 * Brings it to the present version, all at once or not at all.  Whichever of two
 * processes comes second finds nothing left to do.
 *
 * Returns: SQLITE_OK, or what SQLite says; then nothing has changed
 */
int
assay_schema_migrate (sqlite3 *db)
{
  AssaySchemaKind kind = ASSAY_SCHEMA_CURRENT;
  int version = 0;
  int rc = sqlite3_exec (db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

  if (rc != SQLITE_OK)
    return rc;
  rc = assay_schema_inspect (db, &kind, &version);
  if (rc == SQLITE_OK && kind == ASSAY_SCHEMA_EMPTY)
    rc = sqlite3_exec (db, "PRAGMA application_id = " VALUE_TEXT (APPLICATION_ID), NULL, NULL,
                       NULL);
  if (kind == ASSAY_SCHEMA_EMPTY || kind == ASSAY_SCHEMA_OLDER)
    while (rc == SQLITE_OK && version < assay_schema_get_version ())
      rc = migrate_to (db, ++version);
  if (rc == SQLITE_OK)
    rc = sqlite3_exec (db, "COMMIT", NULL, NULL, NULL);
  if (rc != SQLITE_OK)
    sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);
  return rc;
}
