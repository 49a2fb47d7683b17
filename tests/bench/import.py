"""Benchmarks of the import, through the binary as a user runs it: import.py ONROLL [--peer DLT_PYTHON] [--points 250000,500000,1000000,2000000]

Prints rates, and with --peer (a Python that has `dlt[sqlalchemy]`) the ratio to dlt, which maps and upserts the same file
into SQLite in the same run and links nothing. Whole processes are timed: start, config, landing, reading, linking, storing,
rules. Nothing passes or fails here."""
import argparse, json, os, pathlib, shutil, subprocess, sys, tempfile, time

HERE = pathlib.Path(__file__).parent


def run(command):
    """Runs one process: wall seconds, its peak MiB, what it printed."""
    started = time.time()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(command, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.time() - started
        if status:
            err.seek(0)
            sys.exit(f"{command} ended with {status}: {err.read().decode()}")
        out.seek(0)
        return seconds, usage.ru_maxrss / 1024, out.read()


def make(n, name, *more):
    subprocess.run([sys.executable, HERE / "pupils.py", str(n), name, *more], check=True)


def imported(onroll, home, file):
    seconds, mib, out = run([onroll, "import", "sims", file, "--source", "8524001", "--as-of", "2026-11-24", "--complete", "--json", "--home", home])
    return seconds, mib, json.loads(out)["rows"]


def main():
    args = argparse.ArgumentParser()
    args.add_argument("onroll")
    args.add_argument("--peer")
    args.add_argument("--rows", type=int, default=100_000)
    args.add_argument("--points", default="")
    a = args.parse_args()
    scratch = pathlib.Path(tempfile.mkdtemp())
    try:
        n, csv, again, xml = a.rows, scratch / "a.csv", scratch / "b.csv", scratch / "a.xml"
        make(n, str(csv)), make(n, str(again), "--shuffle", "3"), make(n, str(xml))
        home = scratch / "home"
        run([a.onroll, "init", home])
        first, mib, rows = imported(a.onroll, home, csv)
        assert rows["accepted"] == n, rows
        print(f"first import of {n:,} rows: {n / first:,.0f} rows/s, {first:.2f} s, {mib:.0f} MiB")
        unchanged, mib, rows = imported(a.onroll, home, again)
        assert rows["unchanged"] == n, rows
        print(f"again, other bytes and order, no row changed: {n / unchanged:,.0f} rows/s, {unchanged:.2f} s, {mib:.0f} MiB")
        other = scratch / "home-xml"
        run([a.onroll, "init", other])
        seconds, mib, rows = imported(a.onroll, other, xml)
        mb = xml.stat().st_size / 1e6
        print(f"SIMS XML, first import of {mb:.1f} MB: {mb / seconds:.1f} MB/s, {n / seconds:,.0f} rows/s, {mib:.0f} MiB")
        shuffled = scratch / "b.xml"
        make(n, str(shuffled), "--shuffle", "3")
        seconds, mib, rows = imported(a.onroll, other, shuffled)
        assert rows["unchanged"] == n, rows
        print(f"SIMS XML again, no row changed: {mb / seconds:.1f} MB/s, {n / seconds:,.0f} rows/s, {mib:.0f} MiB")
        if a.peer:
            seconds, mib, out = run([a.peer, HERE / "dlt_import.py", csv, f"sqlite:///{scratch}/peer.db"])
            print(out.decode().strip())
            rate = float(out.decode().split(":")[1].split()[0])
            print(f"ratio to dlt's own figure ({rate:,.0f} rows/s): first {n / first / rate:.1f}, unchanged {n / unchanged / rate:.1f}")
        for points in filter(None, a.points.split(",")):
            n, file, home = int(points), scratch / "point.csv", scratch / "point-home"
            make(n, str(file))
            run([a.onroll, "init", home])
            seconds, mib, _ = imported(a.onroll, home, file)
            print(f"{n:>9,} rows: {n / seconds:,.0f} rows/s, {seconds:.1f} s, {mib:.0f} MiB")
            shutil.rmtree(home)
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
