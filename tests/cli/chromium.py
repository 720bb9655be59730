# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's headless Chromium, spoken to over a pipe in the DevTools protocol: what a page
asks for, what it complains about, and how it looks."""
import base64
import json
import os
import select
import shutil
import subprocess
import time

PROGRAM = shutil.which("chromium")
PATIENCE = 120  # seconds for any one answer
MARGIN = 0.4    # inches


class Browser:
    """One page in a browser of its own, with a profile in `folder` and no way out."""

    def __init__(self, folder):
        commands, events = os.pipe(), os.pipe()
        self.errors = open(folder / "chromium.log", "wb")
        # The protocol is on descriptors 3 and 4.  No host name leads anywhere.
        self.process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{commands[0]} 4>&{events[1]}', "bash", PROGRAM, "--headless",
             "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder / 'profile'}",
             "--remote-debugging-pipe", "about:blank"],
            pass_fds=(commands[0], events[1]), stdin=subprocess.DEVNULL, stdout=self.errors,
            stderr=self.errors, env={**os.environ, "HOME": str(folder)})
        os.close(commands[0])
        os.close(events[1])
        self.commands, self.events = commands[1], events[0]
        self.buffer, self.number, self.seen = b"", 0, []
        self.session = None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.ask(domain + ".enable")

    def close(self):
        os.close(self.commands)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.events)
        self.errors.close()

    def receive(self, deadline):
        while b"\0" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.events], [], [], left)[0]:
                raise TimeoutError(f"the browser says nothing; seen so far: {self.seen[-5:]}")
            piece = os.read(self.events, 1 << 20)
            if not piece:
                raise EOFError("the browser has gone")
            self.buffer += piece
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def ask(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.commands, data):]
        deadline = time.monotonic() + PATIENCE
        while True:
            reply = self.receive(deadline)
            if reply.get("id") == self.number:
                assert "error" not in reply, (method, reply["error"])
                return reply["result"]
            if "method" in reply:
                self.seen.append(reply)

    def wait_for(self, method):
        deadline = time.monotonic() + PATIENCE
        while not any(event["method"] == method for event in self.seen):
            self.seen.append(self.receive(deadline))

    def open(self, path):
        self.seen.clear()
        assert "errorText" not in self.ask("Page.navigate", url=path.as_uri())
        self.wait_for("Page.loadEventFired")

    def requests(self):
        """Addresses that were asked for, pictures within the page left out."""
        found = [event["params"]["request"]["url"] for event in self.seen
                 if event["method"] == "Network.requestWillBeSent"]
        return [url for url in found if not url.startswith("data:")]

    def complaints(self):
        kinds = ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")
        return [event["params"] for event in self.seen if event["method"] in kinds]

    def look(self, scheme="light", width=1200, height=900):
        self.ask("Emulation.setEmulatedMedia", media="",
                 features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                 mobile=False)

    def evaluate(self, expression):
        reply = self.ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in reply, reply["exceptionDetails"]
        return reply["result"].get("value")

    def shoot(self, path):
        reply = self.ask("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(reply["data"]))

    def print(self, path, size):
        width, height = {"A4": (8.27, 11.69), "Letter": (8.5, 11)}[size]
        reply = self.ask("Page.printToPDF", paperWidth=width, paperHeight=height, printBackground=False,
                         preferCSSPageSize=False, marginTop=MARGIN, marginBottom=MARGIN, marginLeft=MARGIN,
                         marginRight=MARGIN)
        path.write_bytes(base64.b64decode(reply["data"]))
