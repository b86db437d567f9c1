#!/usr/bin/env python3
"""What strangers can do to a running klingdrop, in bounded counts: figures, nothing is asserted.

usage: attack.py PORT PID [USER:PASSWORD [VIDEO_PATH]]   (loopback only)

VIDEO_PATH is the path of a large video on that port, such as /ops/api/jobs/JOB/results/1.
"""
import base64, http.client, socket, sys, threading, time

PORT, PID = int(sys.argv[1]), sys.argv[2]
LOGIN = sys.argv[3] if len(sys.argv) > 3 else None
VIDEO = sys.argv[4] if len(sys.argv) > 4 else None


def rss():
    with open(f"/proc/{PID}/status") as status:
        return next(int(l.split()[1]) // 1024 for l in status if l.startswith("VmRSS"))


def ask(path, login=None, source="127.0.0.1"):
    start = time.monotonic()
    c = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60, source_address=(source, 0))
    headers = {"Authorization": "Basic " + base64.b64encode(login.encode()).decode()} if login else {}
    c.request("GET", path, headers=headers)
    status = c.getresponse().status
    c.close()
    return status, round((time.monotonic() - start) * 1000)


def worst(n=20):
    return max(ask("/observe/health")[1] for _ in range(n))


print(f"at rest: {rss()} MB, health {worst()} ms at most of 20")
held = []
for _ in range(1000):
    try:
        s = socket.create_connection(("127.0.0.1", PORT), 10)
        s.sendall(b"POST /callback/kie/guess HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n" + b"x" * 30000)
        held.append(s)
    except OSError:
        pass
print(f"1,000 callback connections with half a body: {rss()} MB, health {worst()} ms at most of 20")
for s in held:
    s.close()

if LOGIN:
    user = LOGIN.split(":")[0]
    print(f"first right login: {ask('/ops/api/counts', LOGIN)}")
    seen = {}
    def guess(i):
        status, _ = ask("/ops/api/counts", f"{user}:guess {i}")
        seen[status] = seen.get(status, 0) + 1
    threads = [threading.Thread(target=guess, args=(i,)) for i in range(300)]
    for t in threads:
        t.start()
    print(f"while 300 guess: known login {ask('/ops/api/counts', LOGIN)}, health {ask('/observe/health')}")
    for t in threads:
        t.join()
    print(f"the guesses were answered {seen}")
    print(f"right login written in another way, from another address: {ask('/ops/api/counts', LOGIN + '', '127.0.0.2')}")

if VIDEO:
    lazy = []
    head = f"GET {VIDEO} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {base64.b64encode(LOGIN.encode()).decode()}\r\n\r\n"
    for _ in range(40):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.connect(("127.0.0.1", PORT))
        s.sendall(head.encode())
        lazy.append((s, s.recv(1024)))
    print(f"40 readers of a video who stopped reading, answered {lazy[0][1][:15]}: {rss()} MB, health {worst()} ms at most of 20")
    for s, _ in lazy:
        s.close()
