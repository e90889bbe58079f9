"""The process beside the web server: sends messages and does what is done from time to time.

One thread for each channel, so that a slow gateway never holds up the other channel, one for each
kind of work that waits in the database, and one for periodic tasks. Any number of these processes
may run. Logs name message ids and the class of an error; never an error's text, which may quote a
row.
"""

import logging
import signal
import threading
import time
from functools import partial

from webapp import clock, db, faults
from webapp.messages.delivery import DemoDelivery
from webapp.messages.mail import Mailer
from webapp.messages.sender import Sender
from webapp.messages.sms import SmsGateway
from webapp.models.messages import EMAIL, SMS

IDLE_SECONDS = 0.3
BREATH_SECONDS = 0.002           # between two rounds of work: whoever waits to write comes first
AFTER_FAULT_SECONDS = 1          # the database may be away: ask again soon, but not in a spin
RETRY_TASK_SECONDS = 30
GRACE_SECONDS = 3                # of the 5 s that a service manager is promised
SILENT_SECONDS = 90              # longer than any batch: a thread silent for so long is stuck
BEAT_SECONDS = 1
HEARTBEAT = "worker-heartbeat"   # in DATA; its time of change is when all channels were well

logger = logging.getLogger(__name__)


def channels_of(config):
    """The channels as configured; without an address (demo mode only) one that accepts all."""
    return {
        SMS: SmsGateway(config["SMS_URL"], config["SMS_SENDER"]) if config["SMS_URL"]
        else DemoDelivery(),
        EMAIL: Mailer(config["SMTP_URL"], config["MAIL_FROM"]) if config["SMTP_URL"]
        else DemoDelivery(),
    }


def run(config, stop_event, tasks=(), work=(), long_work=()):
    """Work until told to stop; returns within 5 s of that.

    :param config: settings as ``webapp.config`` reads them; the database must be connected to and
        the vault in use.
    :param stop_event: a ``threading.Event``; SIGTERM and SIGINT set it too when this is called
        from the main thread.
    :param tasks: what to do periodically: (name, seconds between, function of the present moment).
    :param work: what to do as soon as there is some: (name, function of the present moment that
        says whether there was any).
    :param long_work: the same, but one step may take many minutes: whether it goes on is seen by
        what it leaves behind.
    """
    _stop_on_signals(stop_event)
    channels = channels_of(config)
    sender = Sender(channels, stopping=stop_event.is_set)
    beats = {name: time.monotonic() for name in (*channels, *(name for name, _ in work))}
    threads = [_start(f"send-{name}", _send_forever, sender, name, beats, stop_event)
               for name in channels]
    threads += [_start(name, _work_forever, name, function, beats, stop_event)
                for name, function in work]
    threads += [_start(name, _work_forever, name, function, {}, stop_event)
                for name, function in long_work]
    threads.append(_start("tasks", _do_tasks, tasks, stop_event))
    logger.info("worker started: channels %s, tasks %d", ", ".join(channels), len(tasks))
    while not stop_event.wait(BEAT_SECONDS):
        if time.monotonic() - min(beats.values()) < SILENT_SECONDS:
            _beat(config["DATA"] / HEARTBEAT)
    _join(threads)
    logger.info("worker stopped")


def _stop_on_signals(stop_event):
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop_event.set())


def _start(name, function, *arguments):
    # Daemons: a thread that waits for a gateway must not keep the process; its lease runs out.
    thread = threading.Thread(target=function, args=arguments, name=name, daemon=True)
    thread.start()
    return thread


def _join(threads):
    deadline = time.monotonic() + GRACE_SECONDS
    for thread in threads:
        thread.join(max(0, deadline - time.monotonic()))
        if thread.is_alive():
            logger.warning("thread %s did not finish in time", thread.name)


def _beat(path):
    try:
        path.touch()
    except OSError as reason:      # a full disk must not end the sending of messages
        logger.error("heartbeat cannot be written: %s", reason.strerror)


def _send_forever(sender, channel, beats, stop_event):
    _repeat(f"channel {channel}", partial(sender.run_once, channel=channel), channel, beats,
            stop_event)


def _work_forever(name, function, beats, stop_event):
    _repeat(f"work {name}", function, name, beats, stop_event)


def _repeat(what, function, beat, beats, stop_event):
    """Again after a breath while there is something to do, else after a rest; faults are
    outlived."""
    while not stop_event.is_set():
        try:
            db.ensure_connection()
            was_some = function(clock.now())
        except Exception as reason:
            _report(what, reason)
            db.drop_connection()
            stop_event.wait(AFTER_FAULT_SECONDS)
            continue
        beats[beat] = time.monotonic()
        stop_event.wait(BREATH_SECONDS if was_some else IDLE_SECONDS)
    db.drop_connection()


def _do_tasks(tasks, stop_event):
    due = {name: time.monotonic() for name, _, _ in tasks}
    while not stop_event.wait(IDLE_SECONDS):
        for name, seconds, function in tasks:
            if time.monotonic() < due[name] or stop_event.is_set():
                continue
            done = _do(name, function)
            due[name] = time.monotonic() + (seconds if done else min(seconds, RETRY_TASK_SECONDS))
    db.drop_connection()


def _do(name, function):
    """Whether the task went well; one that fails is reported and must not stop the others."""
    try:
        db.ensure_connection()
        function(clock.now())
    except Exception as reason:
        _report(f"task {name}", reason)
        db.drop_connection()
        return False
    return True


def _report(what, reason):
    logger.error("%s failed: %s", what, faults.described(reason))
