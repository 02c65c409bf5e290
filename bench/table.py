"""table.py LINES COMMIT [FILE] - the lines of benchmarks as one table in Markdown.

With FILE it goes between that file's two marks, else to stdout.
"""
import datetime
import os
import re
import sys

BEGIN = "<!-- figures: ./dev bench all writes from here -->\n"
END = "<!-- figures: to here -->\n"
PAIR = re.compile(r'(\w+)=("[^"]*"|\S+)')


def spread(line, name, digits=0):
    """A median and its range."""
    low, middle, high = (f"{float(line[key]):.{digits}f}"
                         for key in (name + "_min", name, name + "_max"))
    return f"{middle} ({low} - {high})"


def exchange_row(line):
    """What a player costs, beside the floor."""
    judged = "valid" if line["valid"] == "1" else "not valid"
    used = 100 * float(line["inputs_used"])
    note = (f"{judged}, limit {line['limit']}, inputs used {used:.1f}%, "
            f"{line['dropped_ticks']} ticks dropped, late p99.9 {line['tick_late_p999_us']} us "
            f"(a bare timer {line['timer_late_p999_us']})")
    return (f"exchange, {line['players']} players, {line['transport']}: CPU us a player-second",
            spread(line, "cpu_us_per_player_s"), "floor " + spread(line, "floor_us_per_player_s"),
            spread(line, "ratio", 2), note)


def peers_rows(own, other):
    """Two lines are three rows."""
    note = "; ".join(f"{line['peer']} {'valid' if line['valid'] == '1' else 'not valid'}, patches "
                     f"p99 {line['patch_interval_p99_ms']} ms apart" for line in (own, other))
    name = f"{other['peer']} {other['version']}"
    for what, key, remark in (
            ("CPU us a player-second", "cpu_us_per_player_s", note),
            ("bytes a patch", "patch_bytes_mean", ""),
            ("bytes of memory a player", "memory_bytes_per_player", ""),
            ("players a core, extrapolated from CPU", "players_a_core_extrapolated", "")):
        ratio = float(own[key]) / float(other[key])
        yield (f"peers, {own['players']} players: {what}", own[key], f"{name}: {other[key]}",
               f"{ratio:.2f}", remark)


def echo_row(line):
    """CPU of a message."""
    return (f"echo, {line['transport']}, {line['depth']} in flight: CPU us a message",
            line["cpu_us_per_message"], f"raw loop {line['raw_cpu_us_per_message']}",
            line["ratio"], "")


def idle_row(line):
    """A connection before it joins."""
    return (f"idle, {line['transport']}: CPU us a connect", line["cpu_us_per_connect"],
            f"raw loop {line['raw_answer_us_per_connect']}", spread(line, "ratio", 2),
            f"{line['heap_bytes_per_connection']} bytes of heap a connection")


def codec_row(line):
    """Bytes of a body."""
    return (f"codec, {line['scene']}, baseline {line['baseline_ticks']} before: bytes a body",
            line["bytes_mean"], f"plain bits {line['plain_bytes_mean']}", line["ratio"],
            f"{line['encode_ns_per_alive']} ns to encode an entity, "
            f"{line['decode_ns_per_alive']} to decode")


def storm_row(line):
    """What seated players see of many others."""
    seated, quiet = float(line["seated_p99_ms"]), float(line["quiet_p99_ms"])
    return (f"storm, {line['what']}: ms between snapshots of the seated, p99", f"{seated:.1f}",
            f"without it {quiet:.1f}", f"{seated / quiet:.2f}" if quiet > 0 else "",
            f"all in after {line['all_in_ms']} ms, {line['refused']} refused, "
            f"{line['dropped_ticks']} ticks dropped")


def hash_row(line):
    """One match in several builds."""
    match = line["match"].replace("_", "-")
    return (f"hash, {match} match of {line['ticks']} ticks, {line['build']}: us a tick of "
            f"{line['players']} players", line["us_per_tick"],
            "gcc -O2", line["ratio"],
            "same hash" if line["equal"] == "1" else "ANOTHER HASH")


def fps_row(line):
    """The page in a browser."""
    return ("fps, 1280x720 without a graphics card: frames a second", line["mean_fps"],
            f"goal {line['goal_fps']}", "", f"p99 of a frame {line['p99_frame_ms']} ms")


def replay_row(line):
    """A snapshot's cost in a page that predicts."""
    return (f"replay, {line['ticks']} ticks predicted again at a snapshot, wasm: us, p99",
            line["replay_us_p99"], f"goal {line['goal_us']}", "", f"p50 {line['replay_us_p50']}")


def rewind_row(line):
    """What a shot into the past costs."""
    return (f"rewind, {line['players']} players: ns a lag compensated shot", line["shot_ns"], "",
            "", f"{int(line['ring_bytes']):,} bytes of where they were")


def feel_case_row(line):
    """What is felt after something went wrong, and in a full match."""
    met = "goal met" if line["met"] == "1" else "goal missed"
    name = f"feel, {line['case']}, {line['rtt_ms']} ms round trip"
    if "matched" in line:
        return (f"{name}: ticks corrected", f"{float(line['corrected_ticks_share']):.1%}", "", "",
                f"{met}; p99 {line['correction_p99']} tiles; snapshots as predicted "
                f"{line['matched']}, input late {line['late']}, touched by others "
                f"{line['touched']}, diverging {line['diverging']}")
    return (f"{name}: inputs used", f"{float(line['inputs_used']):.1%}", f"was: {line['was']}", "",
            f"{met}; closed: {line['closed']}; margin {line['margin_ticks']} ticks; largest step "
            f"of what is drawn {line['step_ticks']} ticks")


def feel_row(line):
    """What a line costs, by simulation."""
    if "case" in line:
        return feel_case_row(line)
    met = "goals met" if line["met"] == "1" else "goals missed"
    return (f"feel, {line['rtt_ms']} ms round trip, jitter {line['jitter_ms']} ms: rail shots that "
            "hit", f"{float(line['hit_share']):.1%}", f"was: {line['was']}", "",
            f"{met}; {float(line['hollow_share']):.1%} of hit marks denied; of bolts marked "
            f"{float(line['bolt_share']):.1%} hit, of those drawn to hit "
            f"{float(line['bolt_seen_share']):.1%} (judged in the present "
            f"{float(line['bolt_present_share']):.1%}); "
            f"{float(line['corrected_ticks_share']):.1%} of ticks corrected; "
            f"{line['underruns_per_min']} underruns a minute; own motion after "
            f"{line['motion_p50_ms']} ms, p95 {line['motion_p95_ms']}")


def enet_row(line):
    """What a player over ENet costs the server."""
    return (f"enet, {line['players']} players over {line['transport']}: us of CPU a player-second",
            line["cpu_us_per_player_s"], f"datagrams alone {line['floor_us_per_player_s']}",
            line["ratio"], f"{line['dropped_ticks']} ticks dropped; {line['in_bytes']} bytes an "
            f"input, {line['out_bytes']} a snapshot")


def loss_row(line):
    """How old the newest snapshot is where packets get lost."""
    timers = {"kernel": "a kernel without TCP_RTO_MIN_US", "none": "ENet"}
    rto_min = timers.get(line["rto_min"], line["rto_min"])
    return (f"loss, {line['players']} players, {line['loss_percent']}% lost each way, {rto_min}: "
            "ms of age of the newest snapshot, p99", f"{float(line['age_p99_ms']):.0f}",
            "goal 117" if "met" in line and line["loss_percent"] == "10" else "", "",
            f"p99 {float(line['interval_p99_ms']):.0f} ms between two, {line['drops']} drops")


def feel_page_row(line):
    """From a key to the screen."""
    return (f"feel-page, {line['rtt_ms']} ms round trip, jitter {line['jitter_ms']} ms: ms from "
            "key to own motion, p50", line["motion_p50_ms"], f"goal {line['goal_p50_ms']}", "",
            f"p95 {line['motion_p95_ms']}, goal {line['goal_p95_ms']}; "
            f"{float(line['corrected']):.1%} of snapshots corrected")


ROWS = {"exchange": exchange_row, "echo": echo_row, "idle": idle_row, "codec": codec_row,
        "storm": storm_row, "hash": hash_row, "fps": fps_row,
        "replay": replay_row, "rewind": rewind_row, "feel": feel_row, "loss": loss_row,
        "enet": enet_row,
        "feel-page": feel_page_row}


def read(path):
    """Each line as its pairs."""
    with open(path, encoding="utf-8") as file:
        return [{key: value.strip('"') for key, value in PAIR.findall(text)} for text in file]


def rows_of(lines):
    """The rows of the table, in the order of the lines."""
    peers = [line for line in lines if line["bench"] == "peers" and "cpu_us_per_player_s" in line]
    for line in lines:
        name = line["bench"]
        if "failed" in line:
            yield name, "failed", "", "", ""
        elif "skipped" in line:
            yield f"{name}, {line['peer']}", "skipped", "", "", line["skipped"]
        elif name == "peers":
            if len(peers) == 2 and line is peers[1]:
                yield from peers_rows(*peers)
        else:
            yield ROWS[name](line)


def table(lines, commit):
    """The whole section."""
    machine = next((line["machine"] for line in lines if "machine" in line), "unknown")
    load = os.getloadavg()[2]
    today = datetime.date.today().isoformat()
    text = (f"Of {today}, commit `{commit}`, on {machine}; load of the machine over the last "
            f"15 minutes {load:.1f}, the run's own included.\n\n"
            "| what | Skirmish | reference | ratio | |\n|---|--:|--:|--:|---|\n")
    return text + "".join(f"| {' | '.join(row)} |\n" for row in rows_of(lines))


def main():
    """Prints or writes."""
    lines = read(sys.argv[1])
    section = table(lines, sys.argv[2])
    if len(sys.argv) == 3:
        print(section, end="")
        return
    with open(sys.argv[3], encoding="utf-8") as file:
        head, rest = file.read().split(BEGIN)
    tail = rest.split(END)[1]
    with open(sys.argv[3], "w", encoding="utf-8") as file:
        file.write(head + BEGIN + section + END + tail)


main()
