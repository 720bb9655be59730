# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What shows notifications on a desktop, in the test's own process."""
import os
import threading

NOTIFICATIONS = """
<node><interface name='org.freedesktop.Notifications'>
  <method name='GetCapabilities'><arg type='as' direction='out'/></method>
  <method name='Notify'>
    <arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/>
    <arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='as' direction='in'/>
    <arg type='a{sv}' direction='in'/><arg type='i' direction='in'/>
    <arg type='u' direction='out'/>
  </method>
  <method name='CloseNotification'><arg type='u' direction='in'/></method>
  <signal name='ActionInvoked'><arg type='u'/><arg type='s'/></signal>
</interface></node>"""


class Desktop:
    """What shows notifications; keeps them."""

    def __init__(self):
        from gi.repository import Gio, GLib
        self.shown, self.GLib = [], GLib
        self.context = GLib.MainContext()
        self.loop = GLib.MainLoop(self.context)
        self.context.push_thread_default()
        self.bus = Gio.DBusConnection.new_for_address_sync(
            os.environ["DBUS_SESSION_BUS_ADDRESS"],
            Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        interface = Gio.DBusNodeInfo.new_for_xml(NOTIFICATIONS).interfaces[0]
        self.bus.register_object("/org/freedesktop/Notifications", interface, self.called)
        self.context.pop_thread_default()
        self.bus.call_sync("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "RequestName",
                           GLib.Variant("(su)", ("org.freedesktop.Notifications", 0)), None, 0,
                           -1, None)
        self.thread = threading.Thread(target=self.loop.run, daemon=True)
        self.thread.start()

    def called(self, bus, sender, path, interface, method, arguments, invocation):
        if method == "Notify":
            self.shown.append(arguments.unpack())
            invocation.return_value(self.GLib.Variant("(u)", (len(self.shown),)))
        elif method == "GetCapabilities":
            invocation.return_value(self.GLib.Variant("(as)", (["actions"],)))
        else:
            invocation.return_value(None)

    def click(self, number):
        self.bus.emit_signal(None, "/org/freedesktop/Notifications",
                             "org.freedesktop.Notifications", "ActionInvoked",
                             self.GLib.Variant("(us)", (number, "default")))

    def close(self):
        self.context.invoke_full(self.GLib.PRIORITY_DEFAULT, self.loop.quit)
        self.thread.join()
        self.bus.close_sync(None)
