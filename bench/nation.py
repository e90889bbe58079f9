"""A nation on two cores."""
import argparse, sys, time
from pathlib import Path
from bench import nation_data, nation_people
from bench.nation_server import postgresql
from bench.server import House

def main():
    p = argparse.ArgumentParser(); p.add_argument("--keep", type=Path, required=True); p.add_argument("--regions", type=int, default=20)
    o = p.parse_args()
    with postgresql(o.keep) as (address, pid):
        house = House(o.keep / "data", address)
        house.folder.mkdir(exist_ok=True)
        if not (house.folder/"complete").exists():
            t=time.time()
            nation_data.fill(house, o.regions, o.regions*250_000)
            print("filled", time.time()-t)
            (house.folder/"complete").touch()
            t=time.time(); house.run("audit", "verify"); print("verify", time.time()-t)
if __name__ == "__main__":
    main()
