// Runs llama.cpp and Hadal on the same GGUF file in turn and prints both speeds and their ratio.
import {execFileSync} from "node:child_process";
import {writeFileSync} from "node:fs";
import {basename, dirname, join, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {parseArgs} from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const usage = "usage: bench/peer-llamacpp/run FILE.gguf [-p 512] [-n 32] [-d 0,4096] [-t 2] [-r 3] [--profile int8] [--svg FILE]";

function options() {
    try {
        const {values, positionals} = parseArgs({
            allowPositionals: true,
            options: {
                "n-prompt": {type: "string", short: "p", default: "512"},
                "n-gen": {type: "string", short: "n", default: "32"},
                "n-depth": {type: "string", short: "d", default: "0"},
                threads: {type: "string", short: "t", default: "2"},
                // llama.cpp takes activations to 8 bits as well.
                profile: {type: "string", default: "int8"},
                svg: {type: "string"},
                rounds: {type: "string", short: "r", default: "3"}
            }
        });
        const numbers = [values["n-prompt"], values["n-gen"], values.threads, values.rounds];
        if (positionals.length !== 1 || !numbers.every((n) => /^[1-9]\d*$/.test(n))) {
            throw new Error("one file and whole numbers are needed");
        }
        if (!/^\d+(,\d+)*$/.test(values["n-depth"])) {
            throw new Error(`-d is ${values["n-depth"]}; give numbers of tokens, such as 0,4096`);
        }
        return {...values, file: resolve(positionals[0])};
    } catch (error) {
        console.error(`${error.message}\n${usage}`);
        process.exit(2);
    }
}

const given = options();
const prefill = given["n-prompt"];
const decode = given["n-gen"];
const depths = given["n-depth"];

function output(command, args) {
    return JSON.parse(execFileSync(command, args, {stdio: ["ignore", "pipe", "inherit"], encoding: "utf8"}));
}

function llama() {
    const found = output("node", [join(here, "llama.mjs"), given.file, prefill, decode, given.threads, depths]);
    return Object.fromEntries(
        found.flatMap((one) => [
            [`prefill ${prefill} at ${one.depth}`, one.prefill],
            [`decode ${decode} at ${one.depth}`, one.decode]
        ])
    );
}

function hadal() {
    const found = output(join(here, "../../hadal"), [
        ...["bench", given.file, "--json", "-r", "1"],
        ...["-p", prefill, "-n", decode, "-d", depths, "-t", given.threads, "--profile", given.profile]
    ]);
    const speeds = Object.fromEntries(
        found.results.map((one) => [
            `${one.n_gen > 0 ? "decode" : "prefill"} ${one.n_gen || one.n_prompt} at ${one.n_depth}`,
            one.tokens_per_second.median
        ])
    );
    return {speeds, bandwidth: found.memory_bytes_per_second.median, active: found.active_weight_bytes_per_token};
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];

const rounds = [];
for (let round = 1; round <= Number(given.rounds); round++) {
    if (process.stderr.isTTY) {
        process.stderr.write(`round ${round} of ${given.rounds}\r`);
    }
    rounds.push({llama: llama(), hadal: hadal()});
}

const bandwidth = median(rounds.map((round) => round.hadal.bandwidth));
const active = rounds[0].hadal.active;
const plotted = [];
const rows = Object.keys(rounds[0].llama).map((test) => {
    const theirs = median(rounds.map((round) => round.llama[test]));
    const ours = median(rounds.map((round) => round.hadal.speeds[test]));
    const ratio = median(rounds.map((round) => round.hadal.speeds[test] / round.llama[test]));
    const share = test.startsWith("decode") ? `${((100 * ours * active) / bandwidth).toFixed(0)} %` : "";
    plotted.push({test, theirs, ours, ratio});
    return [test, theirs.toFixed(1), ours.toFixed(1), `${ratio.toFixed(2)}x`, share];
});
const table = [["test", "llama.cpp", "Hadal", "ratio", "of bandwidth"], ...rows];
const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
console.log(`${given.file}, ${given.threads} threads, profile ${given.profile}, tokens/s, median of ${given.rounds} rounds in turn`);
console.log(`memory: ${(bandwidth / 1e9).toFixed(1)} GB/s; ${(active / 1e6).toFixed(0)} MB of weights a token\n`);
for (const row of table) {
    console.log(row.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join("  "));
}

// Two bars a test, each pair on a scale of its own: prefill and decode have nothing in common but the ratio.
function svg(title, pairs) {
    const left = 170;
    const width = 360;
    const height = 58;
    const bars = pairs.flatMap(({test, theirs, ours, ratio}, row) => {
        const y = 56 + row * height;
        const scale = width / Math.max(theirs, ours);
        const bar = (at, value, colour, label) => [
            `<rect x="${left}" y="${at}" width="${(value * scale).toFixed(1)}" height="18" fill="${colour}"/>`,
            `<text x="${(left + value * scale + 6).toFixed(1)}" y="${at + 14}">${label}</text>`
        ];
        return [
            `<text x="${left - 10}" y="${y + 24}" text-anchor="end">${test}</text>`,
            ...bar(y, theirs, "#9aa5b1", `llama.cpp ${theirs.toFixed(1)}`),
            ...bar(y + 20, ours, "#1f6feb", `Hadal ${ours.toFixed(1)} (${ratio.toFixed(2)}x)`)
        ];
    });
    return [
        `<svg xmlns="http://www.w3.org/2000/svg" width="700" height="${70 + pairs.length * height}"`,
        ` font-family="sans-serif" font-size="13" fill="#24292f">`,
        `<rect width="100%" height="100%" fill="#ffffff"/>`,
        `<text x="16" y="28" font-size="15">${title}</text>`,
        ...bars,
        "</svg>",
        ""
    ].join("\n");
}

if (given.svg) {
    const title = `${basename(given.file)}: tokens/s, ${given.threads} threads, profile ${given.profile}`;
    writeFileSync(given.svg, svg(title, plotted));
}
