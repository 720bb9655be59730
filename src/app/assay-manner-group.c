/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-generic-presets.h"
#include "assay-labels-load.h"
#include "assay-manner-group.h"
#include "assay-preprocess.h"
#include "assay-protocol-generic.h"
#include "assay-sight.h"

/* So many labels are named as an example. */
#define NAMED_LABELS 3

/* The first of the combo row; the protocols follow in their order. */
#define AUTO 0

/* Likewise of the presets of preprocessing, and the last of them: numbers of nobody's. */
#define GUESSED 0
#define OTHER_NUMBERS 5

/* Likewise of the kinds of servers. */
#define OTHER_SERVER 0

typedef enum { SCORES_PLAIN, SCORES_SOFTMAX, SCORES_PERCENT } Scores;

/* Invariant: while @showing, rows follow what another says, and nothing of it is an edit. */
struct _AssayMannerGroup {
  AdwPreferencesGroup parent_instance;

  AdwComboRow *protocol;
  AdwComboRow *server;
  GtkEditable *path;
  GtkEditable *body;
  AdwActionRow *labels_row;
  GtkWidget *labels_clear;
  GtkWidget *labels_choose;
  AdwComboRow *scores;
  AdwComboRow *preset;
  GtkEditable *preprocess;
  AssaySight *sight;

  gboolean showing;
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

/* What the words mean for each is at the top of its file. */
static const char *
get_body_title (const AssayProtocol *protocol)
{
  if (protocol != NULL && g_str_equal (protocol->id, "oip"))
    return _("Input of the Model (Optional)");
  if (protocol != NULL && g_str_equal (protocol->id, "kserve-v1"))
    return _("Form of the Request (Optional)");
  return _("How an Image Is Carried (Optional)");
}

/* ML Foundation knows all by itself, and so does what isn't found out yet. */
static void
show_rows (AssayMannerGroup *self)
{
  const AssayProtocol *protocol = get_protocol (self);
  gboolean open = protocol != NULL && !g_str_equal (protocol->id, "mlf");
  gboolean generic = open && g_str_equal (protocol->id, "generic");

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->body), get_body_title (protocol));
  gtk_widget_set_visible (GTK_WIDGET (self->server), generic);
  gtk_widget_set_visible (GTK_WIDGET (self->path), generic);
  gtk_widget_set_visible (GTK_WIDGET (self->body), open);
  gtk_widget_set_visible (GTK_WIDGET (self->labels_row), open);
  gtk_widget_set_visible (GTK_WIDGET (self->scores), open);
  gtk_widget_set_visible (GTK_WIDGET (self->preset), open && !generic);
  gtk_widget_set_visible (GTK_WIDGET (self->preprocess), open && !generic);
  gtk_widget_set_visible (GTK_WIDGET (self->sight), open && !generic);
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
set_text (GtkEditable *entry,
          const char *text)
{
  gtk_editable_set_text (entry, text != NULL ? text : "");
}

static char *
dup_typed (GtkEditable *entry)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (entry)));
}

/* ---- kinds of servers ---- */

static gboolean
says (GtkEditable *entry,
      const char *text)
{
  return g_str_equal (gtk_editable_get_text (entry), text != NULL ? text : "");
}

static void
show_server (AssayMannerGroup *self)
{
  const AssayGenericPreset *presets;
  guint chosen = OTHER_SERVER;
  guint n;

  presets = assay_generic_preset_get_all (&n);
  for (guint i = 0; i < n && chosen == OTHER_SERVER; i++)
    if (says (self->path, presets[i].template) && says (self->body, presets[i].body))
      chosen = i + 1;
  self->showing = TRUE;
  adw_combo_row_set_selected (self->server, chosen);
  self->showing = FALSE;
}

static void
server_cb (AssayMannerGroup *self)
{
  guint chosen = adw_combo_row_get_selected (self->server);
  const AssayGenericPreset *presets;
  g_autofree char *example = NULL;
  guint n;

  presets = assay_generic_preset_get_all (&n);
  if (chosen != OTHER_SERVER && chosen <= n)
    example = g_strdup_printf (_("Its URL is such as %s"), presets[chosen - 1].url);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->server), example != NULL ? example : "");
  if (self->showing || example == NULL
      || (says (self->path, presets[chosen - 1].template)
          && says (self->body, presets[chosen - 1].body)))
    return;
  self->showing = TRUE;
  set_text (self->path, presets[chosen - 1].template);
  set_text (self->body, presets[chosen - 1].body);
  self->showing = FALSE;
  if (presets[chosen - 1].percent)
    adw_combo_row_set_selected (self->scores, SCORES_PERCENT);
  if (presets[chosen - 1].api_key_header != NULL)
    g_signal_emit_by_name (self, "key-header", presets[chosen - 1].api_key_header);
  tell (self);
}

static void
edited_cb (GtkWidget *entry,
           AssayMannerGroup *self)
{
  gtk_widget_remove_css_class (entry, "error");
  if (self->showing)
    return;
  show_server (self);
  tell (self);
}

/* ---- preprocessing ---- */

static guint
find_preset (const char *text)
{
  AssayPreprocess preprocess;

  if (*text == '\0')
    return GUESSED;
  assay_preprocess_init_default (&preprocess, 0, 0);
  if (!assay_preprocess_parse (&preprocess, text, NULL))
    return OTHER_NUMBERS;
  return assay_preprocess_find_preset (&preprocess) + 1;
}

static gboolean
is_of_numbers (const char *word)
{
  return g_str_has_prefix (word, "scale=") || g_str_has_prefix (word, "mean=")
         || g_str_has_prefix (word, "std=") || g_strv_contains (assay_preset_names, word);
}

/* The size and all else that is no number stays as it was said. */
static char *
dup_with_preset (const char *text,
                 const char *preset)
{
  g_autoptr (GString) changed = g_string_new (preset);
  g_auto (GStrv) said = g_strsplit (text, ",", -1);

  for (guint i = 0; said[i] != NULL; i++)
    if (*g_strstrip (said[i]) != '\0' && !is_of_numbers (said[i]))
      g_string_append_printf (changed, ",%s", said[i]);
  return g_string_free (g_steal_pointer (&changed), FALSE);
}

static void
preset_cb (AssayMannerGroup *self)
{
  guint chosen = adw_combo_row_get_selected (self->preset);
  g_autofree char *text = NULL;

  if (self->showing)
    return;
  if (chosen == OTHER_NUMBERS)
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->preprocess));
      return;
    }
  if (chosen != GUESSED)
    text = dup_with_preset (gtk_editable_get_text (self->preprocess),
                            assay_preset_names[chosen - 1]);
  if (says (self->preprocess, text))
    return;
  /* An entry has no text for a moment while it is given another; the row that is being
   * chosen from must not follow that. */
  self->showing = TRUE;
  set_text (self->preprocess, text);
  self->showing = FALSE;
}

static void
preprocess_cb (GtkWidget *entry,
               AssayMannerGroup *self)
{
  g_autofree char *text = dup_typed (self->preprocess);

  gtk_widget_remove_css_class (entry, "error");
  if (!self->showing)
    {
      self->showing = TRUE;
      adw_combo_row_set_selected (self->preset, find_preset (text));
      self->showing = FALSE;
    }
  assay_sight_set_preprocess (self->sight, text);
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
  char **labels = assay_labels_load_finish (result, &error);

  /* The window may have gone meanwhile. */
  if (self->labels_row == NULL)
    {
      g_strfreev (labels);
      return;
    }
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
    assay_labels_load_async (file, NULL, loaded_cb, g_object_ref (self));
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
  g_signal_new ("key-header", ASSAY_TYPE_MANNER_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (ASSAY_TYPE_SIGHT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-manner-group.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayMannerGroup, protocol);
  gtk_widget_class_bind_template_child (widget_class, AssayMannerGroup, server);
  gtk_widget_class_bind_template_child (widget_class, AssayMannerGroup, path);
  gtk_widget_class_bind_template_child (widget_class, AssayMannerGroup, body);
  gtk_widget_class_bind_template_child (widget_class, AssayMannerGroup, labels_row);
  gtk_widget_class_bind_template_child (widget_class, AssayMannerGroup, labels_clear);
  gtk_widget_class_bind_template_child (widget_class, AssayMannerGroup, labels_choose);
  gtk_widget_class_bind_template_child (widget_class, AssayMannerGroup, scores);
  gtk_widget_class_bind_template_child (widget_class, AssayMannerGroup, preset);
  gtk_widget_class_bind_template_child (widget_class, AssayMannerGroup, preprocess);
  gtk_widget_class_bind_template_child (widget_class, AssayMannerGroup, sight);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, scores_cb);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, server_cb);
  gtk_widget_class_bind_template_callback (widget_class, preset_cb);
  gtk_widget_class_bind_template_callback (widget_class, preprocess_cb);
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
  gtk_string_list_append (titles, _("Automatic"));
  for (guint i = 0; i < n; i++)
    gtk_string_list_append (titles, protocols[i]->title);
  adw_combo_row_set_model (self->protocol, G_LIST_MODEL (titles));
}

static void
fill_servers (AssayMannerGroup *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  const AssayGenericPreset *presets;
  guint n;

  presets = assay_generic_preset_get_all (&n);
  gtk_string_list_append (titles, _("Another"));
  for (guint i = 0; i < n; i++)
    gtk_string_list_append (titles, presets[i].title);
  self->showing = TRUE;
  adw_combo_row_set_model (self->server, G_LIST_MODEL (titles));
  self->showing = FALSE;
}

static void
assay_manner_group_init (AssayMannerGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_protocols (self);
  fill_servers (self);
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

/**
 * assay_manner_group_check:
 * @draft: (transfer none): with what was typed, its address too
 * @wrong: (out) (transfer none): the entry that @error is about
 * @error: what is wrong with what was typed
 *
 * Returns: whether all was well
 */
gboolean
assay_manner_group_check (AssayMannerGroup *self,
                          AssayConnection *draft,
                          GtkWidget **wrong,
                          GError **error)
{
  const AssayProtocol *protocol;
  g_autoptr (AssayProfile) profile = NULL;
  AssayPreprocess parsed;

  g_return_val_if_fail (ASSAY_IS_MANNER_GROUP (self), FALSE);

  protocol = get_protocol (self);
  profile = assay_connection_dup_profile (draft);
  *wrong = GTK_WIDGET (self->path);
  if (protocol != NULL && g_str_equal (protocol->id, "generic")
      && !assay_generic_check (profile, error))
    return FALSE;
  *wrong = GTK_WIDGET (self->preprocess);
  assay_preprocess_init_default (&parsed, 0, 0);
  return profile->preprocess == NULL || assay_preprocess_parse (&parsed, profile->preprocess, error);
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
