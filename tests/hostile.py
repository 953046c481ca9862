"""Files and texts made to harm who reads them, each small enough to come by e-mail."""

import os
import time

# What a process that opens a file may be brought to do: functions that it is asked for in place of a reader


def be_stuck(file):
    time.sleep(600)


def burn(file):
    while True:
        pass


def swell(file):
    return len(b"x" * 2**31)


def talk_on(file):
    return "x" * 30 * 2**20


def tell_secrets(file):
    return dict(os.environ)


def open_many(file):
    return len([os.dup(0) for _ in range(1000)])


def break_down(file):
    raise KeyError("a part that is not there")


def vanish(file):
    os.abort()


def say_back(file, *words):
    return {"words": words, "content": file.read(), "nothing": b""}
