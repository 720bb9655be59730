/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "assay-card.h"
#include "assay-picture-menu.h"

/* What can be had as a picture, and the menu that offers it.  What becomes of the picture
 * is the window's: it knows the model, and has the clipboard and the file chooser. */

/* Pixels of the picture for one of the window, so that it stays sharp on a slide. */
#define SCALE 2

#define MAX_PARTS 3

/* Characters of a word in a file's name. */
#define MAX_WORD 40

typedef struct {
  const char *name;
  const char *title;
  GtkWidget *parts[MAX_PARTS];
  guint n_parts;
  GtkWidget *popover;         /* (nullable) (weak) until somebody has asked for it */
  GtkWidget *focus;           /* (nullable) (weak): what had it before the menu */
} Picture;

static GQuark
picture_quark (void)
{
  return g_quark_from_static_string ("assay-picture-menu");
}

static Picture *
get_picture (GtkWidget *widget)
{
  return g_object_get_qdata (G_OBJECT (widget), picture_quark ());
}

/* Of an image without an answer there is no card. */
static gboolean
is_shown (const Picture *self)
{
  for (guint i = 0; i < self->n_parts; i++)
    if (!gtk_widget_get_mapped (self->parts[i]))
      return FALSE;
  return TRUE;
}

/* ---- the menu ---- */

static GMenuModel *
create_model (const Picture *self)
{
  GMenu *menu = g_menu_new ();
  const struct {
    const char *label;
    const char *action;
  } items[] = {
    { _("Copy Picture"), "win.copy-picture" },
    { _("Save Picture…"), "win.save-picture" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (items[i].label, NULL);

      g_menu_item_set_action_and_target (item, items[i].action, "s", self->name);
      g_menu_append_item (menu, item);
    }
  return G_MENU_MODEL (menu);
}

/* Else whoever works by keys would begin at the top of the page again. */
static void
closed_cb (GtkWidget *popover,
           GtkWidget *widget)
{
  Picture *self = get_picture (widget);

  if (self->focus != NULL && gtk_widget_get_mapped (self->focus))
    gtk_widget_grab_focus (self->focus);
  g_clear_weak_pointer (&self->focus);
}

static void
ensure_popover (GtkWidget *widget,
                Picture *self)
{
  g_autoptr (GMenuModel) model = NULL;

  if (self->popover != NULL)
    return;
  model = create_model (self);
  g_set_weak_pointer (&self->popover, gtk_popover_menu_new_from_model (model));
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->popover), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->title, -1);
  g_signal_connect_object (self->popover, "closed", G_CALLBACK (closed_cb), widget, 0);
  gtk_widget_set_parent (self->popover, widget);
}

static gboolean
open_at (GtkWidget *widget,
         const GdkRectangle *place)
{
  Picture *self = get_picture (widget);
  GtkRoot *root = gtk_widget_get_root (widget);

  if (root == NULL || !is_shown (self))
    return FALSE;
  ensure_popover (widget, self);
  g_set_weak_pointer (&self->focus, gtk_root_get_focus (root));
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), place);
  gtk_popover_popup (GTK_POPOVER (self->popover));
  return TRUE;
}

static void
pressed_cb (GtkGesture *gesture,
            double x,
            double y,
            GtkWidget *widget)
{
  if (open_at (widget, &(GdkRectangle) { (int) x, (int) y, 1, 1 }))
    gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
clicked_cb (GtkGesture *gesture,
            int n_press,
            double x,
            double y,
            GtkWidget *widget)
{
  pressed_cb (gesture, x, y, widget);
}

/* Beside what has the focus: a person looks there. */
static gboolean
key_cb (GtkWidget *widget,
        GVariant *arguments,
        gpointer data)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  graphene_rect_t bounds;
  graphene_point_t middle;

  if (focus == NULL || !gtk_widget_compute_bounds (focus, widget, &bounds))
    graphene_rect_init (&bounds, 0, 0, gtk_widget_get_width (widget),
                        gtk_widget_get_height (widget));
  graphene_rect_get_center (&bounds, &middle);
  return open_at (widget, &(GdkRectangle) { (int) middle.x, (int) middle.y, 1, 1 });
}

static void
add_keys (GtkWidget *widget)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkShortcutTrigger *trigger =
    gtk_alternative_trigger_new (gtk_keyval_trigger_new (GDK_KEY_Menu, 0),
                                 gtk_keyval_trigger_new (GDK_KEY_F10, GDK_SHIFT_MASK));

  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (keys),
    gtk_shortcut_new (trigger, gtk_callback_action_new (key_cb, NULL, NULL)));
  gtk_widget_add_controller (widget, keys);
}

static void
add_gestures (GtkWidget *widget)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *press = gtk_gesture_long_press_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (clicked_cb), widget);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (press), TRUE);
  g_signal_connect (press, "pressed", G_CALLBACK (pressed_cb), widget);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (press));
}

/* A box has taken it apart with its other children by now, other widgets haven't. */
static void
destroy_cb (GtkWidget *widget)
{
  Picture *self = get_picture (widget);
  GtkWidget *popover = self->popover;

  g_clear_weak_pointer (&self->focus);
  g_clear_weak_pointer (&self->popover);
  if (popover != NULL)
    gtk_widget_unparent (popover);
}

/**
 * assay_picture_menu_add:
 * @widget: what can be had as a picture
 * @name: (transfer none): by which the window finds it, static
 * @title: (transfer none): what it is called in the name of a file, static
 * @parts: (array length=n_parts): widgets inside it, or itself, that the picture is made of
 *   from the top; there is a picture only while all of them are on the screen
 * @n_parts: 1 to 3
 *
 * Gives @widget a menu, by the secondary button, a long touch, the Menu key or Shift+F10,
 * that copies or saves its picture.
 */
void
assay_picture_menu_add (GtkWidget *widget,
                        const char *name,
                        const char *title,
                        GtkWidget *const *parts,
                        guint n_parts)
{
  Picture *self;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (get_picture (widget) == NULL);
  g_return_if_fail (n_parts > 0 && n_parts <= MAX_PARTS);

  self = g_new0 (Picture, 1);
  self->name = name;
  self->title = title;
  self->n_parts = n_parts;
  for (guint i = 0; i < n_parts; i++)
    self->parts[i] = parts[i];
  g_object_set_qdata_full (G_OBJECT (widget), picture_quark (), self, g_free);
  add_gestures (widget);
  add_keys (widget);
  g_signal_connect (widget, "destroy", G_CALLBACK (destroy_cb), NULL);
}

/* ---- the picture ---- */

/**
 * assay_picture_menu_find:
 * @root: a widget
 * @name: of assay_picture_menu_add()
 *
 * Returns: (transfer none) (nullable): what is called so in @root, if it is on the screen
 */
GtkWidget *
assay_picture_menu_find (GtkWidget *root,
                         const char *name)
{
  const Picture *self;
  GtkWidget *found = NULL;

  g_return_val_if_fail (GTK_IS_WIDGET (root), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  self = get_picture (root);
  if (self != NULL && g_str_equal (self->name, name))
    return is_shown (self) ? root : NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = assay_picture_menu_find (child, name);
  return found;
}

/**
 * assay_picture_menu_get_title:
 * @widget: one with a picture
 *
 * Returns: (transfer none): what it is called
 */
const char *
assay_picture_menu_get_title (GtkWidget *widget)
{
  g_return_val_if_fail (get_picture (widget) != NULL, NULL);

  return get_picture (widget)->title;
}

/**
 * assay_picture_menu_draw:
 * @widget: one with a picture
 * @caption: (nullable): what it is of, in words
 *
 * Returns: (transfer full) (nullable): @widget as it stands in the window, twice as large,
 *   with @caption below it; %NULL when it isn't on the screen
 */
GdkTexture *
assay_picture_menu_draw (GtkWidget *widget,
                         const char *caption)
{
  const Picture *self;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);

  self = get_picture (widget);
  g_return_val_if_fail (self != NULL, NULL);

  return is_shown (self) ? assay_card_draw (widget, self->parts, self->n_parts, SCALE, caption)
                         : NULL;
}

/* Letters, digits, dots and underscores, and one dash for any number of others. */
static void
append_word (GString *text,
             const char *word)
{
  g_autofree char *valid = g_utf8_make_valid (word, -1);
  const char *at = valid;

  for (guint i = 0; *at != '\0' && i < MAX_WORD; i++, at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_isalnum (c) || g_unichar_ismark (c) || c == '_' || (c == '.' && text->len > 0))
        g_string_append_unichar (text, c);
      else if (text->len > 0 && text->str[text->len - 1] != '-')
        g_string_append_c (text, '-');
    }
  while (text->len > 0 && strchr ("-.", text->str[text->len - 1]) != NULL)
    g_string_truncate (text, text->len - 1);
}

/**
 * assay_picture_menu_dup_file_name:
 * @words: (array zero-terminated=1): model, version, title: any text, some of it empty
 *
 * Returns: (transfer full): a name for a file on any file system, "flowers-2-confusion.png"
 */
char *
assay_picture_menu_dup_file_name (const char *const *words)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (words != NULL, NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (text->len > 0)
        g_string_append_c (text, '-');
      append_word (text, words[i]);
    }
  g_string_append (text, text->len > 0 ? ".png" : "picture.png");
  return g_string_free (text, FALSE);
}
