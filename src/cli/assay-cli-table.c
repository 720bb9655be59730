/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "assay-cli-table.h"
#include "assay-display.h"

typedef struct {
  guint order;
  guint arrival;              /* keeps the lines of one order together */
  char *cells[ASSAY_CLI_TABLE_COLUMNS];
} Row;

struct _AssayCliTable {
  Row *titles;
  GPtrArray *rows;            /* (element-type Row) */
  gboolean right[ASSAY_CLI_TABLE_COLUMNS];
};

static void
row_free (gpointer data)
{
  Row *self = data;

  for (guint i = 0; i < ASSAY_CLI_TABLE_COLUMNS; i++)
    g_free (self->cells[i]);
  g_free (self);
}

static Row *
row_new (guint order,
         guint arrival,
         const char *const cells[ASSAY_CLI_TABLE_COLUMNS])
{
  Row *self = g_new0 (Row, 1);

  self->order = order;
  self->arrival = arrival;
  for (guint i = 0; i < ASSAY_CLI_TABLE_COLUMNS; i++)
    self->cells[i] = assay_display_text (cells[i], -1, 0);
  return self;
}

/**
 * assay_cli_table_new:
 * @titles: of the columns
 *
 * Returns: (transfer full): a table without rows
 */
AssayCliTable *
assay_cli_table_new (const char *const titles[ASSAY_CLI_TABLE_COLUMNS])
{
  AssayCliTable *self = g_new0 (AssayCliTable, 1);

  self->titles = row_new (0, 0, titles);
  self->rows = g_ptr_array_new_with_free_func (row_free);
  return self;
}

void
assay_cli_table_free (AssayCliTable *self)
{
  row_free (self->titles);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

/**
 * assay_cli_table_set_right:
 * @column: a column of figures
 */
void
assay_cli_table_set_right (AssayCliTable *self,
                           guint column)
{
  g_return_if_fail (column < ASSAY_CLI_TABLE_COLUMNS);

  self->right[column] = TRUE;
}

/**
 * assay_cli_table_add:
 * @order: where the row stands; rows of equal order stay as they came
 * @cells: any bytes; made safe here
 */
void
assay_cli_table_add (AssayCliTable *self,
                     guint order,
                     const char *const cells[ASSAY_CLI_TABLE_COLUMNS])
{
  g_ptr_array_add (self->rows, row_new (order, self->rows->len, cells));
}

/* Columns that a terminal gives to a text. */
static guint
text_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_iszerowidth (c))
        width += g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

static void
append_cell (GString *out,
             const char *text,
             guint width,
             gboolean right,
             gboolean last)
{
  guint padding = width - text_width (text);

  if (right)
    g_string_append_printf (out, "%*s", (int) padding, "");
  g_string_append (out, text);
  if (!right && !last)
    g_string_append_printf (out, "%*s", (int) padding, "");
  g_string_append (out, last ? "\n" : "  ");
}

static void
append_row (GString *out,
            const AssayCliTable *self,
            const Row *row,
            const guint widths[ASSAY_CLI_TABLE_COLUMNS])
{
  for (guint i = 0; i < ASSAY_CLI_TABLE_COLUMNS; i++)
    append_cell (out, row->cells[i], widths[i], self->right[i], i + 1 == ASSAY_CLI_TABLE_COLUMNS);
}

static void
widen (guint widths[ASSAY_CLI_TABLE_COLUMNS],
       const Row *row)
{
  for (guint i = 0; i < ASSAY_CLI_TABLE_COLUMNS; i++)
    widths[i] = MAX (widths[i], text_width (row->cells[i]));
}

static int
compare_rows (gconstpointer a,
              gconstpointer b)
{
  const Row *left = *(Row *const *) a;
  const Row *right = *(Row *const *) b;

  if (left->order != right->order)
    return left->order < right->order ? -1 : 1;
  return left->arrival < right->arrival ? -1 : 1;
}

/**
 * assay_cli_table_format:
 *
 * Returns: (transfer full): the whole table, a line each for titles and rows
 */
char *
assay_cli_table_format (AssayCliTable *self)
{
  GString *out = g_string_new (NULL);
  guint widths[ASSAY_CLI_TABLE_COLUMNS] = { 0 };

  g_ptr_array_sort (self->rows, compare_rows);
  widen (widths, self->titles);
  for (guint i = 0; i < self->rows->len; i++)
    widen (widths, g_ptr_array_index (self->rows, i));

  append_row (out, self, self->titles, widths);
  for (guint i = 0; i < self->rows->len; i++)
    append_row (out, self, g_ptr_array_index (self->rows, i), widths);
  return g_string_free (out, FALSE);
}
