"""HTTP to a daemon, and server-sent events."""
import http.client
import json
import queue
import threading

from daemon import Wrong, free_port


class Web:
    def __init__(self):
        self.port = free_port()

    def section(self, **more):
        """For the configuration."""
        return dict({"listen": [{"address": "127.0.0.1", "port": self.port}]}, **more)

    def get(self, path, **headers):
        """Status, type, body."""
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            c.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
            r = c.getresponse()
            return r.status, r.getheader("Content-Type"), r.read()
        finally:
            c.close()

    def json(self, path, **headers):
        status, kind, body = self.get(path, **headers)
        if status != 200 or kind != "application/json":
            raise Wrong("GET %s: %d %s %s" % (path, status, kind, body[:300]))
        return json.loads(body)

    def lines(self, path):
        status, kind, body = self.get(path, Accept="application/x-ndjson")
        if status != 200 or kind != "application/x-ndjson":
            raise Wrong("GET %s: %d %s" % (path, status, kind))
        return [json.loads(line) for line in body.splitlines()]


class Events:
    """A reader that follows; its events come as (id, type, data)."""

    def __init__(self, web, path="/api/v1/events", **headers):
        self.connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=30)
        self.connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        self.response = self.connection.getresponse()
        self.news = queue.Queue()
        self.beats = 0
        if self.response.status == 200:
            threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        event = {}
        try:
            for line in self.response:
                line = line.decode().rstrip("\n")
                if line.startswith(":"):
                    self.beats += 1
                elif line:
                    key, value = line.split(": ", 1)
                    event[key] = value
                elif "data" in event:
                    self.news.put((int(event.get("id", 0)), event["event"], json.loads(event["data"])))
                    event = {}
                else:
                    event = {}
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass
        self.news.put(None)

    def next(self, seconds=15):
        """The next event; None at the end of the stream."""
        try:
            return self.news.get(timeout=seconds)
        except queue.Empty:
            raise Wrong("no event within %s s" % seconds)

    def close(self):
        self.response.close()
        self.connection.close()
