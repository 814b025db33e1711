"""The device worker's turns without a broker's queue: the same Device, performers, login and keeper token."""

import time

import django

django.setup()


def main() -> None:
    from workers.tasks import device

    while True:
        device().turn()
        time.sleep(0.05)


if __name__ == "__main__":
    main()
