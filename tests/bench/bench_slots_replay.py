"""How many of five hundred pictures, made beside random others of a toy model, equal their replays beside empty slots."""

import tempfile
from pathlib import Path

WANTED, A_RUN = 500, 40


def main() -> None:
    """Let runs of random requests come and go until enough were made, and count the equal ones."""
    from tests.workers.engine.slots import simulation
    from tests.workers.engine.slots.stage import Stage
    from workers.engine import toy

    with tempfile.TemporaryDirectory() as folder:
        stage = Stage.of(toy.write("sd1", Path(folder)), "sd1")
        made, seed = [], 100
        while len(made) < WANTED:
            made += simulation.run(stage, seed=seed, count=A_RUN)
            seed += 1
        equal = sum(simulation.is_equal_again(stage, one) for one in made[:WANTED])
    print(f"slots.replay_pictures: {WANTED}")
    print(f"slots.replay_bit_equal: {equal}")


if __name__ == "__main__":
    main()
