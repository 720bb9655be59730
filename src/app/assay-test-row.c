/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-facts-text.h"
#include "assay-test-row.h"

/* One step's line. */
typedef struct {
  GtkWidget *line;
  GtkWidget *spinner;
  GtkImage *icon;
  GtkLabel *text;
} Line;

struct _AssayTestRow {
  AdwPreferencesRow parent_instance;

  GtkImage *icon;
  GtkLabel *headline;
  GtkBox *steps;
  GtkLabel *remedy;
  GtkWidget *certificate;

  Line lines[ASSAY_N_STEPS];
};

G_DEFINE_FINAL_TYPE (AssayTestRow, assay_test_row, ADW_TYPE_PREFERENCES_ROW)

static void
set_icon (GtkImage *image,
          const char *icon,
          const char *style)
{
  const char *classes[] = { style, NULL };

  gtk_widget_set_visible (GTK_WIDGET (image), icon != NULL);
  gtk_image_set_from_icon_name (image, icon);
  gtk_widget_set_css_classes (GTK_WIDGET (image), classes);
}

static void
make_line (AssayTestRow *self,
           AssayStep step)
{
  Line *line = &self->lines[step];

  line->line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  line->spinner = gtk_spinner_new ();
  line->icon = GTK_IMAGE (g_object_new (GTK_TYPE_IMAGE, "accessible-role",
                                        GTK_ACCESSIBLE_ROLE_PRESENTATION, "valign",
                                        GTK_ALIGN_START, NULL));
  line->text = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (line->text, 0);
  gtk_label_set_wrap (line->text, TRUE);
  gtk_label_set_wrap_mode (line->text, PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (GTK_WIDGET (line->text), TRUE);
  gtk_box_append (GTK_BOX (line->line), line->spinner);
  gtk_box_append (GTK_BOX (line->line), GTK_WIDGET (line->icon));
  gtk_box_append (GTK_BOX (line->line), GTK_WIDGET (line->text));
  gtk_box_append (self->steps, line->line);
}

static void
set_line (AssayTestRow *self,
          AssayStep step,
          const char *icon,
          const char *style,
          const char *text)
{
  Line *line = &self->lines[step];
  g_autofree char *words = NULL;

  if (text != NULL)
    words = g_strdup_printf (_("%s: %s"), assay_step_get_title (step), text);
  gtk_label_set_text (line->text, words != NULL ? words : assay_step_get_title (step));
  gtk_widget_set_visible (line->line, TRUE);
  gtk_widget_set_visible (line->spinner, icon == NULL);
  gtk_spinner_set_spinning (GTK_SPINNER (line->spinner), icon == NULL);
  set_icon (line->icon, icon, style);
}

static void
hide_lines (AssayTestRow *self)
{
  for (guint step = 0; step < ASSAY_N_STEPS; step++)
    {
      gtk_spinner_set_spinning (GTK_SPINNER (self->lines[step].spinner), FALSE);
      gtk_widget_set_visible (self->lines[step].line, FALSE);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->remedy), FALSE);
  gtk_widget_set_visible (self->certificate, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->steps), FALSE);
}

static void
test_cb (AssayTestRow *self)
{
  g_signal_emit_by_name (self, "test");
}

static void
certificate_cb (AssayTestRow *self)
{
  g_signal_emit_by_name (self, "show-certificate");
}

static void
assay_test_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_TEST_ROW);
  G_OBJECT_CLASS (assay_test_row_parent_class)->dispose (object);
}

static void
assay_test_row_class_init (AssayTestRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_test_row_dispose;
  g_signal_new ("test", ASSAY_TYPE_TEST_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
  g_signal_new ("show-certificate", ASSAY_TYPE_TEST_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-test-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayTestRow, icon);
  gtk_widget_class_bind_template_child (widget_class, AssayTestRow, headline);
  gtk_widget_class_bind_template_child (widget_class, AssayTestRow, steps);
  gtk_widget_class_bind_template_child (widget_class, AssayTestRow, remedy);
  gtk_widget_class_bind_template_child (widget_class, AssayTestRow, certificate);
  gtk_widget_class_bind_template_callback (widget_class, test_cb);
  gtk_widget_class_bind_template_callback (widget_class, certificate_cb);
}

static void
assay_test_row_init (AssayTestRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint step = 0; step < ASSAY_N_STEPS; step++)
    make_line (self, step);
  assay_test_row_reset (self);
}

static void
show_headline (AssayTestRow *self,
               const char *icon,
               const char *style,
               const char *words)
{
  set_icon (self->icon, icon, style);
  gtk_label_set_text (self->headline, words);
  gtk_widget_set_visible (GTK_WIDGET (self->headline), *words != '\0');
}

/**
 * assay_test_row_reset:
 *
 * Nothing is known of what stands in the form now.
 */
void
assay_test_row_reset (AssayTestRow *self)
{
  g_return_if_fail (ASSAY_IS_TEST_ROW (self));

  hide_lines (self);
  show_headline (self, NULL, NULL, _("Not tested yet"));
}

/**
 * assay_test_row_start:
 *
 * The first step is under way.
 */
void
assay_test_row_start (AssayTestRow *self)
{
  g_return_if_fail (ASSAY_IS_TEST_ROW (self));

  hide_lines (self);
  show_headline (self, NULL, NULL, _("Testing…"));
  gtk_widget_set_visible (GTK_WIDGET (self->steps), TRUE);
  set_line (self, ASSAY_STEP_LOOKUP, NULL, NULL, NULL);
}

/**
 * assay_test_row_tell:
 * @test: what is known so far
 * @step: the step that has just ended
 */
void
assay_test_row_tell (AssayTestRow *self,
                     const AssayClientTest *test,
                     AssayStep step)
{
  const AssayStepResult *result;

  g_return_if_fail (ASSAY_IS_TEST_ROW (self));
  g_return_if_fail (test != NULL && step < ASSAY_N_STEPS);

  result = &test->steps[step];
  if (result->state == ASSAY_STEP_FAILED)
    set_line (self, step, "process-stop-symbolic", "error", result->text);
  else if (result->state == ASSAY_STEP_SKIPPED)
    set_line (self, step, "value-decrease-symbolic", "dim-label", result->text);
  else
    set_line (self, step, "object-select-symbolic", "success", result->text);
  if (result->state != ASSAY_STEP_FAILED && step + 1 < ASSAY_N_STEPS
      && test->steps[step + 1].state == ASSAY_STEP_OPEN)
    set_line (self, step + 1, NULL, NULL, NULL);
}

static char *
dup_success (const AssayClientTest *test)
{
  guint ready = assay_client_test_count_ready (test);
  g_autofree char *took = assay_facts_dup_seconds (test->seconds);

  if (test->model == NULL)
    return g_strdup (_("Reached; no model has been asked"));
  if (ready == 0)
    return g_strdup_printf (_("%s answers · %s"), test->model, took);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s: %u version ready · %s",
                                       "%s: %u versions ready · %s", ready),
                          test->model, ready, took);
}

static void
show_failure (AssayTestRow *self,
              const AssayClientTest *test)
{
  guint step = 0;
  g_autofree char *words = NULL;

  while (step + 1 < ASSAY_N_STEPS && test->steps[step].state != ASSAY_STEP_FAILED)
    step++;
  words = g_strdup_printf (_("Failed at: %s"), assay_step_get_title (step));
  show_headline (self, "process-stop-symbolic", "error", words);
  gtk_label_set_text (self->remedy, test->steps[step].remedy);
  gtk_widget_set_visible (GTK_WIDGET (self->remedy), test->steps[step].remedy != NULL);
  gtk_widget_set_visible (self->certificate,
                          step == ASSAY_STEP_CERTIFICATE && test->certificate != NULL);
}

/**
 * assay_test_row_finish:
 * @test: all that was found
 */
void
assay_test_row_finish (AssayTestRow *self,
                       const AssayClientTest *test)
{
  g_autofree char *words = NULL;

  g_return_if_fail (ASSAY_IS_TEST_ROW (self));
  g_return_if_fail (test != NULL);

  if (test->error != NULL)
    {
      show_failure (self, test);
      return;
    }
  hide_lines (self);
  words = dup_success (test);
  show_headline (self, "object-select-symbolic", "success", words);
}
