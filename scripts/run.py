"""`make run`: the whole site on this machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import os
import socket
import sys
import time
import urllib.error
import urllib.request

from common import LOGS, ROOT, VAR, Stop, main_with_sentences, say, shown
from demo_site import demo_accounts, demo_environment, prepare, running_lock
from processes import Children, beat_command, start_worker, stop_on_sigterm

sys.path.insert(0, str(ROOT))


def port_number(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Stop(f"PORT is {text!r}; it must be a whole number from 1 to 65535, as in: make run PORT=8001")
    return int(text)


def check_port(port: int) -> None:
    with socket.socket() as probe:
        # A port that was closed a moment ago may be taken again, as the web server itself does.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise Stop(
                f"Port {port} needs administrator's rights. Choose one above 1023: make run PORT=8001"
            ) from error
        except OSError as error:
            other = port + 1 if port < 65535 else 8001
            raise Stop(f"Port {port} is in use by another program. Choose another: make run PORT={other}") from error


def site_address(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def links_lead_to(port: int) -> None:
    """The worker writes mail, and no request tells it where the site is."""
    os.environ["VRU_SITE_URL"] = site_address(port)


def web_command(port: int) -> list[str]:
    options = ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4", "--access-logfile", "-"]
    return [sys.executable, "-m", "gunicorn", "vru.wsgi:application", *options]


def answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
    except urllib.error.HTTPError as error:
        if error.code >= 500:
            raise Stop(f"The site answers with an error {error.code}. The log: {shown(LOGS / 'web.log')}") from error
    except OSError:
        return False
    return True


def show(port: int, accounts: list[dict[str, str]]) -> None:
    print(f"\nThe site is at {site_address(port)}/\n\nDemonstration sign-ins (this machine only):")
    for account in accounts:
        print(f"  {account['role']:<22} {account['email']:<36} {account['password']}")
    print(f"\nMail is not sent: each message is a file in {shown(VAR / 'mail')}.")
    print(f"Logs are in {shown(LOGS)}. Press Ctrl-C to stop.\n", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", default="8000")
    port = port_number(parser.parse_args().port)
    check_port(port)
    stop_on_sigterm()
    demo_environment()
    links_lead_to(port)
    lock = running_lock()
    if lock is None:
        raise Stop(f"The site is already running from this folder ({ROOT}). Stop it first with Ctrl-C where it runs.")
    prepare()
    accounts = demo_accounts()
    with Children() as children:
        children.start("web", web_command(port))
        children.start("beat", beat_command(VAR / "celerybeat-schedule"))
        start_worker(children)
        children.wait_until(lambda: answers(port), "The web server", 60)
        show(port, accounts)
        try:
            while True:
                children.check()
                time.sleep(0.3)
        except KeyboardInterrupt:
            say("\nStopping …")
    lock.close()
    say("Stopped.")


if __name__ == "__main__":
    os.chdir(ROOT)
    main_with_sentences(main)
