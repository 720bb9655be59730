/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-labels-file.h"
#include "assay-limits.h"
#include "assay-manner-group.h"
#include "assay-preprocess.h"

/* So many labels are named as an example. */
#define NAMED_LABELS 3

/* The first of the combo row; the protocols follow in their order. */
#define AUTO 0

typedef enum { SCORES_PLAIN, SCORES_SOFTMAX, SCORES_PERCENT } Scores;

struct _AssayMannerGroup {
  AdwPreferencesGroup parent_instance;

  AdwComboRow *protocol;
  GtkEditable *path;
  GtkEditable *body;
  AdwActionRow *labels_row;
  GtkWidget *labels_clear;
  GtkWidget *labels_choose;
  AdwComboRow *scores;
  GtkEditable *preprocess;

  char **labels;                 /* (nullable) */
  GtkFileChooserNative *chooser; /* (nullable): nobody's child, so it is kept here */
};

G_DEFINE_FINAL_TYPE (AssayMannerGroup, assay_manner_group, ADW_TYPE_PREFERENCES_GROUP)

/* %NULL while it is to be found out. */
static const AssayProtocol *
get_protocol (AssayMannerGroup *self)
{
  guint chosen = adw_combo_row_get_selected (self->protocol);
  const AssayProtocol *const *protocols;
  guint n;

  protocols = assay_protocol_get_all (&n);
  return chosen > AUTO && chosen <= n ? protocols[chosen - 1] : NULL;
}

/* ML Foundation knows all by itself, and so does what isn't found out yet. */
static void
show_rows (AssayMannerGroup *self)
{
  const AssayProtocol *protocol = get_protocol (self);
  gboolean open = protocol != NULL && !g_str_equal (protocol->id, "mlf");
  gboolean generic = open && g_str_equal (protocol->id, "generic");

  gtk_widget_set_visible (GTK_WIDGET (self->path), generic);
  gtk_widget_set_visible (GTK_WIDGET (self->body), open);
  gtk_widget_set_visible (GTK_WIDGET (self->labels_row), open);
  gtk_widget_set_visible (GTK_WIDGET (self->scores), open);
  gtk_widget_set_visible (GTK_WIDGET (self->preprocess), open && !generic);
}

static char *
dup_labels_text (AssayMannerGroup *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = self->labels != NULL ? g_strv_length (self->labels) : 0;

  if (n == 0)
    return g_strdup (_("As the service says them, else “class 0”, “class 1” and so on"));
  g_string_append_printf (text, ngettext ("%u label: ", "%u labels: ", n), n);
  for (guint i = 0; i < MIN (n, NAMED_LABELS); i++)
    {
      g_autofree char *shown = assay_display_text (self->labels[i], -1, 40);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", shown);
    }
  if (n > NAMED_LABELS)
    g_string_append (text, ", …");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
show_labels (AssayMannerGroup *self)
{
  g_autofree char *text = dup_labels_text (self);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_action_row_set_subtitle (self->labels_row, escaped);
  gtk_widget_set_visible (self->labels_clear, self->labels != NULL);
}

static void
tell (AssayMannerGroup *self)
{
  g_signal_emit_by_name (self, "edited");
}

static void
chosen_cb (AssayMannerGroup *self)
{
  show_rows (self);
  assay_manner_group_set_found (self, NULL);
  tell (self);
}

static void
scores_cb (AssayMannerGroup *self)
{
  tell (self);
}

static void
edited_cb (GtkWidget *entry,
           AssayMannerGroup *self)
{
  gtk_widget_remove_css_class (entry, "error");
  tell (self);
}

/* ---- labels ---- */

static void
take_labels (AssayMannerGroup *self,
             char **labels)
{
  g_strfreev (self->labels);
  self->labels = labels;
  show_labels (self);
  tell (self);
}

static void
loaded_cb (GObject *object,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (AssayMannerGroup) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  char **labels = NULL;
  gsize length;

  if (g_file_load_contents_finish (G_FILE (object), result, &text, &length, NULL, &error))
    labels = assay_labels_parse (text, length, &error);
  if (labels != NULL)
    take_labels (self, labels);
  else
    {
      g_autofree char *escaped = g_markup_escape_text (error->message, -1);

      adw_action_row_set_subtitle (self->labels_row, escaped);
    }
}

static void
labels_response_cb (GtkNativeDialog *chooser,
                    int response,
                    AssayMannerGroup *self)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (file != NULL)
    g_file_load_contents_async (file, NULL, loaded_cb, g_object_ref (self));
  g_clear_object (&self->chooser);
}

static void
choose_labels_cb (AssayMannerGroup *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Choose a File with Labels"), GTK_WINDOW (root),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (labels_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* The focus does not go with the button that is pressed away. */
static void
clear_labels_cb (AssayMannerGroup *self)
{
  gtk_widget_grab_focus (self->labels_choose);
  take_labels (self, NULL);
}

/* ---- the widget ---- */

static void
assay_manner_group_dispose (GObject *object)
{
  AssayMannerGroup *self = ASSAY_MANNER_GROUP (object);

  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_MANNER_GROUP);
  G_OBJECT_CLASS (assay_manner_group_parent_class)->dispose (object);
}

static void
assay_manner_group_finalize (GObject *object)
{
  g_strfreev (ASSAY_MANNER_GROUP (object)->labels);
  G_OBJECT_CLASS (assay_manner_group_parent_class)->finalize (object);
}

static void
assay_manner_group_class_init (AssayMannerGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_manner_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = assay_manner_group_finalize;
  g_signal_new ("edited", ASSAY_TYPE_MANNER_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-manner-group.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayMannerGroup, protocol);
  gtk_widget_class_bind_template_child (widget_class, AssayMannerGroup, path);
  gtk_widget_class_bind_template_child (widget_class, AssayMannerGroup, body);
  gtk_widget_class_bind_template_child (widget_class, AssayMannerGroup, labels_row);
  gtk_widget_class_bind_template_child (widget_class, AssayMannerGroup, labels_clear);
  gtk_widget_class_bind_template_child (widget_class, AssayMannerGroup, labels_choose);
  gtk_widget_class_bind_template_child (widget_class, AssayMannerGroup, scores);
  gtk_widget_class_bind_template_child (widget_class, AssayMannerGroup, preprocess);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, scores_cb);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_labels_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_labels_cb);
}

static void
fill_protocols (AssayMannerGroup *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  const AssayProtocol *const *protocols;
  guint n;

  protocols = assay_protocol_get_all (&n);
  gtk_string_list_append (titles, _("Found out by itself"));
  for (guint i = 0; i < n; i++)
    gtk_string_list_append (titles, protocols[i]->title);
  adw_combo_row_set_model (self->protocol, G_LIST_MODEL (titles));
}

static void
assay_manner_group_init (AssayMannerGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_protocols (self);
  show_rows (self);
  show_labels (self);
}

static void
choose_protocol (AssayMannerGroup *self,
                 const AssayProtocol *protocol)
{
  const AssayProtocol *const *protocols;
  guint n;

  protocols = assay_protocol_get_all (&n);
  for (guint i = 0; i < n; i++)
    if (protocols[i] == protocol)
      adw_combo_row_set_selected (self->protocol, i + 1);
}

static void
set_text (GtkEditable *entry,
          const char *text)
{
  gtk_editable_set_text (entry, text != NULL ? text : "");
}

/**
 * assay_manner_group_show:
 * @connection: (transfer none): whose manner is shown
 */
void
assay_manner_group_show (AssayMannerGroup *self,
                         AssayConnection *connection)
{
  g_autoptr (AssayProfile) profile = NULL;
  Scores scores = SCORES_PLAIN;

  g_return_if_fail (ASSAY_IS_MANNER_GROUP (self));

  profile = assay_connection_dup_profile (connection);
  if (profile->softmax)
    scores = SCORES_SOFTMAX;
  else if (profile->percent)
    scores = SCORES_PERCENT;
  choose_protocol (self, assay_connection_get_protocol (connection));
  set_text (self->path, profile->template);
  set_text (self->body, profile->body);
  set_text (self->preprocess, profile->preprocess);
  adw_combo_row_set_selected (self->scores, scores);
  g_strfreev (self->labels);
  self->labels = g_strdupv (profile->labels);
  show_labels (self);
}

/**
 * assay_manner_group_choose:
 * @protocol: the name of one
 */
void
assay_manner_group_choose (AssayMannerGroup *self,
                           const char *protocol)
{
  g_return_if_fail (ASSAY_IS_MANNER_GROUP (self));

  choose_protocol (self, assay_protocol_find (protocol));
}

/**
 * assay_manner_group_set_found:
 * @text: (nullable): what the service has turned out to be
 */
void
assay_manner_group_set_found (AssayMannerGroup *self,
                              const char *text)
{
  g_autofree char *escaped = NULL;

  g_return_if_fail (ASSAY_IS_MANNER_GROUP (self));

  escaped = text != NULL ? g_markup_escape_text (text, -1) : g_strdup ("");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->protocol), escaped);
}

/**
 * assay_manner_group_is_auto:
 *
 * Returns: whether the protocol is to be found out
 */
gboolean
assay_manner_group_is_auto (AssayMannerGroup *self)
{
  g_return_val_if_fail (ASSAY_IS_MANNER_GROUP (self), FALSE);

  return get_protocol (self) == NULL;
}

static char *
dup_typed (GtkEditable *entry)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (entry)));
}

/**
 * assay_manner_group_check:
 * @wrong: (out) (transfer none): the entry that @error is about
 * @error: what is wrong with what was typed
 *
 * Returns: whether all was well
 */
gboolean
assay_manner_group_check (AssayMannerGroup *self,
                          GtkWidget **wrong,
                          GError **error)
{
  g_autofree char *preprocess = dup_typed (self->preprocess);
  AssayPreprocess parsed;

  g_return_val_if_fail (ASSAY_IS_MANNER_GROUP (self), FALSE);

  assay_preprocess_init_default (&parsed, 0, 0);
  if (*preprocess == '\0' || assay_preprocess_parse (&parsed, preprocess, error))
    return TRUE;
  *wrong = GTK_WIDGET (self->preprocess);
  return FALSE;
}

/**
 * assay_manner_group_apply:
 * @draft: (transfer none): takes what is shown; keeps its protocol where that is to be
 *   found out
 */
void
assay_manner_group_apply (AssayMannerGroup *self,
                          AssayConnection *draft)
{
  const AssayProtocol *protocol;
  g_autofree char *path = NULL;
  g_autofree char *body = NULL;
  g_autofree char *preprocess = NULL;
  Scores scores;

  g_return_if_fail (ASSAY_IS_MANNER_GROUP (self));

  protocol = get_protocol (self);
  path = dup_typed (self->path);
  body = dup_typed (self->body);
  preprocess = dup_typed (self->preprocess);
  scores = adw_combo_row_get_selected (self->scores);
  if (protocol != NULL)
    g_object_set (draft, "protocol", protocol->id, NULL);
  g_object_set (draft,
                "template", path,
                "body", body,
                "preprocess", preprocess,
                "softmax", scores == SCORES_SOFTMAX,
                "percent", scores == SCORES_PERCENT,
                NULL);
  assay_connection_set_labels (draft, (const char *const *) self->labels);
}
