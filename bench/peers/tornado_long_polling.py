"""Long polling as it is built with Tornado: a poll is held until something is new in its room, or the time it asked for is over.

It speaks as much of Parlour's wire contract as the bench asks; all is kept in memory.
"""

import asyncio
import json
import re
import secrets

import tornado.httpserver
import tornado.netutil
import tornado.web

HISTORY = 100
WAIT = re.compile(r"wait=(\d+)")


class Room:
    def __init__(self, name):
        self.id = secrets.token_urlsafe(12)
        self.name = name
        self.last = 0
        self.entries = []
        self.changed = asyncio.Condition()


users = {}
rooms = {}


class Handler(tornado.web.RequestHandler):
    def json(self):
        return json.loads(self.request.body)

    def asker(self):
        name = self.get_secure_cookie("user")
        user = users.get(name and name.decode())
        if user is None:
            raise tornado.web.HTTPError(401)
        return user

    def member_of(self, room_id):
        user = self.asker()
        room = rooms.get(room_id)
        if room is None:
            raise tornado.web.HTTPError(404)
        if user["room"] != room_id:
            raise tornado.web.HTTPError(403)
        return user, room

    def write_updates(self, room, after):
        news = [entry for entry in room.entries if entry["seq"] > after] if after < room.last else []
        first = room.entries[0]["seq"] if room.entries else 1
        self.write(
            {"success": True, "message": "UP TO DATE", "epoch": "e", "first": first, "last": room.last, "entries": news}
        )


class Session(Handler):
    def post(self):
        name = self.json()["username"]
        if name in users:
            raise tornado.web.HTTPError(409)
        users[name] = {"name": name, "room": None}
        self.set_secure_cookie("user", name)
        self.write({"success": True, "message": "LOGGED IN"})


class Rooms(Handler):
    def post(self):
        self.asker()
        room = Room(self.json()["name"])
        rooms[room.id] = room
        self.set_status(201)
        self.write({"success": True, "message": "ROOM CREATED", "room": {"id": room.id, "name": room.name}})


class Entering(Handler):
    def put(self):
        user = self.asker()
        room = rooms.get(self.json()["roomId"])
        if room is None:
            raise tornado.web.HTTPError(404)
        user["room"] = room.id
        self.write_updates(room, room.last)


class Updates(Handler):
    async def get(self, room_id):
        _, room = self.member_of(room_id)
        after = int(self.get_argument("after"))
        wait = WAIT.search(self.request.headers.get("Prefer", ""))
        if after >= room.last and wait:
            try:
                async with room.changed:
                    await asyncio.wait_for(room.changed.wait_for(lambda: room.last > after), int(wait[1]))
            except asyncio.TimeoutError:
                pass
        self.write_updates(room, after)


class Messages(Handler):
    async def post(self, room_id):
        user, room = self.member_of(room_id)
        text = self.json()["text"].strip()
        if not 0 < len(text) <= 2000:
            raise tornado.web.HTTPError(400)
        entry = {"seq": room.last + 1, "author": user["name"], "text": text}
        room.entries = [*room.entries[-HISTORY + 1 :], entry]
        room.last += 1
        async with room.changed:
            room.changed.notify_all()
        self.set_status(201)
        self.write({"success": True, "message": "MESSAGE SENT", "posted": entry})


async def main():
    app = tornado.web.Application(
        [
            (r"/api/session", Session),
            (r"/api/rooms", Rooms),
            (r"/api/session/room", Entering),
            (r"/api/rooms/([\w-]+)/updates", Updates),
            (r"/api/rooms/([\w-]+)/messages", Messages),
        ],
        cookie_secret="bench",
        log_function=lambda handler: None,
    )
    sockets = tornado.netutil.bind_sockets(0, "127.0.0.1", backlog=4096)
    tornado.httpserver.HTTPServer(app).add_sockets(sockets)
    host, port = sockets[0].getsockname()
    print(f"http://{host}:{port}", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
