# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hands do besides the main job: undo, preferences, several windows, zoom,
and that the focus is never nowhere meanwhile."""
import os
import shutil

import ui
from test_keyboard import ROSES, all_say, chosen, focused, names, tab_to


def focus_on(app, role, start=""):
    """Waits until something of that role, if given, whose name starts so, has the focus."""
    return ui.wait_for(
        f"the focus on {role} {start}",
        lambda: next((node for node in [focused(app)] if node and role in (None, node.role)
                      and node.name.startswith(start)), None), 40, seen=lambda: focused(app))


def names_are(app, wanted):
    ui.wait_for(f"the rows {wanted}", lambda: names(app) == wanted, seen=lambda: names(app))


def begin(start, service, paths):
    """The app with these pictures answered, and the focus on its list."""
    service.as_connection()
    app = start(*paths)
    all_say(app, ROSES, len(paths))
    given = [os.path.basename(path) for path in paths]
    focus_on(app, "list item", given[0])
    return app, given


def test_every_removal_is_undone_last_first(start, service, samples):
    app, given = begin(start, service, samples[:4])
    app.key("Down", "Delete")
    names_are(app, [given[0], given[2], given[3]])
    focus_on(app, "list item", given[2])
    app.key("End", "Delete")
    names_are(app, [given[0], given[2]])
    focus_on(app, "list item", given[2])
    app.key("ctrl+shift+Delete")
    focus_on(app, "push button", "Add Files")

    app.key("ctrl+z")
    names_are(app, [given[0], given[2]])
    focus_on(app, "list item", given[0])
    app.key("ctrl+z")
    names_are(app, [given[0], given[2], given[3]])
    focus_on(app, "list item", given[3])
    app.key("ctrl+z")
    names_are(app, given)
    focus_on(app, "list item", given[1])
    # Nothing is left to undo; nothing happens, and nobody is asked anything again.
    app.key("ctrl+z")
    app.key("F10")
    item = app.find(role="menu item", name="Undo")
    assert not item.has("sensitive")
    app.key("Escape")
    assert chosen(app) == given[1]
    assert len(service.asked) == 4


def test_the_last_row_leaves_the_focus_on_the_empty_page(start, service, samples):
    app, given = begin(start, service, samples[:1])
    app.key("Delete")
    focus_on(app, "push button", "Add Files")
    app.key("F10")
    tab_to(app, "Undo", "Down")
    app.key("Return")
    names_are(app, given)


def test_a_text_keeps_its_own_undo(start, service, samples):
    app, given = begin(start, service, samples[:2])
    app.key("Delete")
    names_are(app, given[1:])
    app.key("ctrl+f")
    focus_on(app, "entry")
    app.type("x")
    names_are(app, [])
    app.key("ctrl+z")
    names_are(app, given[1:])
    # Nothing more to undo in the text: the picture stays away all the same.
    app.key("ctrl+z", "ctrl+z", "Escape")
    focus_on(app, "list item", given[1])
    assert names(app) == given[1:]
    app.key("ctrl+z")
    names_are(app, given)


def test_a_folder_and_its_left_out_files_are_undone(start, service, samples, tmp_path):
    service.as_connection()
    folder = tmp_path / "garden"
    folder.mkdir()
    for path in samples[:2]:
        shutil.copy(path, folder)
    (folder / "notes.txt").write_text("roses are red")
    inside = [os.path.basename(path) for path in samples[:2]]
    outside = os.path.basename(samples[2])
    app = start(str(folder), samples[2])
    names_are(app, ["Folder garden", *inside, outside])
    focus_on(app, None, "Folder garden")
    app.key("Return")
    names_are(app, ["Folder garden", outside])
    app.key("Return")
    names_are(app, ["Folder garden", *inside, outside])
    app.key("Delete")
    names_are(app, [outside])
    focus_on(app, "list item", outside)
    app.key("ctrl+z")
    names_are(app, ["Folder garden", *inside, outside])
    focus_on(app, "list item", inside[0])

    app.find(contains="1 other file was left out")
    app.press(role="push button", name="Dismiss")
    ui.wait_for("no word of it", lambda: not any(
        node.is_shown() for node in app.all(contains="other file was left out")))
    app.key("ctrl+z")
    ui.wait_for("the word of it again", lambda: any(
        node.is_shown() for node in app.all(contains="1 other file was left out")))


def preferences(app, main):
    app.key("ctrl+comma", window=main)
    return app.window("Preferences")


def set_number(app, window, name, value):
    """Types into the field of that name."""
    tab_to_in(app, window, name)
    app.key("ctrl+a", window=window)
    app.type(value, window=window)
    app.key("Tab", window=window)


def tab_to_in(app, window, name):
    seen = []

    def there():
        node = focused(app)
        near = [node] if node else []
        while near and near[-1].parent is not None and len(near) < 3:
            near.append(near[-1].parent)
        if any(each.role == "spin button" and each.name == name for each in near):
            return node
        seen.append(near[:1])
        assert len(seen) < 60, seen
        app.key("Tab", window=window)
        ui.wait_for("the focus elsewhere",
                    lambda: (now := focused(app)) and (not node or now.path != node.path),
                    seen=lambda: node)
        return None

    return ui.wait_for(f"the focus on {name}", there, 60, seen=lambda: seen)


def test_preferences_act_at_once_in_every_window(start, service, samples):
    app, _ = begin(start, service, samples[:2])
    main = app.window()
    app.find(name="Unsure 0")
    app.key("ctrl+n")
    second = ui.wait_for("a second window", lambda: [each for each in app.windows("Assay")
                                                     if each != main])[0]
    window = preferences(app, second)
    set_number(app, window, "Unsure Below", "97")
    app.find(name="Unsure 2")
    ui.wait_for("rows that say so", lambda: len(app.all(role="label", name="unsure")) == 2,
                seen=app.texts)
    app.find(contains="threshold 97\u202f%")
    set_number(app, window, "Unsure Below", "60")
    app.find(name="Unsure 0")
    set_number(app, window, "Images at Once", "3")
    app.key("Escape", window=window)
    ui.wait_for("two windows", lambda: len(app.windows()) == 2, seen=app.windows)
    app.key("ctrl+w", window=second)
    ui.wait_for("one window", lambda: app.windows() == [main], seen=app.windows)

    # No more at once than was asked for, a window that was open before included.
    service.holding = True
    app.key("ctrl+a", "F5", window=main)
    service.wait_asked(4)
    service.release()
    all_say(app, ROSES, 2)
    assert app.quit() == 0
    again = start()
    window = preferences(again, again.window())
    values = {node.name: node.value() for node in again.all(role="spin button")}
    assert values == {"Unsure Below": 60, "Images at Once": 3, "Wait for an Answer": 60,
                      "Go On by Itself": 0}
    again.key("Escape", window=window)


def test_as_many_at_once_as_the_preferences_say(start, service, samples):
    service.as_connection()
    service.holding = True
    app = start(*samples[:12])
    service.wait_asked(4)
    window = preferences(app, app.window())
    set_number(app, window, "Images at Once", "2")
    app.key("Escape", window=window)
    app.find(contains="0 of 12")
    assert len(service.asked) == 4
    service.most = 0
    service.release()
    all_say(app, ROSES, 12)
    assert 0 < service.most <= 2


def test_two_windows_have_a_session_each(start, service, samples, clipboard):
    app, given = begin(start, service, samples[:1])
    main = app.window()
    app.key("ctrl+n")
    second = ui.wait_for("a second window", lambda: [each for each in app.windows("Assay")
                                                     if each != main])[0]
    # Before it is drawn whole it takes no keys; each window says it twice.
    ui.wait_for("a second model that is ready", lambda: sum(
        text.startswith("Model ") and text.endswith("Ready") for text in app.texts()) >= 4,
        60, seen=app.texts)
    clipboard("UTF8_STRING", text=samples[1])
    app.key("ctrl+v", window=second)
    both = [given[0], os.path.basename(samples[1])]

    def shown():
        return sorted(node.name.partition(", ")[0] for node in app.all(role="list item")
                      if node.name.endswith(ROSES))

    ui.wait_for("a picture in each", lambda: shown() == sorted(both), seen=shown)
    app.key("ctrl+w", window=main)
    ui.wait_for("one window", lambda: app.windows() == [second], seen=app.windows)
    ui.wait_for("the picture of the other", lambda: shown() == both[1:], seen=shown)
    app.key("F5", window=second)
    service.wait_asked(3)
    app.key("ctrl+w", window=second)
    assert app.wait() == 0


def tab_to_picture(app):
    """From the list to the picture beside it."""
    seen = []
    while focused(app).role != "image":
        seen.append(focused(app))
        assert len(seen) < 60, seen
        app.key("Tab")
        ui.wait_for("the focus elsewhere",
                    lambda: (now := focused(app)) and now.path != seen[-1].path, seen=lambda: seen)


def zoom_is(app, said):
    """Waits until the picture says that it is shown at so many percent."""
    return ui.wait_for(f"the picture at {said}", lambda: next(
        (node for node in app.tree().walk() if node.description == f"shown at {said} percent"),
        None), seen=lambda: [(node.role, node.name, node.description) for node in app.tree().walk()
                             if node.description])


def zoom_now(app):
    said = [node.description for node in app.tree().walk()
            if node.description.startswith("shown at ")]
    return float(said[0].split()[2]) if said else None


def pixels(app, screen, node, path):
    """What is on the screen where a widget stands."""
    left, top, _, _ = app.size()
    x, y, width, height = node.extents()
    screen.picture(path, width, height, left + x, top + y)
    with open(path, "rb") as file:
        return file.read()


def test_zoom_by_keys_wheel_and_double_click(start, screen, tmp_path):
    # Larger than its place: 2,400 × 1,600 with a red field in the middle.
    big = tmp_path / "big.png"
    ui._run("convert", "-size", "2400x1600", "xc:gray", "-fill", "red",
            "-draw", "rectangle 1100,700 1300,900", f"PNG24:{big}")
    small = tmp_path / "small.png"
    ui._run("convert", "-size", "100x80", "xc:navy", f"PNG24:{small}")
    app = start(str(big), str(small))
    app.find(role="list item", contains="small.png")
    focus_on(app, "list item", "big.png")

    app.key("ctrl+plus")
    ui.wait_for("a first step", lambda: zoom_now(app))
    first = zoom_now(app)
    assert 10 < first < 60
    app.key("ctrl+equal", "ctrl+KP_Add")
    ui.wait_for("two more steps", lambda: abs(zoom_now(app) - 2 * first) < 2,
                seen=lambda: zoom_now(app))
    app.key("ctrl+minus", "ctrl+KP_Subtract")
    ui.wait_for("two steps back", lambda: abs(zoom_now(app) - first) < 1,
                seen=lambda: zoom_now(app))
    # 100 % and the size that fits are never leapt over.
    for _ in range(20):
        if zoom_now(app) == 100:
            break
        before = zoom_now(app)
        app.key("ctrl+plus")
        ui.wait_for("a step", lambda: zoom_now(app) != before)
        assert zoom_now(app) <= 100
    picture = zoom_is(app, "100")

    # In the middle of what is seen the red field; at the arrows' end it has gone.
    tab_to_picture(app)
    middle = pixels(app, screen, picture, str(tmp_path / "a.png"))
    app.key(*["Right"] * 30, *["Down"] * 30)
    ui.wait_for("the other corner", lambda: pixels(
        app, screen, picture, str(tmp_path / "b.png")) != middle)
    assert zoom_now(app) == 100 and chosen(app) == "big.png"
    app.key("ctrl+0")
    ui.wait_for("all of it", lambda: zoom_now(app) < first, seen=lambda: zoom_now(app))
    fitted = zoom_now(app)

    # A double click shows it at 100 %, the wheel with Ctrl zooms, without Ctrl it pans.
    left, top, _, _ = app.size()
    x, y, width, height = picture.extents()
    ui.xdotool("mousemove", "--sync", left + x + width // 2, top + y + height // 2)
    double_click = ["click", "--repeat", "2", "--delay", "80", "1"]
    ui.xdotool(*double_click)
    zoom_is(app, "100")
    ui.xdotool("keydown", "ctrl", "click", "4", "click", "4", "keyup", "ctrl")
    zoom_is(app, "200")
    still = pixels(app, screen, picture, str(tmp_path / "c.png"))
    ui.xdotool("click", "--repeat", "3", "5")
    ui.wait_for("a lower part", lambda: pixels(
        app, screen, picture, str(tmp_path / "d.png")) != still)
    ui.xdotool(*double_click)
    ui.wait_for("all of it", lambda: zoom_now(app) == fitted, seen=lambda: zoom_now(app))
    ui.xdotool("mousemove", screen.width - 1, screen.height - 1)

    # Another picture starts as it fits, and has the arrow keys for moving on.
    app.key("ctrl+plus")
    ui.wait_for("a larger one", lambda: zoom_now(app) > fitted)
    app.key("ctrl+0", "Right")
    ui.wait_for("the other picture", lambda: chosen(app) == "small.png", seen=lambda: chosen(app))
    assert zoom_now(app) is None
    app.key("ctrl+minus")
    ui.wait_for("a zoom of its own", lambda: (zoom_now(app) or 0) > 100)


class Recorder:
    """Pictures of the steps, numbered, in the folder that ASSAY_TEST_SHOTS names."""

    def __init__(self, app, screen):
        self.app, self.screen, self.count = app, screen, 0
        self.folder = os.environ.get("ASSAY_TEST_SHOTS")

    def __call__(self, name):
        self.count += 1
        if not self.folder:
            return
        path = os.path.join(self.folder, f"keyboard-{self.count:02}-{name}.png")
        left, top, width, height = self.app.size()
        before = [None]

        def still():
            self.screen.picture(path, width, height, left, top)
            with open(path, "rb") as file:
                pixels_now = file.read()
            same = pixels_now == before[0]
            before[0] = pixels_now
            return same

        ui.wait_for(f"a still picture of {name}", still)


def test_the_whole_main_job_by_keyboard(start, screen, samples, clipboard):
    """Without a mouse, with the service that comes with the program."""
    app = start()
    main = app.window()
    shot = Recorder(app, screen)
    app.find(contains="flowers · v2, Ready", seconds=60)
    shot("start")

    # Files by Ctrl+O: a path is typed into GTK's own chooser.
    app.key("ctrl+o")
    chooser = app.window("Add Files")
    app.key("ctrl+l", window=chooser)
    ui.wait_for("a field for a path", lambda: focused(app) and focused(app).role == "text",
                seen=lambda: focused(app))
    app.type(samples[0], window=chooser)
    shot("choose-files")
    app.key("Return", window=chooser)
    ui.wait_for("the answer", lambda: [said.count("%") for _, said in ui.rows(app)] == [2], 60,
                seen=lambda: ui.rows(app))
    ui.wait_for("no chooser", lambda: not app.windows("Add Files"), seen=app.windows)
    # More by Ctrl+V: paths as text.
    clipboard("UTF8_STRING", text="\n".join(samples[1:]))
    app.key("ctrl+v")
    ui.wait_for("all answers", lambda: [said.count("%") for _, said in ui.rows(app)]
                == [2] * len(samples), 60, seen=lambda: ui.rows(app))
    shot("answered")

    # Another version.
    tab_to(app, "Model flowers", "shift+Tab")
    app.key("Return")
    app.find(role="list item", contains="Version 1")
    tab_to(app, "Version 1", "Down")
    shot("choose-version")
    app.key("Return")
    app.find(contains="flowers · v1, Ready")
    ui.wait_for("all answers", lambda: [said.count("%") for _, said in ui.rows(app)]
                == [2] * len(samples), 60, seen=lambda: ui.rows(app))

    # Through the rows, and closer.
    given = [os.path.basename(path) for path in samples]
    while not (focused(app) and focused(app).role == "list item"):
        now = focused(app)
        app.key("Tab")
        ui.wait_for("the focus elsewhere",
                    lambda: (then := focused(app)) and (not now or then.path != now.path))
    for key, index in (("Home", 0), ("Down", 1), ("j", 2), ("Right", 3)):
        app.key(key)
        ui.wait_for(f"{given[index]} after {key}", lambda: chosen(app) == given[index],
                    seen=lambda: chosen(app))
    shot("another-row")
    app.key("ctrl+plus", "ctrl+plus")
    ui.wait_for("a larger picture", lambda: zoom_now(app))
    tab_to_picture(app)
    app.key("Right", "Down")
    shot("zoomed")
    app.key("ctrl+0")

    # Less of the list.
    app.key("ctrl+f")
    focus_on(app, "entry")
    app.type("tulips")
    wanted = [name for name in given if "tulips" in name]
    names_are(app, wanted)
    shot("searched")
    app.key("Escape")
    names_are(app, given)
    app.key("ctrl+f")
    tab_to(app, "Unsure ")
    app.key("space")
    ui.wait_for("the unsure", lambda: 0 < len(names(app)) < len(given), seen=lambda: names(app))
    shot("filtered")
    tab_to(app, "All ", "shift+Tab")
    app.key("space")
    names_are(app, given)
    app.key("ctrl+f", "Escape")
    focus_on(app, "list item")

    # Away, and back.
    app.key("Home", "Delete")
    names_are(app, given[1:])
    focus_on(app, "list item", given[1])
    shot("removed")
    app.key("ctrl+z")
    names_are(app, given)
    focus_on(app, "list item", given[0])
    app.key("ctrl+shift+Delete")
    focus_on(app, "push button", "Add Files")
    shot("cleared")
    app.key("ctrl+z")
    names_are(app, given)
    shot("undone")

    window = preferences(app, main)
    set_number(app, window, "Unsure Below", "95")
    app.find(contains="threshold 95\u202f%")
    shot("preferences")
    app.key("Escape", window=window)
    ui.wait_for("the window alone", lambda: window not in app.windows(), seen=app.windows)
    before = app.windows()
    app.key("ctrl+question", window=main)
    help_ = ui.wait_for("the shortcuts", lambda: [each for each in app.windows()
                                                  if each not in before])[0]
    shot("shortcuts")
    app.key("Escape", window=help_)
    ui.wait_for("the window alone", lambda: help_ not in app.windows(), seen=app.windows)
    app.key("F10", window=main)
    app.find(role="menu item", contains="Preferences")
    shot("menu")
    # Ends it all, even while the menu is open.
    app.key("ctrl+q", window=main)
    assert app.wait() == 0
